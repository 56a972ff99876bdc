import type { Knex } from 'knex'
import { decideRow, seenDue } from '../../domain/flow/decide.ts'
import { isDrawnIud } from '../../domain/iud.ts'
import type { StateReason } from '../../domain/flow/reason.ts'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'
import { contentHash } from '../../db/due/content-hash.ts'
import { drawIud } from './draw-iud.ts'
import { replaceDue } from '../../db/due/due.ts'
import { lockDue } from '../../db/due/lock.ts'
import { drawIuvs } from '../../db/due/counter.ts'
import { noteEvent, signedBy, type Actor } from '../../db/journal/event.ts'
import { changeDues } from '../../db/due/change-dues.ts'
import { insertDues } from '../../db/due/insert-dues.ts'
import { knownDues, lockGivenNumbers, type DueOrigin } from '../../db/due/known-dues.ts'

export type SavedDue =
  /** `id` is that of the due as it is now: a change may have replaced it. */
  | { kind: 'saved'; id: string }
  | { kind: 'reject'; reason: StateReason }
  /** The due was changed after the form was opened. */
  | { kind: 'stale' }

interface Saving {
  origin: DueOrigin & { by: Actor }
  settings: FlowSettings
  due: FlowDue
}

/**
 * Stores a due that an operator typed, by the rules of a row with action I of a file. An IUD that the form drew is no reason to refuse: the
 * same values sent twice are the due that is there already, other values are another due and get an IUD of their own.
 */
export async function insertTypedDue(
  db: Knex,
  { origin, settings, due }: Saving,
): Promise<Exclude<SavedDue, { kind: 'stale' }>> {
  return db.transaction(async (trx) => {
    await lockGivenNumbers(trx, origin.enteId)
    const known = isDrawnIud(due.iud) ? await ownKnown(trx, origin, due) : 'free'
    if (known !== 'free' && known !== 'other') return { kind: 'saved', id: known.id }
    const named = known === 'other' ? { ...due, iud: drawIud() } : due
    const decision = await decide(trx, { origin, settings, due: named }, 'I')
    if (decision.kind === 'reject') return decision
    const iuv = due.iuv ?? (due.generatesIuv ? await drawIuv(trx, settings) : undefined)
    const [id] = await insertDues(trx, origin, settings, [
      { row: 0, due: named, iuv, contentHash: contentHash(named) },
    ])
    await noteEvent(trx, { entity: 'due', entityId: id!, kind: 'made_by', data: signedBy(origin.by) })
    return { kind: 'saved', id: id! }
  })
}

/** The due that has a drawn IUD: with equal values, or with others; 'free' when there is none. */
async function ownKnown(
  trx: Knex,
  origin: DueOrigin,
  due: FlowDue,
): Promise<{ id: string } | 'free' | 'other'> {
  const known = await knownDues(trx, origin, { iuds: [due.iud], existing: [], iuvs: [] })
  const same = seenDue(known, due.iud)
  if (!known.byIud.has(due.iud)) return 'free'
  return same?.contentHash === contentHash(due) ? { id: same.id } : 'other'
}

/** Changes a due to typed values if its last change is `seenAt`, by the rules of a row with action M of a file. */
export async function changeTypedDue(
  db: Knex,
  { origin, settings, due, id, seenAt }: Saving & { id: string; seenAt: string },
): Promise<SavedDue> {
  return db.transaction(async (trx) => {
    await lockGivenNumbers(trx, origin.enteId)
    if ((await lockDue(trx, id)) !== seenAt) return { kind: 'stale' }
    const decision = await decide(trx, { origin, settings, due }, 'M')
    if (decision.kind === 'reject') return decision
    if (decision.kind === 'replace') {
      await replaceDue(trx, id)
      const [newId] = await insertDues(
        trx,
        origin,
        settings,
        [{ row: 0, due, iuv: decision.iuv, contentHash: contentHash(due) }],
        { isReborn: true },
      )
      return { kind: 'saved', id: newId! }
    }
    if (decision.kind !== 'change') return { kind: 'saved', id }
    const iuv = decision.iuv ?? (due.generatesIuv ? await drawIuv(trx, settings) : undefined)
    await changeDues(trx, origin, settings, [{ row: 0, due, iuv, contentHash: contentHash(due), dueId: id }])
    return { kind: 'saved', id }
  })
}

async function decide(trx: Knex, { origin, settings, due }: Saving, action: 'I' | 'M') {
  const iuvs = due.iuv === undefined ? [] : [due.iuv]
  const known = await knownDues(trx, origin, { iuds: [due.iud], existing: [], iuvs })
  const { codIpa, today } = settings
  const decision = decideRow({ action, due, contentHash: contentHash(due), codIpa, today }, known)
  // A due with equal values is changed all the same when it has no IUV and now wants one.
  const asksForIuv = decision.kind === 'unchanged' && decision.iuv === undefined && due.generatesIuv
  return asksForIuv
    ? ({ kind: 'change', dueId: known.byIud.get(due.iud)!.id, iuv: undefined } as const)
    : decision
}

async function drawIuv(trx: Knex, { domain, applicationCode }: FlowSettings): Promise<string> {
  const [iuv] = await drawIuvs(trx, { domain, segregationCode: applicationCode }, 1)
  return iuv!
}
