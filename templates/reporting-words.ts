import { formatDay } from '../domain/calendar.ts'
import { euro } from './format.ts'
import { t, tOr } from './language.ts'

const NONE = '–'

/** What pagoPA says became of a reported payment, in words. */
export const codeText = (code: string): string =>
  tOr(`reporting.code.${code}`, t('reporting.code.unknown', { code }))

/** A reported amount; one that is no number of cents as it came. */
export const reportedAmount = (row: { importoCents: number | null; amountText: string | null }): string =>
  row.importoCents === null ? (row.amountText ?? NONE) : euro(row.importoCents)

/** The name of a PSP with its code, or the code alone. */
export const pspText = ({ pspId, pspName }: { pspId: string; pspName: string | null }): string =>
  pspName === null ? pspId : `${pspName} (${pspId})`

/** A row of a flow, as the timelines of dues and payments need it. */
interface Reported {
  codIpa: string
  flowId: string
  pspId: string
  pspName: string | null
  regulation: string | null
  regulatedOn: string | null
  position: number
  importoCents: number | null
  amountText: string | null
  code: string
}

/** "Rendicontato da Banca (ABI): 24,50 €, 0 · pagato; bonifico 123 del 14/07/2026", and the address of the flow at this row. */
export const reportedLine = (row: Reported): { text: string; link: { href: string; text: string } } => ({
  text: t('reporting.told.line', {
    psp: pspText(row),
    importo: reportedAmount(row),
    code: codeText(row.code),
    regulation: row.regulation ?? NONE,
    day: row.regulatedOn === null ? NONE : formatDay(row.regulatedOn),
  }),
  link: { href: rowHref(row), text: t('reporting.told.open') },
})

/** The page of a flow that begins with this row. */
function rowHref({ codIpa, flowId, position }: Reported): string {
  const href = `/operatore/${codIpa}/rendicontazione/${flowId}`
  return position > 1 ? `${href}?dopo=${position - 1}&riga=${position}` : href
}
