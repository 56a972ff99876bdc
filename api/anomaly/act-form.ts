import { z } from 'zod'
import type { AnomalyAct } from '../../domain/anomaly/acts.ts'
import { t } from '../../templates/language.ts'
import type { FieldInput, Option, Problems } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'

/** The end of the address of each act. */
export const SLUGS: Record<AnomalyAct, string> = {
  give: 'attribuisci',
  return: 'da-restituire',
  returned: 'restituito',
  undo: 'non-restituire',
  make_payable: 'rendi-pagabile',
  ask_node: 'chiedi',
  accept: 'accetta',
  reconcile: 'riconcilia',
}

const MOST_REASON = 500
const MOST_REFERENCE = 140

type Asked = 'due' | 'reason' | 'reference'

/** What the form of each act asks for. */
const ASKS: Record<AnomalyAct, readonly Asked[]> = {
  give: ['due', 'reason'],
  return: ['reason'],
  returned: ['reference'],
  undo: ['reason'],
  make_payable: ['reason'],
  ask_node: [],
  accept: ['reason'],
  reconcile: [],
}

// Several forms stand on one page, so the name of each field has its act.
const idOf = (act: AnomalyAct, asked: Asked): string =>
  `${{ due: 'dovuto', reason: 'motivo', reference: 'riferimento' }[asked]}-${SLUGS[act]}`

/** The fields of the form of an act. @param dues the choices of the due that gets the money */
export const fieldsOf = (act: AnomalyAct, dues: readonly Option[]): FieldInput[] =>
  ASKS[act].map((asked) => ({
    id: idOf(act, asked),
    label: t(`anomaly.field.${asked}`),
    help: asked === 'reference' ? t('anomaly.field.referenceHelp') : null,
    maxLength: asked === 'reference' ? MOST_REFERENCE : MOST_REASON,
    ...(asked === 'due' ? { options: dues } : {}),
  }))

export interface TypedAct {
  dueId: string | null
  reason: string
  reference: string
  problems: Problems
}

/** Reads the form of an act. A blank field is a problem of that field. */
export function readAct(act: AnomalyAct, typed: Typed): TypedAct {
  const read = (asked: Asked): string =>
    ASKS[act].includes(asked) ? trimmedText(typed, idOf(act, asked)) : ''
  const values = { due: read('due'), reason: read('reason'), reference: read('reference') }
  const problems = Object.fromEntries(
    ASKS[act].flatMap((asked) => {
      const problem = problemOf(asked, values[asked])
      return problem === null ? [] : [[idOf(act, asked), problem]]
    }),
  )
  return { dueId: values.due || null, reason: values.reason, reference: values.reference, problems }
}

function problemOf(asked: Asked, text: string): string | null {
  const isMissing = asked === 'due' ? !z.uuid().safeParse(text).success : text === ''
  if (isMissing) return t(`anomaly.problem.${asked}`)
  const most = asked === 'reference' ? MOST_REFERENCE : MOST_REASON
  return text.length > most ? t('anomaly.problem.long', { most }) : null
}
