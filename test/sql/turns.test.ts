import { afterAll, beforeAll, expect, it } from 'vitest'
import { listAnomalies } from '../../db/anomaly/anomalies.ts'
import { openPositions, ownPayments } from '../../db/citizen/area.ts'
import { searchEnti } from '../../db/ente/ente.ts'
import { listExports } from '../../db/export/export.ts'
import { listFlows } from '../../db/flow/list.ts'
import type { Turn } from '../../db/ground/turn.ts'
import { searchAccesses } from '../../db/journal/access-trace.ts'
import { searchJournal } from '../../db/journal/search.ts'
import { aBegunPayment } from '../setup/begun.ts'
import { aDue, anEnte, PAYER } from '../setup/builders.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { anOperatorWorld, CODE, ELENA, newDues } from '../setup/operators.ts'

const ALL = { from: undefined, to: undefined }

let site: Site
let enteId: string
let operatorId: string

beforeAll(async () => {
  site = await startSite()
  const { db } = site
  for (let n = 0; n < 5; n += 1) await anOperatorWorld(db)
  ;({ id: enteId } = (await db('ente').first('id').where({ cod_ipa: CODE })) as { id: string })
  ;({ id: operatorId } = (await db('operator')
    .first('id')
    .where({ codice_fiscale: ELENA.codiceFiscale })) as {
    id: string
  })
  // Two dues of a day, one of another day and two without a day.
  const days = ['2099-01-01', '2099-01-01', '2098-01-01', null, null]
  await newDues(db, [1, 2, 3, 4, 5], { values: (n) => ({ due_on: days[n - 1]! }) })
  for (let n = 1; n <= 5; n += 1) {
    await db('event').insert({ entity: 'search', entity_id: enteId, kind: 'accessed', data: '{"enti": []}' })
    const ente = await anEnte(db)
    await aBegunPayment(db, [await aDue(db, ente, { progressive: n })])
  }
  await db.raw(
    `insert into anomaly (kind, cart_id, attempt_id) select 'unknown_attempt', r.cart_id, r.id from attempt r order by r.id limit 5`,
  )
}, 60_000)
afterAll(() => site.close())

const reader = () => ({ enteId, operatorId, isAdmin: true })

const LISTS: Record<
  string,
  [read: (turn: never) => Promise<readonly object[]>, placeOf: (row: never) => unknown]
> = {
  flows: list<string, { id: string }>(
    (turn) => listFlows(site.db, reader(), { ...ALL, name: '', state: undefined }, turn),
    ({ id }) => id,
  ),
  exports: list<string, { id: string }>(
    (turn) => listExports(site.db, reader(), { ...ALL, name: '' }, turn),
    ({ id }) => id,
  ),
  journal: list<string, { id: string }>(
    (turn) => searchJournal(site.db, NO_JOURNAL, turn),
    ({ id }) => id,
  ),
  accesses: list<number, { id: number }>(
    (turn) => searchAccesses(site.db, NO_ACCESS, turn),
    ({ id }) => id,
  ),
  anomalies: list<string, { id: string }>(
    (turn) => listAnomalies(site.db, null, NO_ANOMALY, turn),
    ({ id }) => id,
  ),
  enti: list<string, { codIpa: string }>(
    (turn) => searchEnti(site.db, '', turn),
    ({ codIpa }) => codIpa,
  ),
  positions: list<{ dueOn: string | null; id: string }, { dueOn: string | null; id: string }>(
    (turn) => openPositions(site.db, PAYER.codice, { filter: {}, turn }),
    ({ dueOn, id }) => ({ dueOn, id }),
  ),
  payments: list<{ begunAt: string; id: string }, { begunAt: string; id: string }>(
    (turn) => ownPayments(site.db, PAYER.codice, { filter: {}, turn }),
    ({ begunAt, id }) => ({ begunAt, id }),
  ),
}
/** Anomalies come the oldest first, the closed ones the newest first. */
const NO_ANOMALY = { isClosed: false, kind: undefined, minCents: undefined, maxCents: undefined, ...ALL }
const NO_JOURNAL = {
  ente: undefined,
  iuvs: undefined,
  psp: undefined,
  outcome: undefined,
  operation: undefined,
  direction: undefined,
  ...ALL,
}
const NO_ACCESS = { enteIds: undefined, person: undefined, operator: undefined, ...ALL }

function list<Place, Row extends object>(
  read: (turn: Turn<Place>) => Promise<readonly Row[]>,
  placeOf: (row: Row) => Place,
): [(turn: never) => Promise<readonly object[]>, (row: never) => unknown] {
  return [read as never, placeOf as never]
}

it.each(Object.keys(LISTS))(
  '%s: pages of two, forwards and back, have each row once and in one order',
  async (name) => {
    const [read, placeOf] = LISTS[name] as [
      (turn: Turn<unknown>) => Promise<object[]>,
      (row: object) => unknown,
    ]
    const all = await read({ place: undefined, isBack: false, limit: 1_000 })
    expect(all.length).toBeGreaterThanOrEqual(3)
    const places = all.map(placeOf)
    const forwards: unknown[] = []
    for (let place: unknown; ;) {
      const rows = await read({ place, isBack: false, limit: 2 })
      if (rows.length === 0) break
      forwards.push(...rows.map(placeOf))
      place = forwards.at(-1)
    }
    expect(forwards).toEqual(places)
    const back: unknown[] = [places.at(-1)]
    for (;;) {
      const rows = await read({ place: back[0], isBack: true, limit: 2 })
      if (rows.length === 0) break
      back.unshift(...rows.map(placeOf))
    }
    expect(back).toEqual(places)
  },
)
