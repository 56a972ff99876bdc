import { randomUUID } from 'node:crypto'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import { ANY_DUE } from '../../bench/acts/any-due.ts'
import { createBulkActActivities } from '../../activities/bulk-act/index.ts'
import { askAct, previewAct } from '../../db/bulk/ask.ts'
import type { BulkKind } from '../../domain/bulk/acts.ts'
import type { FileStore } from '../../services/file-store.ts'
import type { BulkStatus } from '../../workflows/bulk-act/contract.ts'

/** Works on an act like its process, slice by slice, until it is over. @param slices the most slices; all by default */
export async function workAct(
  { db, files }: { db: Knex; files: FileStore },
  actId: string,
  { slices = 1_000, sliceMs = 3_000 }: { slices?: number; sliceMs?: number } = {},
): Promise<void> {
  const deps = { db, files, publicUrl: 'http://mypay.example', isTest: true }
  const { workBulkAct } = createBulkActActivities(deps)
  for (let slice = 0; slice < slices; slice++) {
    const ask = { actId, sliceMs }
    const { isOver } = (await new MockActivityEnvironment().run(workBulkAct, ask)) as BulkStatus
    if (isOver) return
  }
}

/** An act of this person on these dues, confirmed as a form confirms it; returns its id. */
export async function anAct(
  db: Knex,
  {
    kind,
    ids,
    enteId,
    by,
  }: { kind: BulkKind; ids: readonly string[]; enteId: string; by: { id: string; name: string } },
): Promise<string> {
  const reader = { enteId, operatorId: by.id }
  const filter = { ...ANY_DUE, ids }
  const { count, cents, at } = await previewAct(db, reader, { kind, filter }, undefined)
  const asked = await askAct(db, reader, {
    kind,
    filter,
    by,
    why: kind === 'cancel' && ids.length > 1 ? 'Ruolo rifatto' : null,
    nonce: randomUUID(),
    seen: { count, cents, at },
  })
  if (asked.kind !== 'asked') throw new Error(`not asked: ${JSON.stringify(asked)}`)
  return asked.id
}
