import type { Readable } from 'node:stream'
import { t } from '../language.ts'
import { csvFile } from './csv-file.ts'
import { DUE_COLUMNS, type ListedDue } from './due-table.ts'
import type { TableColumns } from './table-csv.ts'

/** A due that an act on many dues left, with the reason. */
type LeftDue = ListedDue & { reason: string | null }

const LEFT_COLUMNS: TableColumns<LeftDue> = [
  ...DUE_COLUMNS,
  {
    title: t('bulk.left.why'),
    kind: 'text',
    width: 40,
    value: ({ reason }) => reason && t(`bulk.reason.${reason}`),
  },
]

/** Dues as a CSV file for people. */
export const duesCsvFile = (dues: AsyncIterable<ListedDue>): Readable => csvFile(DUE_COLUMNS, dues)

/** The same with the reasons why an act left the dues. */
export const leftDuesCsvFile = (dues: AsyncIterable<LeftDue>): Readable => csvFile(LEFT_COLUMNS, dues)
