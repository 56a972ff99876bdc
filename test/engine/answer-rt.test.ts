import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/nodo/answer-rt.ts'
import { violations } from '../../contracts/schemas.ts'
import { readSoap } from '../../contracts/soap.ts'
import { aDovuto, anEnte, type TestEnte } from '../setup/builders.ts'
import { aBegunPayment, anomaliesOf, askAbout, payCartActivities, stateOf, US } from '../setup/begun.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { buildRtFor, envelopeFor } from '../setup/rt.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
})
afterAll(() => database.drop())

const begun = async (cents = 1050) => aBegunPayment(db, [await aDovuto(db, ente, { cents })])
const settle = (cartId: string) => payCartActivities(db).settleCart(askAbout(cartId))
const rtCount = async (iuv: string): Promise<number> =>
  Number(((await db('rt').count('* as n').where({ iuv })) as { n: number }[])[0]!.n)

describe('paaInviaRT answers in the order of the specification', () => {
  it('OK for a positive RT, valid against the schema, bytes kept exactly', async () => {
    const { rptIds } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!)
    const answer = await answerRt(db, US, rt.envelope)
    expect(answer).toMatchObject({ status: 200, outcome: 'OK' })
    expect(readSoap('pa-per-nodo', answer.body)).toMatchObject({ ok: true, operation: 'paaInviaRTRisposta' })
    expect(violations('rpt-rt', Buffer.from(rt.xml))).toEqual([])
    const stored = (await db('rt').first('document').where({ iuv: rt.key.iuv })) as { document: Buffer }
    expect(stored.document.toString()).toBe(rt.xml)
  })

  it.each([
    ['PAA_ID_INTERMEDIARIO_ERRATO', { broker: '11111111111' }],
    ['PAA_STAZIONE_INT_ERRATA', { station: '99999900014_02' }],
  ])('%s before anything about the RPT, and money that moved is kept for a person', async (fault, wrong) => {
    const { rptIds, cartId } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!)
    const answer = await answerRt(db, US, envelopeFor(rt.key, rt.xml, wrong))
    expect(answer.outcome).toBe(fault)
    const kept = await db('anomaly')
      .join('rt', 'rt.id', 'anomaly.rt_id')
      .where({ 'rt.iuv': rt.key.iuv })
      .select('kind')
    expect(kept).toEqual([{ kind: 'receipt_refused' }])
    expect(await stateOf(db, 'cart', cartId)).toBe('requested')
  })

  it('PAA_ID_DOMINIO_ERRATO for a domain that is neither ours nor of an RPT we sent', async () => {
    const { rptIds } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!)
    const answer = await answerRt(db, US, envelopeFor({ ...rt.key, domain: '00000000001' }, rt.xml))
    expect(answer.outcome).toBe('PAA_ID_DOMINIO_ERRATO')
  })

  it('PAA_RPT_SCONOSCIUTA for an IUV we never sent, kept with its cents on the work list', async () => {
    const { rptIds } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!)
    const iuv = 'RF00UNKNOWN0000000000001'
    const answer = await answerRt(db, US, envelopeFor({ ...rt.key, iuv }, rt.xml.replaceAll(rt.key.iuv, iuv)))
    expect(answer.outcome).toBe('PAA_RPT_SCONOSCIUTA')
    const kept = await db('anomaly')
      .join('rt', 'rt.id', 'anomaly.rt_id')
      .where({ 'rt.iuv': iuv })
      .first('kind', 'unplaced_cents')
    expect(kept).toEqual({ kind: 'unknown_rpt', unplaced_cents: 1050 })
  })

  it('the same bytes again: OK again, one row', async () => {
    const { rptIds } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!)
    const answers = await Promise.all(Array.from({ length: 10 }, () => answerRt(db, US, rt.envelope)))
    expect(answers.map((answer) => answer.outcome)).toEqual(Array(10).fill('OK'))
    expect(await rtCount(rt.key.iuv)).toBe(1)
  })

  it('another document for an RPT that has one: PAA_RT_DUPLICATA, kept, an anomaly with its cents', async () => {
    const { rptIds, cartId } = await begun()
    const first = await buildRtFor(db, rptIds[0]!)
    const second = await buildRtFor(db, rptIds[0]!, { messageId: 'RIC2', iur: 'IUR2' })
    await answerRt(db, US, first.envelope)
    expect((await answerRt(db, US, second.envelope)).outcome).toBe('PAA_RT_DUPLICATA')
    await settle(cartId)
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'duplicate', unplaced_cents: 1050 }])
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })

  it('two different documents at once: one settles, the other is an anomaly', async () => {
    const { rptIds, cartId } = await begun()
    const documents = await Promise.all(
      ['RIC1', 'RIC2'].map((messageId) => buildRtFor(db, rptIds[0]!, { messageId, iur: messageId })),
    )
    const answers = await Promise.all(documents.map((rt) => answerRt(db, US, rt.envelope)))
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['OK', 'PAA_RT_DUPLICATA'])
    await settle(cartId)
    expect(await anomaliesOf(db, cartId)).toHaveLength(1)
  })

  it('PAA_SINTASSI_XSD for a document that breaks the schema; the money it names is kept', async () => {
    const { rptIds, cartId } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!)
    const broken = rt.xml.replace('<versioneOggetto>6.2.0</versioneOggetto>', '')
    expect((await answerRt(db, US, envelopeFor(rt.key, broken))).outcome).toBe('PAA_SINTASSI_XSD')
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'receipt_refused', unplaced_cents: 1050 }])
    expect(
      ((await db('rpt').first('attention').where({ id: rptIds[0] })) as { attention: string }).attention,
    ).toBe('receipt_refused')
  })

  it.each([
    ['another request', { requestMessageId: 'OTHER' }, (xml: string) => xml],
    [
      'a wrong total',
      {},
      (xml: string) => xml.replace('<importoTotalePagato>10.50', '<importoTotalePagato>10.51'),
    ],
    ['another causale', {}, (xml: string) => xml.replace('/TXT/Mensa', '/TXT/Altro')],
    [
      'a position too many',
      {},
      (xml: string) =>
        xml
          .replace(/(<datiSingoloPagamento>.*<\/datiSingoloPagamento>)/, '$1$1')
          .replace('<importoTotalePagato>10.50', '<importoTotalePagato>21.00'),
    ],
    ['the CCP of another', {}, (xml: string) => xml.replace('>n/a<', '>x/a<')],
  ])('PAA_SEMANTICA for %s, and its money is kept', async (_what, given, spoil) => {
    const { rptIds, cartId } = await begun()
    const rt = await buildRtFor(db, rptIds[0]!, given)
    const answer = await answerRt(db, US, envelopeFor(rt.key, spoil(rt.xml)))
    expect(answer.outcome).toBe('PAA_SEMANTICA')
    expect((await anomaliesOf(db, cartId)).map((a) => a.kind)).toEqual(['receipt_refused'])
  })

  it('a good RT after a refused one is accepted and settles', async () => {
    const { rptIds, cartId } = await begun()
    const bad = await buildRtFor(db, rptIds[0]!, { requestMessageId: 'OTHER' })
    await answerRt(db, US, bad.envelope)
    const good = await buildRtFor(db, rptIds[0]!)
    expect((await answerRt(db, US, good.envelope)).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })
})

describe('what cannot be read', () => {
  const hostile: [string, string, number][] = [
    ['no XML', 'hello', 400],
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 400],
    ['no SOAP', '<a/>', 400],
    ['nothing', '', 400],
  ]
  it.each(hostile)('%s gets a 4xx, is journalled and changes nothing', async (_what, text, status) => {
    const before = await db('rt').count('* as n')
    expect((await answerRt(db, US, Buffer.from(text))).status).toBe(status)
    expect(await db('rt').count('* as n')).toEqual(before)
  })

  it('our operation with a broken header is readable: 200 with PAA_SINTASSI_EXTRAXSD', async () => {
    const envelope = Buffer.from(envelopeFor({ domain: '1', iuv: '2', ccp: '3' }, '<RT/>')).toString()
    const broken = envelope.replace(/<identificativoDominio>.*<\/identificativoDominio>/, '')
    const answer = await answerRt(db, US, Buffer.from(broken))
    expect(answer).toMatchObject({ status: 200, outcome: 'PAA_SINTASSI_EXTRAXSD' })
    expect(readSoap('pa-per-nodo', answer.body)).toMatchObject({ ok: true })
  })
})
