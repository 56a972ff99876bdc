import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stopAct } from '../../db/bulk/act.ts'
import { BULK_ACT } from '../../workflows/bulk-act/contract.ts'
import { PATIENCE } from '../../workflows/processes.ts'
import { aDue, anEnte } from '../setup/builders.ts'
import { anAct } from '../setup/bulk.ts'
import { startEngine, type EngineStack } from '../setup/engine-stack.ts'
import { detailsOf, summaryOf } from '../setup/process-words.ts'
import { standInNode } from '../setup/stand-in-node.ts'

let engine: EngineStack
let enteId: string
let dueIds: string[]
let by: { id: string; name: string }

beforeAll(async () => {
  // One chunk for each slice, so that an act takes several.
  const patience = { ...PATIENCE, flow: { ...PATIENCE.flow, sliceMs: 0 } }
  engine = await startEngine(standInNode(), { patience })
  const ente = await anEnte(engine.db)
  enteId = ente.id
  const [{ id }] = (await engine
    .db('operator')
    .insert({ codice_fiscale: 'VRDLCU80A01M999K', name: 'Luca Verdi', platform_admin: true })
    .returning('id')) as [{ id: string }]
  by = { id, name: 'Luca Verdi' }
  dueIds = []
  for (let progressive = 1; progressive <= 230; progressive++)
    dueIds.push(await aDue(engine.db, ente, { progressive }))
})
afterAll(() => engine.stop())

const actOf = (id: string) => engine.db('bulk_act').first().where({ id }) as Promise<Record<string, unknown>>
const handleOf = (actId: string) => engine.client.workflow.getHandle(BULK_ACT.id(actId))

describe('the process of an act on many dues', () => {
  it('goes slice by slice to its end, says how far it is, and names nobody', async () => {
    const actId = await anAct(engine.db, { kind: 'export', ids: dueIds, enteId, by })
    await engine.processes.wakeBulkAct({
      actId,
      enteId,
      summary: 'Esportazione di 230 dovuti · Comune di Prova',
    })
    await handleOf(actId).result()
    expect(await actOf(actId)).toMatchObject({ state: 'done', rows_done: 230, rows_left: 0 })
    expect(await summaryOf(handleOf(actId))).toBe('Esportazione di 230 dovuti · Comune di Prova')
    expect(await detailsOf(handleOf(actId))).toBe('finita: fatti 230, lasciati 0')
    const { events } = await handleOf(actId).fetchHistory()
    expect(JSON.stringify(events)).not.toMatch(/Verdi|VRDLCU/)
  })

  it('ends when it is woken after it was stopped, and wakes that come again change nothing', async () => {
    const actId = await anAct(engine.db, { kind: 'cancel', ids: dueIds, enteId, by })
    await stopAct(engine.db, actId, by)
    for (let time = 0; time < 2; time++) {
      await engine.processes.wakeBulkAct({ actId, enteId })
      await handleOf(actId).result()
    }
    expect(await actOf(actId)).toMatchObject({ state: 'stopped', rows_done: 0, stopped_by: by.id })
    expect(await detailsOf(handleOf(actId))).toBe('fermata: fatti 0, lasciati 0, su 230')
  })

  it('that meets an error which no retry can mend fails with its code, and the rest stays as it was', async () => {
    const actId = await anAct(engine.db, { kind: 'cancel', ids: dueIds, enteId, by })
    await engine.db.raw(`create function refuse_cancel() returns trigger language plpgsql as $$
      begin raise exception 'STATE_MOVE_REFUSED' using errcode = 'MP001'; end $$;
      create trigger refuse_cancel before update of state on due for each row execute function refuse_cancel()`)
    await engine.processes.wakeBulkAct({ actId, enteId })
    await handleOf(actId).result()
    await engine.db.raw('drop trigger refuse_cancel on due')
    expect(await actOf(actId)).toMatchObject({ state: 'failed', rows_done: 0 })
    expect(await engine.db('due').where({ state: 'cancelled' })).toEqual([])
  })

  it('cancels', async () => {
    const actId = await anAct(engine.db, { kind: 'cancel', ids: dueIds, enteId, by })
    await engine.processes.wakeBulkAct({ actId, enteId })
    await handleOf(actId).result()
    expect(await actOf(actId)).toMatchObject({ state: 'done', rows_done: 230, cents_done: 230 * 1050 })
  })
})
