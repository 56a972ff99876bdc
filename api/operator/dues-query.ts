import { z } from 'zod'
import type { DueFilter, DueStateFilter } from '../../db/due/dues.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvOfNotice } from '../../domain/iuv.ts'
import { MAX_IMPORTO, parseTypedImporto } from '../../domain/money.ts'
import { dayText } from '../list/day-filter.ts'
import { wordFilter } from '../list/word-filter.ts'

const STATES: readonly DueStateFilter[] = ['payable', 'expired', 'paying', 'paid', 'cancelled']

/** What a list of dues is asked for, as the address carries it. */
export const DuesQuery = z.object({
  vista: z.enum(['online', 'archivio']).catch('online'),
  iuv: wordFilter(40),
  iud: wordFilter(35),
  debitore: wordFilter(70),
  causale: wordFilter(140),
  flusso: wordFilter(150),
  tipo: wordFilter(64),
  stato: z.enum(['', ...STATES]).catch(''),
  dal: dayText,
  al: dayText,
  'importo-da': wordFilter(20),
  'importo-a': wordFilter(20),
  dopo: z.uuid().optional().catch(undefined),
})

export type DuesQuery = z.output<typeof DuesQuery>

const given = (text: string): string | undefined => (text === '' ? undefined : text)

export function dueFilter(query: DuesQuery): DueFilter {
  return {
    archive: query.vista === 'archivio',
    iuvs: query.iuv === '' ? undefined : iuvsOf(query.iuv),
    iud: given(iudOf(query.iud)),
    payer: given(query.debitore),
    causale: given(query.causale),
    flow: given(query.flusso),
    dueType: given(query.tipo),
    state: query.stato === '' ? undefined : query.stato,
    from: given(query.dal),
    to: given(query.al),
    minCents: centsOf(query['importo-da']),
    maxCents: centsOf(query['importo-a']),
  }
}

/** An IUV, or the number printed on a notice. */
function iuvsOf(text: string): string[] {
  const compact = text.replace(/\s/g, '').toUpperCase()
  return [...new Set([compact, iuvOfNotice(compact) ?? compact])]
}

function centsOf(text: string): number | undefined {
  const typed = parseTypedImporto(text, MAX_IMPORTO)
  return typed.ok ? typed.importo : undefined
}
