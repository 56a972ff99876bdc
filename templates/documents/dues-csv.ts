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

/** The act on many dues that was done to all dues of a file. */
interface DoneAct {
  number: number
  operatorName: string
  why: string | null
}

/** The columns that say which act was done to the dues, who asked for it and why. */
const actColumns = ({ number, operatorName, why }: DoneAct): TableColumns<ListedDue> => [
  { title: t('dues.csv.act'), kind: 'text', width: 12, value: () => String(number) },
  { title: t('dues.csv.actBy'), kind: 'text', width: 24, value: () => operatorName },
  { title: t('dues.csv.actWhy'), kind: 'text', width: 40, value: () => why },
]

/** Dues as a CSV file for people. @param act the act that was done to all of them, if they were looked for by it */
export const duesCsvFile = (dues: AsyncIterable<ListedDue>, act?: DoneAct): Readable =>
  csvFile([...DUE_COLUMNS, ...(act ? actColumns(act) : [])], dues)

/** The same with the reasons why an act left the dues. */
export const leftDuesCsvFile = (dues: AsyncIterable<LeftDue>): Readable => csvFile(LEFT_COLUMNS, dues)
