import type { PostalAddress } from '../address.ts'
import { OUTCOMES, type Outcome } from '../payment/model.ts'
import type { PaidItem, Receipt, ReceiptInstitution, ReceiptPayer } from '../payment/receipt.ts'
import { centsOf, dayOf, optionalCents, romeTimeOf } from './values.ts'
import { child, children, optionalText, readTree, textOf, type XmlTree } from './xml-tree.ts'

/** codiceEsitoPagamento. Source: PagInf_RPT_RT_6_2_0.xsd, stCodiceEsitoPagamento. */
export const OUTCOME_CODES: Record<Outcome, string> = {
  paid: '0',
  not_paid: '1',
  partly_paid: '2',
  timed_out: '3',
  timed_out_partly: '4',
}

function outcomeOf(code: string): Outcome {
  const found = OUTCOMES.find((outcome) => OUTCOME_CODES[outcome] === code)
  if (found === undefined) throw new RangeError('codiceEsitoPagamento out of range')
  return found
}

/**
 * Reads an RT that has passed the schema.
 * @throws RangeError or IMPORTO_MALFORMED for a value that the schema would refuse
 * Source: PagInf_RPT_RT_6_2_0.xsd, ctRicevutaTelematica.
 */
export function readRt(xml: string): Receipt {
  const root = readTree(xml)
  const payment = child(root, 'datiPagamento')
  const [versante] = children(root, 'soggettoVersante')
  const dominio = child(root, 'dominio')
  return {
    domain: textOf(dominio, 'identificativoDominio'),
    issuedAt: romeTimeOf(root, 'dataOraMessaggioRicevuta'),
    rt: {
      version: optionalText(root, 'versioneOggetto'),
      station: optionalText(dominio, 'identificativoStazioneRichiedente'),
      messageId: textOf(root, 'identificativoMessaggioRicevuta'),
      requestMessageId: textOf(root, 'riferimentoMessaggioRichiesta'),
      requestedOn: dayOf(root, 'riferimentoDataRichiesta'),
    },
    outcome: outcomeOf(textOf(payment, 'codiceEsitoPagamento')),
    totalCents: centsOf(payment, 'importoTotalePagato'),
    iuv: textOf(payment, 'identificativoUnivocoVersamento'),
    attemptCode: textOf(payment, 'CodiceContestoPagamento'),
    attesting: body(child(root, 'istitutoAttestante'), 'Attestante'),
    beneficiary: body(child(root, 'enteBeneficiario'), 'Beneficiario'),
    versante: versante ? subject(versante, 'Versante') : null,
    pagatore: subject(child(root, 'soggettoPagatore'), 'Pagatore'),
    items: children(payment, 'datiSingoloPagamento').map(item),
  }
}

function item(single: XmlTree): PaidItem {
  return {
    cents: centsOf(single, 'singoloImportoPagato'),
    outcomeText: optionalText(single, 'esitoSingoloPagamento'),
    outcomeOn: dayOf(single, 'dataEsitoSingoloPagamento'),
    iur: textOf(single, 'identificativoUnivocoRiscossione'),
    causale: textOf(single, 'causaleVersamento'),
    datiSpecificiRiscossione: textOf(single, 'datiSpecificiRiscossione'),
    feeCents: optionalCents(single, 'commissioniApplicatePSP'),
    attachment: attachmentOf(single),
  }
}

function attachmentOf(single: XmlTree): PaidItem['attachment'] {
  const [found] = children(single, 'allegatoRicevuta')
  return found
    ? {
        kind: optionalText(found, 'tipoAllegatoRicevuta') ?? '',
        content: optionalText(found, 'testoAllegato') ?? '',
      }
    : null
}

function body(of: XmlTree, role: 'Attestante' | 'Beneficiario'): ReceiptInstitution {
  const id = child(of, `identificativoUnivoco${role}`)
  return {
    tipo: textOf(id, 'tipoIdentificativoUnivoco'),
    codice: textOf(id, 'codiceIdentificativoUnivoco'),
    name: textOf(of, `denominazione${role}`),
    unitCode: optionalText(of, `codiceUnitOper${role}`),
    unit: optionalText(of, `denomUnitOper${role}`),
    ...address(of, role),
  }
}

function subject(of: XmlTree, role: 'Versante' | 'Pagatore'): ReceiptPayer {
  const id = child(of, `identificativoUnivoco${role}`)
  return {
    tipo: textOf(id, 'tipoIdentificativoUnivoco'),
    codice: textOf(id, 'codiceIdentificativoUnivoco'),
    name: textOf(of, `anagrafica${role}`),
    email: optionalText(of, `e-mail${role}`),
    ...address(of, role),
  }
}

function address(of: XmlTree, role: string): PostalAddress {
  return {
    indirizzo: optionalText(of, `indirizzo${role}`),
    civico: optionalText(of, `civico${role}`),
    cap: optionalText(of, `cap${role}`),
    localita: optionalText(of, `localita${role}`),
    provincia: optionalText(of, `provincia${role}`),
    nazione: optionalText(of, `nazione${role}`),
  }
}
