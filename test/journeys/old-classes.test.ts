import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { classedMatches } from '../../services/reporting/matches-file.ts'
import { aBegunPayment, attemptIdsOf, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { insertedId } from '../../db/ground/rows.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { reported } from '../setup/reporting.ts'
import { buildRtFor, envelopeFor } from '../setup/rt.ts'
import { aCredit } from '../setup/treasury.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte
let operatorId: string
let progressive = 0

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
  operatorId = await insertedId(
    db('operator')
      .insert({ codice_fiscale: 'GLLSRA78E45M999O', name: 'Sara Gallo', platform_admin: true })
      .returning('id'),
  )
})
afterAll(() => database.drop())

/** A due that the ente loaded, paid with this IUR when there is one. */
async function loaded(iur?: string): Promise<string> {
  const id = await aDue(db, ente, { progressive: ++progressive })
  if (iur !== undefined) {
    const { cartId } = await aBegunPayment(db, [id])
    const [attemptId] = await attemptIdsOf(db, cartId)
    const { key, xml } = await buildRtFor(db, attemptId!, { iur })
    await answerRt(db, US, envelopeFor(key, xml))
    await payCartActivities(db).settleCart(askAbout(cartId))
  }
  return ((await db('due').first('iuv').where({ id })) as { iuv: string }).iuv
}

const flow = (rows: { iuv: string; iur?: string; code?: string; importoCents?: number }[]) =>
  reported(db, { enteId: ente.id, domain: ente.codiceFiscale, rows })

/** The old classes of the rows with this IUV. */
async function classesOf(iuv: string): Promise<string[][]> {
  const found: string[][] = []
  const any = {
    class: undefined,
    from: undefined,
    to: undefined,
    minCents: undefined,
    maxCents: undefined,
    isOpen: undefined,
    producedFrom: undefined,
    producedTo: undefined,
  }
  for await (const { oldClasses } of classedMatches(
    db,
    { enteId: ente.id, operatorId, isAdmin: true },
    { ...any, iuv },
  ))
    found.push(oldClasses)
  return found
}

it('without statements of a bank no class has TES', async () => {
  const iuv = await loaded('IUR-1')
  const flowId = await flow([{ iuv, iur: 'IUR-1' }])
  await db('reporting_flow').where({ id: flowId }).update({ declared_cents: 1050 })
  expect(await classesOf(iuv)).toEqual([['IUD_RT_IUF', 'RT_IUF']])
})

it('a flow that is credited in full gives TES, and one credited with another amount does not', async () => {
  for (const [iur, declared, classes] of [
    ['IUR-2', 1050, ['IUD_RT_IUF_TES', 'RT_IUF_TES', 'IUD_RT_IUF', 'RT_IUF']],
    ['IUR-3', 2100, ['IUD_RT_IUF', 'RT_IUF']],
  ] as const) {
    const iuv = await loaded(iur)
    const flowId = await flow([{ iuv, iur }])
    await db('reporting_flow').where({ id: flowId }).update({ declared_cents: declared })
    const { tieId } = await aCredit(db, { enteId: ente.id, operatorId, reportingFlowId: flowId })
    expect(await classesOf(iuv), 'a proposal ties nothing').toEqual([['IUD_RT_IUF', 'RT_IUF']])
    await db('treasury_tie').where({ id: tieId }).update({ state: 'certain' })
    expect(await classesOf(iuv)).toEqual([classes])
  }
})

it('a payment without a receipt, a double, and a revocation, which has none', async () => {
  const iuv = await loaded()
  await flow([{ iuv }, { iuv, iur: 'IUR-OTHER' }, { iuv, code: 'REVOKED' }])
  // The newest row first.
  expect(await classesOf(iuv)).toEqual([
    [],
    ['IUV_NO_RT', 'IUD_NO_RT', 'DOPPI'],
    ['IUV_NO_RT', 'IUD_NO_RT', 'DOPPI'],
  ])
})
