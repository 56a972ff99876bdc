import type { Doubt } from '../../domain/payment/known.ts'
import { t } from '../language.ts'

/** A state as operators and support read it: never the last word while a person has to look. */
export function withDoubt(words: string, { unplacedCents, isUnclear }: Doubt): string {
  const added = [
    ...(unplacedCents > 0 ? [t('staff.doubt.money')] : []),
    ...(isUnclear ? [t('staff.doubt.receipt')] : []),
  ]
  return [words, ...added].join(', ')
}
