import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { writeJournal } from '../../db/journal/journal.ts'
import { endRefusals, giveBack, keepSlot, pauseAll, takeSlot, type Slot } from '../../db/reporting/slot.ts'
import { AppError } from '../../domain/errors.ts'
import type { Asked } from './source.ts'

/** A place is often free again within a second; whoever waits longer gives up the worker and comes back. */
const TRIES = 5
const BETWEEN_MS = 1_000

/**
 * Does work that asks pagoPA, in a place among the requests that may run at once.
 * @throws REPORTING_BUSY with the seconds after which it is worth trying again
 */
export async function inSlot<T>(db: Knex, enteId: string, work: (slot: Slot) => Promise<T>): Promise<T> {
  const slot = await aSlot(db, enteId)
  try {
    return await work(slot)
  } finally {
    await giveBack(db, slot)
  }
}

async function aSlot(db: Knex, enteId: string): Promise<Slot> {
  for (let tries = 1; ; tries++) {
    const taken = await takeSlot(db, enteId)
    if ('number' in taken) return taken
    if (tries === TRIES || taken.waitSeconds > 1)
      throw new AppError('REPORTING_BUSY', { retryAfter: taken.waitSeconds })
    await sleep(BETWEEN_MS)
  }
}

/** Time after which the place among the requests is kept for longer; a place is free after three minutes. */
const KEEP_EVERY_MS = 60_000

/** Keeps the place among the requests for longer, when it is time. */
export function keeping(db: Knex, slot: Slot): () => Promise<void> {
  let keptAt = Date.now()
  return async () => {
    if (Date.now() - keptAt < KEEP_EVERY_MS) return
    await keepSlot(db, slot)
    keptAt = Date.now()
  }
}

/**
 * The value that a call at the beginning of a piece of work asked for: an answer came, so the next refusal waits the first time again.
 * @throws as `valueOf`
 */
export async function firstValueOf<Value>(db: Knex, asked: Asked<Value>): Promise<Value> {
  if (asked.answer.kind !== 'too_many') await endRefusals(db)
  return valueOf(db, asked)
}

/**
 * The value that was asked for; the calls are in the journal before it is used.
 * @throws REPORTING_BUSY when pagoPA asks for a pause, which then holds for everybody; REPORTING_REFUSED, REPORTING_GONE or
 *   REPORTING_UNREACHABLE otherwise
 */
export async function valueOf<Value>(db: Knex, { answer, journal }: Asked<Value>): Promise<Value> {
  await writeJournal(db, journal)
  if (answer.kind === 'too_many') {
    await pauseAll(db, answer.seconds)
    throw new AppError('REPORTING_BUSY', { retryAfter: answer.seconds })
  }
  if (answer.kind === 'value') return answer.value
  if (answer.kind === 'gone') throw new AppError('REPORTING_GONE')
  throw new AppError(answer.kind === 'refused' ? 'REPORTING_REFUSED' : 'REPORTING_UNREACHABLE', {
    why: answer.why,
  })
}
