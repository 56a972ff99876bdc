import type { Readable } from 'node:stream'
import { t } from '../language.ts'
import { csvFile } from './csv-file.ts'
import type { TableColumns } from './table-csv.ts'

/** Something that has a class of the old product. */
interface OldClassLine {
  kind: string
  flowId: string | null
  iuv: string | null
  iur: string | null
  bill: string | null
  day: string | null
  cents: number | null
  classes: readonly string[]
}

const text = (title: string, value: (line: OldClassLine) => string | null, width = 24) =>
  ({ title, kind: 'text', width, value }) as const

const COLUMNS: TableColumns<OldClassLine> = [
  text(t('reporting.match.oldClassOf'), ({ kind }) => t(`reporting.match.oldClassKind.${kind}`)),
  text(t('reporting.match.flow'), ({ flowId }) => flowId, 36),
  text(t('reporting.row.iuv'), ({ iuv }) => iuv),
  text(t('reporting.row.iur'), ({ iur }) => iur),
  text(t('reporting.match.oldClassBill'), ({ bill }) => bill),
  { title: t('reporting.match.oldClassDay'), kind: 'day', width: 12, value: ({ day }) => day },
  { title: t('reporting.row.amount'), kind: 'amount', width: 14, value: ({ cents }) => cents },
  text(t('reporting.match.oldClasses'), ({ classes }) => classes.join(' '), 40),
]

/** What has classes of the old product, as CSV. It names no person. */
export const oldClassesCsv = (lines: AsyncIterable<OldClassLine>): Readable => csvFile(COLUMNS, lines)
