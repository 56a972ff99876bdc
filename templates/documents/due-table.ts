import type { Doubt } from '../../domain/payment/known.ts'
import type { DueState } from '../../domain/states.ts'
import { dueChip } from '../due-words.ts'
import { t } from '../language.ts'
import type { TableColumns } from './table-csv.ts'

/** A due in a file for people. */
export interface ListedDue extends Doubt {
  iud: string
  iuv: string | null
  codice: string
  anagrafica: string
  causale: string
  importoCents: number
  dueOn: string | null
  state: DueState
  isExpired: boolean
  dueTypeName: string
  changedAt: string
}

/** The columns of every file of dues that people open in a spreadsheet. */
export const DUE_COLUMNS: TableColumns<ListedDue> = [
  { title: t('dues.csv.iud'), kind: 'text', width: 24, value: (due) => due.iud },
  { title: t('dues.csv.iuv'), kind: 'text', width: 22, value: (due) => due.iuv },
  { title: t('dues.csv.codice'), kind: 'text', width: 20, value: (due) => due.codice },
  { title: t('dues.csv.debtor'), kind: 'text', width: 32, value: (due) => due.anagrafica },
  { title: t('dues.csv.causale'), kind: 'text', width: 44, value: (due) => due.causale },
  { title: t('dues.csv.importo'), kind: 'amount', width: 14, value: (due) => due.importoCents },
  { title: t('dues.csv.dueOn'), kind: 'day', width: 12, value: (due) => due.dueOn },
  { title: t('dues.csv.state'), kind: 'text', width: 22, value: (due) => dueChip(due).text },
  { title: t('dues.csv.tipo'), kind: 'text', width: 28, value: (due) => due.dueTypeName },
  { title: t('dues.csv.changedAt'), kind: 'instant', width: 18, value: (due) => due.changedAt },
]
