import { t } from '../../templates/language.ts'
import type { Problems } from '../form/field-view.ts'
import type { FlowProblem } from '../upload/new-flow.ts'
import { problemText } from '../upload/problem-text.ts'
import type { DraftProblem } from '../upload/take-draft.ts'

/** The fields of the page of a draft to which a problem belongs; the others belong to the file, which is named by its heading. */
const FIELDS: Partial<Record<(FlowProblem | DraftProblem)['kind'], 'iuf' | 'versione'>> = {
  iuf: 'iuf',
  iuf_malformed: 'iuf',
  iuf_missing: 'iuf',
  version_missing: 'versione',
  header: 'versione',
}

const OWN: Readonly<Record<string, string>> = {
  iuf: 'sheet.ask.problem.iufTaken',
  iuf_malformed: 'sheet.ask.problem.iufMalformed',
  iuf_missing: 'sheet.ask.problem.iufMissing',
  version_missing: 'sheet.ask.problem.versionMissing',
}

/** What is wrong with the answers to what a draft asks, beside the field where it is mended. */
export function draftProblems(
  problem: FlowProblem | DraftProblem,
  { codIpa, iuf, versione }: { codIpa: string; iuf: string; versione: string },
): Problems {
  const key = OWN[problem.kind]
  const text =
    key === undefined
      ? problemText(problem as FlowProblem, codIpa, `${codIpa}-${iuf}-${versione}.csv`)
      : t(key)
  return { [FIELDS[problem.kind] ?? 'bozza']: text }
}
