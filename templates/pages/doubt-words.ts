import type { Doubt } from '../../domain/payment/known.ts'

/** A state as operators and support read it: never the last word while a person has to look. */
export function withDoubt(words: string, { unplacedCents, isUnclear }: Doubt): string {
  const added = [
    ...(unplacedCents > 0 ? ['con denaro da attribuire'] : []),
    ...(isUnclear ? ['con una ricevuta da chiarire'] : []),
  ]
  return [words, ...added].join(', ')
}
