import type { Readable } from 'node:stream'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import { t } from '../language.ts'
import { codeText } from '../reporting-words.ts'
import { csvFile } from './csv-file.ts'
import type { TableColumns } from './table-csv.ts'

const COLUMNS: TableColumns<ReportedRow> = [
  { title: t('reporting.row.number'), kind: 'count', width: 8, value: ({ position }) => position },
  { title: t('reporting.row.iuv'), kind: 'text', width: 24, value: ({ iuv }) => iuv },
  { title: t('reporting.row.iur'), kind: 'text', width: 36, value: ({ iur }) => iur },
  { title: t('reporting.row.index'), kind: 'count', width: 8, value: ({ transferIndex }) => transferIndex },
  { title: t('reporting.row.amount'), kind: 'amount', width: 14, value: ({ importoCents }) => importoCents },
  {
    title: t('reporting.row.code'),
    kind: 'text',
    width: 24,
    value: ({ code }) => codeText(code),
  },
  { title: t('reporting.row.paidOn'), kind: 'day', width: 12, value: ({ paidOn }) => paidOn },
]

/** The payments of a reporting flow as CSV for people. */
export const reportedRowsCsv = (rows: AsyncIterable<ReportedRow>): Readable => csvFile(COLUMNS, rows)
