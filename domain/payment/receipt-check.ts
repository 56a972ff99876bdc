import type { RptKey } from '../wire/nodo.ts'
import type { RtDocument } from '../wire/rt.ts'

/** What we know of the RPT an RT should answer. */
export interface RptFacts {
  messageId: string
  totalCents: number
  items: readonly { cents: number; causale: string; datiSpecificiRiscossione: string }[]
}

export type PaaFaultCode =
  | 'PAA_SINTASSI_EXTRAXSD'
  | 'PAA_ID_INTERMEDIARIO_ERRATO'
  | 'PAA_ID_DOMINIO_ERRATO'
  | 'PAA_STAZIONE_INT_ERRATA'
  | 'PAA_RPT_SCONOSCIUTA'
  | 'PAA_RT_DUPLICATA'
  | 'PAA_SINTASSI_XSD'
  | 'PAA_SEMANTICA'

/** The specification's own words, kept for parity (pagopa.md §6.2). */
export const PAA_FAULT_STRINGS: Record<PaaFaultCode, string> = {
  PAA_SINTASSI_EXTRAXSD: 'Errore di sintassi extra XSD',
  PAA_ID_INTERMEDIARIO_ERRATO: 'Identificativo intermediario non corrispondente',
  PAA_ID_DOMINIO_ERRATO: 'La PAA non corrisponde al Dominio indicato',
  PAA_STAZIONE_INT_ERRATA: 'Stazione intermediario non corrispondente',
  PAA_RPT_SCONOSCIUTA: 'La RPT risulta sconosciuta',
  PAA_RT_DUPLICATA: 'La RT è già stata accettata',
  PAA_SINTASSI_XSD: 'Errore di sintassi XSD',
  PAA_SEMANTICA: 'Errore semantico',
}

type Rule = (rt: RtDocument, rpt: RptFacts, header: RptKey) => boolean

/** Fatal rules in the order of pagopa.md §4.6, rows 6 to 9. `true` means broken; the name goes into the fault's description. */
const FATAL: Record<string, Rule> = {
  'riferimentoMessaggioRichiesta diverso dalla RPT': (rt, rpt) => rt.requestMessageId !== rpt.messageId,
  'identificativoDominio diverso dalla testata': (rt, _rpt, header) => rt.domain !== header.domain,
  'identificativoUnivocoVersamento diverso dalla testata': (rt, _rpt, header) => rt.iuv !== header.iuv,
  'codiceContestoPagamento diverso dalla testata': (rt, _rpt, header) => rt.ccp !== header.ccp,
  'datiSingoloPagamento mancanti': (rt) => moved(rt) && rt.items.length === 0,
  'numero di datiSingoloPagamento diverso dalla RPT': (rt, rpt) =>
    rt.items.length > 0 && rt.items.length !== rpt.items.length,
  'importoTotalePagato diverso dalla somma': (rt) =>
    (moved(rt) || rt.items.length > 0) && rt.totalCents !== sum(rt),
  'importoTotalePagato non zero con esito negativo': (rt) => !moved(rt) && rt.totalCents !== 0,
  'causaleVersamento diversa dalla RPT': (rt, rpt) =>
    rt.items.some((item, index) => item.causale !== rpt.items[index]?.causale),
}

const moved = (rt: RtDocument): boolean => rt.outcome === 0 || rt.outcome === 2 || rt.outcome === 4
const sum = (rt: RtDocument): number => rt.items.reduce((total, item) => total + item.cents, 0)

/** The first fatal rule the RT breaks, in words; `undefined` when it may settle. Source: pagopa.md §4.6. */
export function brokenRule(rt: RtDocument, rpt: RptFacts, header: RptKey): string | undefined {
  return Object.entries(FATAL).find(([, isBroken]) => isBroken(rt, rpt, header))?.[0]
}

/** Oddities that never refuse an RT (row 10): recorded as notes. */
export function oddities(rt: RtDocument, rpt: RptFacts): string[] {
  const found: string[] = []
  rt.items.forEach((item, index) => {
    const asked = rpt.items[index]
    if (asked && item.datiSpecificiRiscossione !== asked.datiSpecificiRiscossione)
      found.push('dati_specifici_riscossione')
    if (item.cents === 0 && item.outcomeText === null) found.push('esito_singolo_mancante')
    if (item.cents > 0 && item.iur === 'n/a') found.push('iur_mancante')
  })
  return [...new Set(found)]
}

/** Who gets the receipt mail: the payer's address in the RT, else in the RPT, and the versante's when it differs. */
export function receiptAddresses(
  rt: RtDocument,
  fallback: { pagatore: string | null; versante: string | null },
): string[] {
  const addresses = [rt.pagatore.email ?? fallback.pagatore, rt.versante?.email ?? fallback.versante]
  return [...new Set(addresses.filter((a) => a !== null).map((a) => a.toLowerCase()))]
}
