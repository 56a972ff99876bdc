import type { Readable } from 'node:stream'
import type { RowClass } from '../../domain/reporting/row-class.ts'
import { t, tOr } from '../language.ts'
import { csvFile } from './csv-file.ts'
import type { TableColumns } from './table-csv.ts'

/** A reported payment in a file for people. */
export interface MatchLine {
  flowId: string
  position: number
  iuv: string
  iur: string
  importoCents: number | null
  code: string
  paidOn: string | null
  class: RowClass | null
  places: Partial<Record<string, number>>
  causale: string | null
  dueTypeName: string | null
  decision: { kind: string; reason: string } | null
  /** Every class that the old product gave it. */
  oldClasses: readonly string[]
}

const text = (title: string, value: (row: MatchLine) => string | null, width = 24) =>
  ({ title, kind: 'text', width, value }) as const
const cents = (place: string) =>
  ({
    title: t(`reporting.match.place.${place}`),
    kind: 'amount',
    width: 16,
    value: ({ places }: MatchLine) => places[place] ?? null,
  }) as const

const COLUMNS: TableColumns<MatchLine> = [
  text(t('reporting.match.flow'), ({ flowId }) => flowId),
  { title: t('reporting.row.number'), kind: 'count', width: 8, value: ({ position }) => position },
  text(t('reporting.row.iuv'), ({ iuv }) => iuv),
  text(t('reporting.row.iur'), ({ iur }) => iur),
  { title: t('reporting.row.amount'), kind: 'amount', width: 14, value: ({ importoCents }) => importoCents },
  text(t('reporting.row.code'), ({ code }) =>
    tOr(`reporting.code.${code}`, t('reporting.code.unknown', { code })),
  ),
  { title: t('reporting.row.paidOn'), kind: 'day', width: 12, value: ({ paidOn }) => paidOn },
  text(t('reporting.match.class'), (row) => t(`reporting.class.${row.class ?? 'pending'}.name`)),
  text(t('reporting.match.open'), (row) => t(`reporting.class.${row.class ?? 'pending'}.what`), 60),
  cents('placed'),
  cents('awaited'),
  cents('unplaced'),
  cents('decided'),
  cents('elsewhere'),
  cents('revoked'),
  text(t('reporting.row.due'), ({ causale }) => causale, 40),
  text(t('anomaly.fact.dueType'), ({ dueTypeName }) => dueTypeName),
  text(t('reporting.match.decided'), ({ decision }) =>
    decision ? t(`reporting.match.decision.${decision.kind}`) : null,
  ),
  text(t('reporting.match.reason'), ({ decision }) => decision?.reason ?? null, 40),
  text(t('reporting.match.oldClasses'), ({ oldClasses }) => oldClasses.join(' '), 40),
]

/** Reported payments with what they are found to be, as CSV for people. */
export const matchesCsv = (rows: AsyncIterable<MatchLine>): Readable => csvFile(COLUMNS, rows)
