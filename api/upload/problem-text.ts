import { flowBase } from '../../domain/flow/name.ts'
import { isOneOf } from '../../domain/table.ts'
import { t } from '../../templates/language.ts'
import type { UploadLimits } from './limits.ts'
import type { FlowProblem } from './new-flow.ts'
import { OPERATOR_PROBLEMS, type OperatorProblem, type SentProblem } from './take-sent.ts'

/** The sentence for people: why a file is refused, and what to do. */
export function problemText(problem: FlowProblem, codIpa: string, fileName: string): string {
  const base = flowBase(fileName)
  const format = /\d_\d/.exec(base.split('-').at(-1)!)?.[0] ?? ''
  const values = { codIpa, base, format, ...problem }
  const shown = Object.entries(values).map(([name, value]) => [name, shownText(value)])
  return t(`flows.problem.${wordsOf(problem)}`, Object.fromEntries(shown))
}

/** The same for a file of an operator, who may send more kinds of files than software. */
export const sentProblemText = (problem: SentProblem, codIpa: string, fileName: string): string =>
  isOfOperator(problem) ? t(`sheet.upload.problem.${problem.kind}`) : problemText(problem, codIpa, fileName)

const isOfOperator = (problem: SentProblem): problem is OperatorProblem =>
  isOneOf(OPERATOR_PROBLEMS, problem.kind)

/** The size limit of an archive in megabytes, rounded down. */
export const maxMegabytes = ({ zipBytes }: UploadLimits): number => Math.floor(zipBytes / 1024 ** 2)

/** The key of the text below `flows.problem`. */
function wordsOf(problem: FlowProblem): string {
  if (problem.kind !== 'header') return problem.kind
  if (problem.expected === '') return 'header_more'
  return problem.found === '' ? 'header_less' : 'header'
}

const MAX_SHOWN = 100

/** Text of the sender, made safe to show: on one line, without control characters, at most 100 characters. */
function shownText(value: string | number): string {
  const text = String(value).replace(/\p{C}/gu, '·')
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

/** The sentence for a form that is wrong before its file is read. */
export const formProblemText = (problem: 'too_big' | 'two_files', limits: UploadLimits): string =>
  t(`flows.problem.${problem}`, { maxMegabytes: maxMegabytes(limits) })
