import type { TreasuryFile } from '../../db/treasury/file.ts'
import { formatInstant } from '../../domain/calendar.ts'
import type { Fault } from '../../domain/treasury/movement.ts'
import type { TreasuryProblem } from '../../domain/treasury/problem.ts'
import { fileSize, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { kindText } from './treasury-view.ts'

export function fileFacts(file: TreasuryFile) {
  const fact = (name: string, value: string) => ({ label: t(`treasury.file.fact.${name}`), value })
  return [
    fact('kind', kindText(file.kind)),
    fact('createdAt', formatInstant(file.createdAt)),
    fact('operator', file.operatorName),
    fact('size', fileSize(file.bytes)),
    ...(file.state === 'loaded' || file.state === 'withdrawn'
      ? [
          fact('movements', wholeNumber(file.movements)),
          fact('news', wholeNumber(file.news)),
          fact('faults', wholeNumber(file.faults)),
        ]
      : []),
    ...(file.withdrawnAt === null
      ? []
      : [
          fact('withdrawnAt', formatInstant(file.withdrawnAt)),
          fact('withdrawnBy', file.withdrawnByName ?? '–'),
        ]),
  ]
}

/** Why a whole statement is refused, and what to do. */
export function problemText(problem: TreasuryProblem): string {
  const values = Object.entries(problem).map(([name, value]) => [name, shown(value)])
  return t(`treasury.problem.${problem.kind}`, Object.fromEntries(values) as Record<string, string>)
}

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.slice(0, 20).map(String).join(', ') || '–' : String(value)

/** A row that was not read, where it stands, and how to mend it. */
export const faultRow = ({ place, code, field, value }: Fault) => ({
  line: place.page === null ? String(place.line) : t('treasury.file.onPage', { ...place }),
  what: t(`treasury.fault.${code}`, { field, value }),
  value,
})
