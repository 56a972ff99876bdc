import {
  MOST_WHY,
  mustSayWhy,
  mustTypeNumber,
  readWhy,
  typedNumber,
  type BulkKind,
} from '../../domain/bulk/acts.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type FieldView, type Problems, type Typed } from '../form/field-view.ts'
import { trimmedText } from '../form/read-request.ts'

/** Where the dues come from that somebody is about to do something to. */
export type DuesFrom = 'all' | 'chosen' | 'flow'

/** An act on many dues before it is confirmed. */
interface Braked {
  kind: BulkKind
  from: DuesFrom
  /** The number of dues that the page shows. */
  count: number
}

/** The fields that slow down who does something to many dues: their number, and why. */
export function brakeFields(
  { kind, count }: Pick<Braked, 'kind' | 'count'>,
  typed: Typed,
  problems: Problems,
): FieldView[] {
  return [
    ...(mustTypeNumber(kind, count) ? [numberField(kind, typed, problems)] : []),
    ...(kind === 'cancel' ? [whyField(mustSayWhy(kind, count), typed, problems)] : []),
  ]
}

const numberField = (kind: BulkKind, typed: Typed, problems: Problems): FieldView =>
  fieldView(
    { id: 'numero', label: t(`bulk.confirm.number.${kind}`), inputMode: 'numeric', maxLength: 12 },
    typed,
    problems,
  )

export const whyField = (required: boolean, typed: Typed, problems: Problems): FieldView =>
  fieldView(
    { id: 'perche', label: t('bulk.why.label'), help: t('bulk.why.help'), maxLength: MOST_WHY, required },
    typed,
    problems,
  )

/** Reads the reason for a cancellation. */
export function sentWhy(typed: Typed, isRequired: boolean): { why: string | null; problems: Problems } {
  const read = readWhy(trimmedText(typed, 'perche'), isRequired)
  return 'fault' in read
    ? { why: null, problems: { perche: t(`bulk.why.problem.${read.fault}`) } }
    : { ...read, problems: {} }
}

/**
 * Reads both fields.
 * @param seen what the page showed that was sent; @param count the number of the dues now, which a problem names
 */
export function readBrakes(
  typed: Typed,
  { kind, from, count }: Braked,
  seen: number,
): { why: string | null; problems: Problems } {
  const said = kind === 'cancel' ? sentWhy(typed, mustSayWhy(kind, seen)) : { why: null, problems: {} }
  const number = typedNumber(trimmedText(typed, 'numero'))
  const isRight = !mustTypeNumber(kind, seen) || number === seen
  return {
    ...said,
    problems: {
      ...(isRight ? {} : { numero: numberProblem({ kind, from, count }, number) }),
      ...said.problems,
    },
  }
}

/** The number stands above on the page. The sentence says how far off the typed one is, so that nobody corrects it without looking. */
function numberProblem({ kind, from, count }: Braked, typed: number | undefined): string {
  if (typed === undefined || typed === count) return t(`bulk.confirm.numberMissing.${kind}`)
  const off = wholeNumber(Math.abs(count - typed))
  return t(`bulk.confirm.numberWrong.${from}`, {
    typed: wholeNumber(typed),
    shown: wholeNumber(count),
    off: t(`bulk.confirm.${count > typed ? 'more' : 'fewer'}`, { off }),
  })
}
