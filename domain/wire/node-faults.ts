import type { FaultMeaning } from '../payment/send.ts'

/**
 * Refusals after which no payment can follow, because the node did not take the cart. The list is closed: any other
 * code, a transport error, PPT_CANALE_TIMEOUT and "duplicated" mean *unknown*. Source:
 * docs/field/node-messages.md#faults-of-the-node.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  'PPT_SINTASSI_XSD',
  'PPT_SINTASSI_EXTRAXSD',
  'PPT_AUTENTICAZIONE',
  'PPT_AUTORIZZAZIONE',
  'PPT_SEMANTICA',
  'PPT_DOMINIO_SCONOSCIUTO',
  'PPT_DOMINIO_DISABILITATO',
  'PPT_STAZIONE_INT_PA_SCONOSCIUTA',
  'PPT_STAZIONE_INT_PA_DISABILITATA',
  'PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE',
  'PPT_STAZIONE_INT_PA_SERVIZIO_NONATTIVO',
  'PPT_STAZIONE_INT_PA_TIMEOUT',
  'PPT_STAZIONE_INT_PA_ERRORE_RESPONSE',
  'PPT_INTERMEDIARIO_PA_SCONOSCIUTO',
  'PPT_INTERMEDIARIO_PA_DISABILITATO',
  'PPT_INTERMEDIARIO_PSP_SCONOSCIUTO',
  'PPT_INTERMEDIARIO_PSP_DISABILITATO',
  'PPT_CANALE_SCONOSCIUTO',
  'PPT_CANALE_DISABILITATO',
  'PPT_CANALE_NONRISOLVIBILE',
  'PPT_CANALE_ERR_PARAM_PAG_IMM',
  'PPT_PSP_SCONOSCIUTO',
  'PPT_PSP_DISABILITATO',
  'PPT_TIPOFIRMA_SCONOSCIUTO',
  'PPT_ERRORE_FORMATO_BUSTA_FIRMATA',
  'PPT_FIRMA_INDISPONIBILE',
  'PPT_IBAN_NON_CENSITO',
])

/** The node already has this cart: an earlier send arrived. */
const ALREADY_TAKEN: ReadonlySet<string> = new Set(['PPT_RPT_DUPLICATA', 'PPT_ID_CARRELLO_DUPLICATO'])

export function meaningOf(faultCode: string): FaultMeaning {
  if (ALREADY_TAKEN.has(faultCode)) return 'already'
  return REFUSALS.has(faultCode) ? 'refused' : 'unknown'
}
