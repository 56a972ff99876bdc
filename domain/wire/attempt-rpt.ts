import { romeDateTime, romeDay } from '../calendar.ts'
import { rptCausale } from '../causale.ts'
import { cents } from '../money.ts'
import type { AttemptDue, AttemptShare } from '../payment/attempt-parts.ts'
import type { Person } from '../person.ts'
import { buildRpt, type RptDocument } from './rpt.ts'

export interface AttemptParts {
  /** Also the message id, without dashes. */
  id: string
  cart: { now: string; versante: Person }
  lines: readonly { item: AttemptDue; share: AttemptShare }[]
  iuv: string
  attemptCode: string
  station: string
  position: number
  /** BBT: the payer chooses on the node's pages. PO: a PSP already has the notice. */
  tipoVersamento: RptDocument['tipoVersamento']
}

/** An RPT of one domain and one payer: its row, and the document, not yet validated. */
export function attemptOfLines({
  id,
  cart,
  lines,
  iuv,
  attemptCode,
  station,
  position,
  tipoVersamento,
}: AttemptParts) {
  const { item, share } = lines[0]!
  const messageId = id.replaceAll('-', '')
  const items = lines.map((line) => ({
    shareId: line.share.id,
    dueId: line.item.dueId,
    cents: line.share.cents,
    causale: rptCausale({ iuv, importo: cents(line.share.cents), text: line.share.causale }),
    datiSpecificiRiscossione: line.share.datiSpecificiRiscossione,
  }))
  const xml = buildRpt({
    domain: share.domain,
    station,
    messageId,
    requestedAt: romeDateTime(cart.now),
    executeOn: romeDay(cart.now),
    authentication: 'OTH',
    versante: cart.versante,
    pagatore: item.pagatore,
    beneficiary: beneficiaryOf(item, share),
    tipoVersamento,
    iuv,
    ccp: attemptCode,
    items: lines.map((line, index) => ({
      ...items[index]!,
      iban: line.share.iban,
      ibanAppoggio: share.domain === item.ente.codiceFiscale ? item.ente.ibanPostale : null,
    })),
  })
  const row = {
    id,
    position,
    domain: share.domain,
    enteId: share.enteId,
    iuv,
    attemptCode,
    messageId,
    totalCents: items.reduce((total, one) => total + one.cents, 0),
    pagatoreEmail: item.pagatore.email ?? null,
    items,
  }
  return { row, document: new TextEncoder().encode(xml) }
}

function beneficiaryOf({ ente }: AttemptDue, share: AttemptShare): RptDocument['beneficiary'] {
  if (share.domain !== ente.codiceFiscale) return { codiceFiscale: share.domain, name: share.enteName }
  const { indirizzo, civico, cap, localita, provincia, nazione } = ente
  const address = { indirizzo, civico, cap, localita, provincia, nazione }
  const given = Object.entries(address).map(([field, value]) => [field, value ?? undefined])
  return { codiceFiscale: ente.codiceFiscale, name: ente.name, ...Object.fromEntries(given) }
}
