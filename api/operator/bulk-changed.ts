import type { Preview } from '../../db/bulk/ask.ts'
import type { ChangedDue } from '../../db/bulk/changed.ts'
import type { Seen } from '../../domain/bulk/acts.ts'
import { euro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

/** A result that is another one than the page showed. */
export interface Changed {
  seen: Seen
  preview: Preview
  /** Some of the dues that make it so. */
  dues: readonly ChangedDue[]
}

/** What changed: "+1 nuovo, −1 uscito", and the dues by name. Dues may come and go at once, so the difference alone says too little. */
export function changedView({ seen, preview: { count, cents, newer }, dues }: Changed) {
  const came = Math.max(newer, count - seen.count)
  const gone = seen.count + came - count
  const parts = [
    ...(came > 0 ? [t('bulk.changed.came', { count: came })] : []),
    ...(gone > 0 ? [t('bulk.changed.gone', { count: gone })] : []),
    ...(came === 0 && gone === 0 ? [t('bulk.changed.sum', { importo: euro(cents - seen.cents) })] : []),
  ]
  return {
    text: t('bulk.confirm.changed', { what: parts.join(', ') }),
    dues: dues.map(({ how, causale, anagrafica, importoCents }) =>
      t(`bulk.changed.due.${how}`, { causale, debtor: anagrafica, importo: euro(importoCents) }),
    ),
  }
}
