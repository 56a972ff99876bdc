import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { classedMatches } from '../../services/reporting/matches-file.ts'
import { oldClassLines } from '../../services/reporting/old-classes-file.ts'
import { aBegunPayment, attemptIdsOf, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { insertedId } from '../../db/ground/rows.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { reported } from '../setup/reporting.ts'
import { text } from 'node:stream/consumers'
import { oldClassesCsv } from '../../templates/documents/old-classes-csv.ts'
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

/** Everything of an ente with its old classes, as `kind: what classes`. */
async function linesOf(of: TestEnte, days = { from: undefined, to: undefined } as object): Promise<string[]> {
  const found: string[] = []
  const any = { from: undefined, to: undefined, ...days }
  for await (const { kind, flowId, iuv, bill, cents, classes } of oldClassLines(
    db,
    { enteId: of.id, operatorId, isAdmin: true },
    any,
  ))
    found.push([kind, flowId ?? iuv ?? bill, cents, ...classes].join(' '))
  return found
}

const flowIdOf = async (id: string): Promise<string> =>
  ((await db('reporting_flow').first('flow_id').where({ id })) as { flow_id: string }).flow_id

describe('the file of everything that has an old class', () => {
  it('has receipts in no flow, and not those that a flow lists', async () => {
    ente = await anEnte(db)
    const iuv = await loaded('IUR-10')
    expect(await linesOf(ente)).toEqual([`receipt ${iuv} 1050 RT_NO_IUF`])
    const flowId = await flow([{ iuv, iur: 'IUR-10', code: 'REVOKED' }])
    expect(await linesOf(ente), 'code 3 is left out').toEqual([`receipt ${iuv} 1050 RT_NO_IUF`])
    await db('reported_row').where({ reporting_flow_id: flowId }).update({ code: 'EXECUTED' })
    expect(await linesOf(ente)).toEqual([`payment ${await flowIdOf(flowId)} 1050 IUD_RT_IUF RT_IUF`])
  })

  it('has a receipt in no flow whose money the bank credited alone', async () => {
    ente = await anEnte(db)
    const iuv = await loaded('IUR-11')
    const reportingFlowId = await flow([])
    const { tieId } = await aCredit(db, { enteId: ente.id, operatorId, reportingFlowId })
    await db('treasury_tie')
      .where({ id: tieId })
      .update({ state: 'certain', domain: null, flow_id: null, psp_id: null, iuv })
    expect(await linesOf(ente)).toContain(`receipt ${iuv} 1050 IUD_RT_IUF_TES RT_TES`)
  })

  it('has flows that no credit names, and those whose credits are another amount', async () => {
    ente = await anEnte(db)
    const reportingFlowId = await flow([])
    const name = await flowIdOf(reportingFlowId)
    const declare = (declared_cents: number) =>
      db('reporting_flow').where({ id: reportingFlowId }).update({ declared_cents })
    await declare(2100)
    expect(await linesOf(ente), 'without statements of a bank').toEqual([])
    const { tieId } = await aCredit(db, { enteId: ente.id, operatorId, reportingFlowId })
    const ofFlow = async () => (await linesOf(ente)).filter((line) => line.startsWith('flow'))
    expect(await ofFlow(), 'its amount alone names no flow').toEqual([`flow ${name} 2100 IUF_NO_TES`])
    const tie = (values: object) => db('treasury_tie').where({ id: tieId }).update(values)
    await tie({ reason: 'other_amount' })
    expect(await ofFlow()).toEqual([`flow ${name} 2100 IUF_TES_DIV_IMP`])
    await tie({ state: 'certain' })
    expect(await ofFlow()).toEqual([`flow ${name} 2100 IUF_TES_DIV_IMP`])
    await declare(1050)
    expect(await ofFlow()).toEqual([])
  })

  it('has credits by the rule that found nothing, and none that is tied', async () => {
    ente = await anEnte(db)
    const reportingFlowId = await flow([])
    const { tieId, creditId } = await aCredit(db, { enteId: ente.id, operatorId, reportingFlowId })
    const ofCredit = async (days?: object) =>
      (await linesOf(ente, days)).filter((line) => line.startsWith('credit'))
    for (const [rule, name] of [
      ['no_id', 'TES_NO_MATCH'],
      ['id_unknown', 'TES_NO_IUF_OR_IUV'],
      ['amount_differs', 'IUF_TES_DIV_IMP'],
      ['double', 'IUF_TES_DIV_IMP'],
    ] as const) {
      await db('treasury_credit').where({ id: creditId }).update({ rule })
      expect(await ofCredit()).toEqual([`credit 17 1050 ${name}`])
    }
    expect(await ofCredit({ from: '2026-04-01' })).toEqual([])
    expect(await ofCredit({ from: '2026-03-31', to: '2026-03-31' })).toHaveLength(1)
    await db('treasury_tie').where({ id: tieId }).update({ state: 'certain' })
    expect(await ofCredit()).toEqual([])
  })

  it('is of the ente and the days alone', async () => {
    ente = await anEnte(db)
    const iuv = await loaded('IUR-12')
    const { paid_on: paidOn } = (await db('settlement')
      .join('due', 'due.id', 'due_id')
      .first(db.raw('cast(paid_on as text)'))
      .where({ iuv, ente_id: ente.id })) as { paid_on: string }
    expect(await linesOf(await anEnte(db))).toEqual([])
    expect(await linesOf(ente, { from: paidOn, to: paidOn })).toHaveLength(1)
    expect(await linesOf(ente, { to: '2020-01-01' })).toEqual([])
    expect(await linesOf(ente, { from: '2090-01-01' })).toEqual([])
  })

  it('reads page after page, each line once', async () => {
    ente = await anEnte(db)
    const iuv = await loaded('IUR-13')
    await db.raw(
      `insert into receipt (domain, iuv, attempt_code, sha256, document, outcome, total_cents, details, source, answer)
       select domain, iuv || '-' || n, attempt_code, sha256, document, outcome, total_cents, details, source, answer
       from receipt cross join generate_series(1, 2500) n where iuv = ? and domain = ?`,
      [iuv, ente.codiceFiscale],
    )
    const reportingFlowId = await flow([])
    await aCredit(db, { enteId: ente.id, operatorId, reportingFlowId })
    await db.raw(
      `insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, state, is_current, source, flow_at, stored_at)
       select ente_id, domain, flow_id || '-' || n, psp_id, 1, state, true, source, flow_at, stored_at
       from reporting_flow cross join generate_series(1, 1200) n where id = ?`,
      [reportingFlowId],
    )
    const lines = await linesOf(ente)
    const count = (kind: string) => new Set(lines.filter((line) => line.startsWith(kind))).size
    expect([count('receipt'), count('flow'), count('credit')]).toEqual([2501, 1201, 1])
    expect(lines).toHaveLength(2501 + 1201 + 1)
  })

  it('is written as people write days and amounts', async () => {
    async function* one() {
      yield {
        ...{ kind: 'credit', flowId: null, iuv: null, iur: null, bill: '17' },
        ...{ day: '2026-03-31', cents: 1050, classes: ['TES_NO_MATCH', 'DOPPI'] },
      }
    }
    const [, line] = (await text(oldClassesCsv(one()))).split('\r\n')
    expect(line).toBe('Accredito;;;;17;31/03/2026;10,50;TES_NO_MATCH DOPPI')
  })
})
