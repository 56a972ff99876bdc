import { MOST_COMPARED, ODDITIES, type FlowFindings, type Oddity } from '../../domain/flow/findings.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

export interface FindingsView {
  facts: { label: string; value: string }[]
  /** Sentences about rows that a person should look at; no row is refused for them. */
  warnings: string[]
}

/**
 * The sum with its extremes, and the rows to look at.
 * @param numberOf the number of a row as its sender knows it
 * @param alike the sentence about doubles: a preview knows only those inside the sheet
 */
export function findingsView(
  findings: FlowFindings | null,
  { numberOf, alike }: { numberOf: (row: number) => number; alike: 'flow' | 'sheet' },
): FindingsView {
  if (!findings || findings.rows === 0) return { facts: [], warnings: [] }
  const { rows, totalCents, lowest, highest } = findings
  const amountAt = (extreme: { row: number; cents: number } | null): string =>
    extreme
      ? t('flows.finding.at', { importo: euro(extreme.cents), row: wholeNumber(numberOf(extreme.row)) })
      : '–'
  const keyOf = (oddity: Oddity): string => (oddity === 'alike' ? `alike.${alike}` : oddity)
  return {
    facts: [
      {
        label: t('flows.finding.total'),
        value: t('flows.finding.of', { importo: euro(totalCents), count: rows, shown: wholeNumber(rows) }),
      },
      { label: t('flows.finding.lowest'), value: amountAt(lowest) },
      { label: t('flows.finding.highest'), value: amountAt(highest) },
    ],
    warnings: ODDITIES.flatMap((oddity) => {
      const { count, rows: named } = findings[oddity]
      if (count === 0) return []
      const values = { count, shown: wholeNumber(count), rows: rowsText(named.map(numberOf), count) }
      return [t(`flows.finding.${keyOf(oddity)}`, values)]
    }),
  }
}

/** That doubles of other dues are not looked for while so large a file loads, and how to find them. */
export const notComparedText = (): string =>
  t('flows.finding.notCompared', { most: MOST_COMPARED / 1024 ** 2 })

/** "righe 7, 9, 12 e altre 3" */
export function rowsText(rows: readonly number[], count: number): string {
  const named = rows.map(wholeNumber).join(', ')
  const more = count - rows.length
  return t(more > 0 ? 'flows.finding.rowsAndMore' : 'flows.finding.rows', {
    count: rows.length,
    rows: named,
    more: wholeNumber(more),
  })
}
