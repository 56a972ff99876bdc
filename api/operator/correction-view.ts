import type { Flow } from '../../db/flow/flow.ts'
import { MAX_IUF } from '../../domain/flow/name.ts'
import { MOST_ROWS } from '../../domain/flow/sheet/problem.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type FieldView, type Problems } from '../form/field-view.ts'
import type { FlowProblem } from '../upload/new-flow.ts'
import { problemText } from '../upload/problem-text.ts'

/** True for a file that is loaded and has rejected rows. */
export const mayBeCorrected = ({ state, rowsRejected }: Flow): boolean =>
  state === 'loaded' && rowsRejected > 0

/** The form with which the corrected rows of a file come back; null when the file has none. */
export function correctionOf(
  flow: Flow,
  { href, codIpa, iuf, isFolded }: { href: string; codIpa: string; iuf: string; isFolded: boolean },
  problems: Problems,
): {
  action: string
  iuf: FieldView
  problem: string | null
  mostRows: object
  fromSheet: boolean
  isFolded: boolean
} | null {
  if (!mayBeCorrected(flow)) return null
  const field = {
    id: 'iuf',
    label: t('flows.correction.iuf'),
    help: t('flows.correction.iufHelp', { codIpa, format: flow.format }),
    maxLength: MAX_IUF,
  }
  return {
    action: `${href}/correzione`,
    iuf: fieldView(field, { iuf }, problems),
    problem: problems['file'] ?? null,
    mostRows: { xlsx: wholeNumber(MOST_ROWS.xlsx), csv: wholeNumber(MOST_ROWS.csv) },
    fromSheet: false,
    isFolded: isFolded && Object.keys(problems).length === 0,
  }
}

/** What is wrong with a correction, beside its field. */
export function correctionProblems(
  problem: FlowProblem,
  { codIpa, iuf, format }: { codIpa: string; iuf: string; format: string },
): Problems {
  if (problem.kind === 'iuf' || problem.kind === 'iuf_malformed')
    return { iuf: t(`flows.correction.problem.${problem.kind}`) }
  return { file: problemText(problem, codIpa, `${codIpa}-${iuf}-${format}.zip`) }
}
