/** A refusal of the node: the faultBean of its WSDL. */
export type Fault = {
  code: string
  description?: string
  /** Position of the RPT in its cart, from 1. */
  serial?: number
}

const TEXTS: Record<string, string> = {
  PPT_SOAPACTION_ERRATA: 'SOAPAction non corrispondente alla richiesta',
  PPT_SINTASSI_EXTRAXSD: 'Errore di sintassi extra XSD',
  PPT_SINTASSI_XSD: 'Errore di sintassi XSD',
  PPT_SEMANTICA: 'Errore semantico',
  PPT_PSP_SCONOSCIUTO: 'PSP sconosciuto',
  PPT_PSP_DISABILITATO: 'PSP disabilitato',
  PPT_CANALE_SCONOSCIUTO: 'Canale sconosciuto',
  PPT_CANALE_DISABILITATO: 'Canale disabilitato',
  PPT_INTERMEDIARIO_PSP_SCONOSCIUTO: 'Intermediario PSP sconosciuto',
  PPT_INTERMEDIARIO_PSP_DISABILITATO: 'Intermediario PSP disabilitato',
  PPT_INTERMEDIARIO_PA_SCONOSCIUTO: 'Intermediario PA sconosciuto',
  PPT_INTERMEDIARIO_PA_DISABILITATO: 'Intermediario PA disabilitato',
  PPT_STAZIONE_INT_PA_SCONOSCIUTA: 'Stazione sconosciuta',
  PPT_STAZIONE_INT_PA_DISABILITATA: 'Stazione disabilitata',
  PPT_AUTENTICAZIONE: 'Errore di autenticazione',
  PPT_AUTORIZZAZIONE: 'Richiesta non autorizzata',
  PPT_DOMINIO_SCONOSCIUTO: 'Dominio sconosciuto',
  PPT_DOMINIO_DISABILITATO: 'Dominio disabilitato',
  PPT_IBAN_NON_CENSITO: 'IBAN non censito',
  PPT_RPT_DUPLICATA: 'RPT duplicata',
  PPT_ID_CARRELLO_DUPLICATO: 'Identificativo del carrello duplicato',
  PPT_MULTI_BENEFICIARIO: 'Carrello multibeneficiario non corretto',
  PPT_RPT_SCONOSCIUTA: 'RPT sconosciuta',
  PPT_RT_SCONOSCIUTA: 'RT sconosciuta',
  PPT_RT_NONDISPONIBILE: 'RT non disponibile',
  PPT_ID_FLUSSO_SCONOSCIUTO: 'Identificativo del flusso sconosciuto',
  PPT_SYSTEM_ERROR: 'Errore generico',
}

/** The elements of faultBean, in the order of the schema. */
export function faultBean({ code, description, serial }: Fault): Record<string, string | number> {
  return {
    faultCode: code,
    faultString: TEXTS[code] ?? 'Errore simulato',
    id: 'NodoDeiPagamentiSPC',
    ...(description === undefined ? {} : { description }),
    ...(serial === undefined ? {} : { serial }),
  }
}
