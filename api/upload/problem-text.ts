import { fill, UPLOAD_PROBLEMS } from '../../templates/pages/operatore/words.ts'
import type { UploadLimits } from './limits.ts'
import type { FlowProblem } from './take-flow.ts'

/** Why a file is not taken, and what to do. */
export function problemText(problem: FlowProblem, codIpa: string, fileName: string): string {
  const base = fileName.replace(/\.zip$/i, '')
  const values = { codIpa, base, format: base.split('-').at(-1) ?? '', ...problem }
  return fill(UPLOAD_PROBLEMS[problem.kind]!, values)
}

export const maxMegabytes = ({ zipBytes }: UploadLimits): number => Math.floor(zipBytes / 1024 ** 2)

/** What is wrong with a form before its file is looked at. */
export const formProblemText = (problem: 'too_big' | 'two_files', limits: UploadLimits): string =>
  fill(UPLOAD_PROBLEMS[problem]!, { maxMegabytes: maxMegabytes(limits) })
