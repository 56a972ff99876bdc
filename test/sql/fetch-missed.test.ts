import type { Knex } from 'knex'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { actAlone } from '../../db/anomaly/direct-act.ts'
import { missedSince, noteMissedFetches } from '../../db/reporting/missed.ts'
import { anEnte } from '../setup/builders.ts'
import { textOf, startSite, type Site } from '../setup/citizen-site.ts'
import { anOperatorWorld, CODE, ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'

let site: Site
let db: Knex
let enteId: string
let others: number

beforeAll(async () => {
  site = await startSite()
  db = site.db
  await anOperatorWorld(db)
  ;({ id: enteId } = (await db('ente').first('id').where({ cod_ipa: CODE })) as { id: string })
  await anEnte(db)
  await noteMissedFetches(db)
  others = (await watched()) - 1
})
afterAll(() => site.close())
beforeEach(async () => {
  await db('event').where({ kind: 'anomaly_act' }).delete()
  await db('anomaly').where({ kind: 'fetch_missed' }).delete()
  await db('reporting_run').delete()
  await db('reporting_watch').update({ since: db.fn.now() })
})

const watched = async (): Promise<number> =>
  ((await db('reporting_watch').pluck('ente_id')) as string[]).length
const hoursAgo = (hours: number) => db.raw(`now() - make_interval(hours => ?)`, [hours])
const aRun = (startedAgo: number, outcome: string | null) =>
  db('reporting_run').insert({
    ente_id: enteId,
    process_id: `run-${Math.random()}`,
    outcome,
    started_at: hoursAgo(startedAgo),
    ended_at: outcome === null ? null : hoursAgo(startedAgo),
  })
const watchedFor = (hours: number) =>
  db('reporting_watch')
    .where({ ente_id: enteId })
    .update({ since: hoursAgo(hours) })
const missed = async () =>
  (await db('anomaly')
    .select('state', 'resolution', 'details')
    .where({ kind: 'fetch_missed', ente_id: enteId })
    .orderBy('id')) as {
    state: string
    resolution: string | null
    details: Record<string, unknown>
  }[]

it('an ente whose flows were never fetched is told of after eight hours and not before', async () => {
  await watchedFor(7)
  await noteMissedFetches(db)
  expect(await missed()).toEqual([])
  await watchedFor(9)
  await noteMissedFetches(db)
  await noteMissedFetches(db)
  expect(await missed()).toMatchObject([
    { state: 'open', details: { lastOkAt: null, lastOutcome: null, lastAt: null } },
  ])
})

it('each ente has its own', async () => {
  expect(others).toBeGreaterThan(0)
  await db('reporting_watch').update({ since: hoursAgo(9) })
  await noteMissedFetches(db)
  expect(await db('anomaly').where({ kind: 'fetch_missed' })).toHaveLength(others + 1)
})

it.each([
  ['a good fetch seven hours ago', 7, 'OK', 0],
  ['a good fetch nine hours ago', 9, 'OK', 1],
  ['a fetch that runs for seven hours', 7, null, 0],
  ['a fetch that began nine hours ago and never ended', 9, null, 1],
  ['a fetch that failed an hour ago', 1, 'REPORTING_REFUSED', 1],
])('%s', async (_what, startedAgo, outcome, found) => {
  await watchedFor(100)
  await aRun(startedAgo, outcome)
  await noteMissedFetches(db)
  expect(await missed()).toHaveLength(found)
})

it('is closed by itself after a good fetch, and comes again when the next one is missing', async () => {
  await watchedFor(100)
  await noteMissedFetches(db)
  await aRun(0, 'OK')
  await noteMissedFetches(db)
  expect(await missed()).toMatchObject([{ state: 'closed', resolution: 'settled' }])
  // As if all of it were twenty hours ago.
  await db('anomaly')
    .where({ kind: 'fetch_missed' })
    .update({ created_at: hoursAgo(21), closed_at: hoursAgo(20) })
  await db('reporting_run').update({ ended_at: hoursAgo(20) })
  await noteMissedFetches(db)
  expect((await missed()).map(({ state }) => state)).toEqual(['closed', 'open'])
})

it('is closed when the ente is fetched no more', async () => {
  await watchedFor(100)
  await noteMissedFetches(db)
  const before = (await db('ente').first('state').where({ id: enteId })) as { state: string }
  await db('ente').where({ id: enteId }).update({ state: 'PRE-ESERCIZIO' })
  await db('ente').where({ id: enteId }).update({ state: 'INSERITO' })
  await db('event').where({ entity: 'ente', entity_id: enteId }).update({ at: '2026-01-01' })
  await noteMissedFetches(db)
  expect(await missed()).toMatchObject([{ state: 'closed', resolution: 'settled' }])
  await db('ente').where({ id: enteId }).update({ state: 'PRE-ESERCIZIO' })
  await db('ente').where({ id: enteId }).update({ state: before.state })
  await noteMissedFetches(db)
})

it('that a person accepted is not raised again before the next good fetch', async () => {
  await watchedFor(100)
  await noteMissedFetches(db)
  const { id } = (await db('anomaly').first('id').where({ kind: 'fetch_missed' })) as { id: string }
  const by = (await db('operator').first('id').where({ codice_fiscale: ELENA.codiceFiscale })) as {
    id: string
  }
  const done = await actAlone(db, {
    id,
    by: { id: by.id, name: 'Elena' },
    act: 'accept',
    reason: 'linea guasta',
  })
  expect(done).toBe('done')
  await noteMissedFetches(db)
  expect(await missed()).toMatchObject([{ state: 'closed', resolution: 'accepted' }])
})

it('is at once on the pages of the region and of the ente, with the last attempt and why', async () => {
  await watchedFor(100)
  await aRun(1, 'REPORTING_REFUSED')
  await noteMissedFetches(db)
  const elena = await signInAs(db, site.visitor(), ELENA)
  expect(textOf(await elena.get('/supporto'))).toMatch(/2 Anomalie aperte/)
  const { id } = (await db('anomaly').first('id').where({ kind: 'fetch_missed' })) as { id: string }
  const list = await elena.get('/supporto/anomalie?tipo=fetch_missed')
  expect(list.html).toContain(`/supporto/anomalie/${id}`)
  const page = await elena.get(`/supporto/anomalie/${id}`)
  expect(textOf(page)).toMatch(/Ultimo recupero riuscito mai/)
  expect(textOf(page)).toMatch(/Ultimo tentativo .*: pagoPA ha rifiutato la richiesta/)
  expect(page.html).toContain(`href="/operatore/${CODE}/rendicontazione"`)
  const sara = await signInAs(db, site.visitor(), SARA)
  expect(textOf(await sara.get(`/operatore/${CODE}/anomalie`))).toContain('Recupero dei flussi non avvenuto')
  const paolo = await signInAs(db, site.visitor(), PAOLO)
  expect(textOf(await paolo.get(`/operatore/${CODE}/rendicontazione`))).toContain(
    'Da più di 8 ore nessun recupero è riuscito',
  )
  await aRun(0, 'OK')
  await noteMissedFetches(db)
  expect(await missedSince(db, enteId)).toBeUndefined()
  expect(textOf(await elena.get(`/supporto/anomalie/${id}`))).toContain('un recupero è riuscito')
})
