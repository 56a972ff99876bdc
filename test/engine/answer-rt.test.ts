import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOutgoing } from '../../db/payment/outgoing.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { violations } from '../../contracts/schemas.ts'
import { readSoap } from '../../contracts/soap.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
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

const begun = async (cents = 1050) => aBegunPayment(db, [await aDue(db, ente, { cents })])
const settle = (cartId: string) => payCartActivities(db).settleCart(askAbout(cartId))
const receiptCount = async (iuv: string): Promise<number> =>
  Number(((await db('receipt').count('* as n').where({ iuv })) as { n: number }[])[0]!.n)

describe('paaInviaRT answers in the order of the specification', () => {
  it('OK for a positive RT, valid against the schema, bytes kept exactly', async () => {
    const { attemptIds } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const answer = await answerRt(db, US, receipt.envelope)
    expect(answer).toMatchObject({ status: 200, outcome: 'OK' })
    expect(readSoap('pa-per-nodo', answer.body)).toMatchObject({ ok: true, operation: 'paaInviaRTRisposta' })
    expect(violations('rpt-rt', Buffer.from(receipt.xml))).toEqual([])
    const stored = (await db('receipt').first('document').where({ iuv: receipt.key.iuv })) as {
      document: Buffer
    }
    expect(stored.document.toString()).toBe(receipt.xml)
  })

  it.each([
    ['PAA_ID_INTERMEDIARIO_ERRATO', { broker: '11111111111' }],
    ['PAA_STAZIONE_INT_ERRATA', { station: '99999900014_02' }],
  ])('%s before anything about the RPT, and money that moved is kept for a person', async (fault, wrong) => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const answer = await answerRt(db, US, envelopeFor(receipt.key, receipt.xml, wrong))
    expect(answer.outcome).toBe(fault)
    const kept = await db('anomaly')
      .join('receipt', 'receipt.id', 'anomaly.receipt_id')
      .where({ 'receipt.iuv': receipt.key.iuv })
      .select('kind')
    expect(kept).toEqual([{ kind: 'receipt_refused' }])
    expect(await stateOf(db, 'cart', cartId)).toBe('requested')
  })

  it('PAA_ID_DOMINIO_ERRATO for a domain that is neither ours nor of an RPT we sent', async () => {
    const { attemptIds } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const answer = await answerRt(db, US, envelopeFor({ ...receipt.key, domain: '00000000001' }, receipt.xml))
    expect(answer.outcome).toBe('PAA_ID_DOMINIO_ERRATO')
  })

  it('PAA_RPT_SCONOSCIUTA for an IUV we never sent, kept with its cents on the work list', async () => {
    const { attemptIds } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const iuv = 'RF00UNKNOWN0000000000001'
    const answer = await answerRt(
      db,
      US,
      envelopeFor({ ...receipt.key, iuv }, receipt.xml.replaceAll(receipt.key.iuv, iuv)),
    )
    expect(answer.outcome).toBe('PAA_RPT_SCONOSCIUTA')
    const kept = await db('anomaly')
      .join('receipt', 'receipt.id', 'anomaly.receipt_id')
      .where({ 'receipt.iuv': iuv })
      .first('kind', 'unplaced_cents')
    expect(kept).toEqual({ kind: 'unknown_attempt', unplaced_cents: 1050 })
  })

  it('the same bytes again: OK again, one row', async () => {
    const { attemptIds } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const answers = await Promise.all(Array.from({ length: 10 }, () => answerRt(db, US, receipt.envelope)))
    expect(answers.map((answer) => answer.outcome)).toEqual(Array(10).fill('OK'))
    expect(await receiptCount(receipt.key.iuv)).toBe(1)
  })

  it('another document for an RPT that has one: PAA_RT_DUPLICATA, kept, an anomaly with its cents', async () => {
    const { attemptIds, cartId } = await begun()
    const first = await buildRtFor(db, attemptIds[0]!)
    const second = await buildRtFor(db, attemptIds[0]!, { messageId: 'RIC2', iur: 'IUR2' })
    await answerRt(db, US, first.envelope)
    expect((await answerRt(db, US, second.envelope)).outcome).toBe('PAA_RT_DUPLICATA')
    await settle(cartId)
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'duplicate', unplaced_cents: 1050 }])
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })

  it('two different documents at once: one settles, the other is an anomaly', async () => {
    const { attemptIds, cartId } = await begun()
    const documents = await Promise.all(
      ['RIC1', 'RIC2'].map((messageId) => buildRtFor(db, attemptIds[0]!, { messageId, iur: messageId })),
    )
    const answers = await Promise.all(documents.map((receipt) => answerRt(db, US, receipt.envelope)))
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['OK', 'PAA_RT_DUPLICATA'])
    await settle(cartId)
    expect(await anomaliesOf(db, cartId)).toHaveLength(1)
  })

  it('PAA_SINTASSI_XSD for a document that breaks the schema; the money it names is kept', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const broken = receipt.xml.replace('<versioneOggetto>6.2.0</versioneOggetto>', '')
    expect((await answerRt(db, US, envelopeFor(receipt.key, broken))).outcome).toBe('PAA_SINTASSI_XSD')
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'receipt_refused', unplaced_cents: 1050 }])
    expect(
      ((await db('attempt').first('attention').where({ id: attemptIds[0] })) as { attention: string })
        .attention,
    ).toBe('receipt_refused')
  })

  it.each([
    ['another request', { requestMessageId: 'OTHER' }, (xml: string) => xml],
    [
      'a wrong total',
      {},
      (xml: string) => xml.replace('<importoTotalePagato>10.50', '<importoTotalePagato>10.51'),
    ],
    ['another amount in its causale', {}, (xml: string) => xml.replace('/10.50/TXT/', '/10.51/TXT/')],
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
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!, given)
    const answer = await answerRt(db, US, envelopeFor(receipt.key, spoil(receipt.xml)))
    expect(answer.outcome).toBe('PAA_SEMANTICA')
    expect((await anomaliesOf(db, cartId)).map((a) => a.kind)).toEqual(['receipt_refused'])
  })

  it('a good RT after a refused one is accepted and settles', async () => {
    const { attemptIds, cartId } = await begun()
    const bad = await buildRtFor(db, attemptIds[0]!, { requestMessageId: 'OTHER' })
    await answerRt(db, US, bad.envelope)
    const good = await buildRtFor(db, attemptIds[0]!)
    expect((await answerRt(db, US, good.envelope)).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })
})

describe('the answer to one delivery does not depend on an earlier one', () => {
  it.each([
    ['broker', 'PAA_ID_INTERMEDIARIO_ERRATO', { broker: '11111111111' }],
    ['station', 'PAA_STAZIONE_INT_ERRATA', { station: '99999900014_97' }],
  ])('refused under a wrong %s, the same bytes settle under the right one', async (_what, fault, wrong) => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    expect((await answerRt(db, US, envelopeFor(receipt.key, receipt.xml, wrong))).outcome).toBe(fault)
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'receipt_refused', unplaced_cents: 1050 }])
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
    const anomalies = db('anomaly').where({ cart_id: cartId })
    expect(await anomalies.select('unplaced_cents', db.raw('closed_at is not null as closed'))).toEqual([
      { unplaced_cents: 0, closed: true },
    ])
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('OK')
    expect(await receiptCount(receipt.key.iuv)).toBe(1)
  })

  it('accepted under the right header, the same bytes under a wrong broker get the fault of their header', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    await answerRt(db, US, receipt.envelope)
    await settle(cartId)
    const before = await db('receipt').first('*').where({ iuv: receipt.key.iuv })
    const wrong = envelopeFor(receipt.key, receipt.xml, { broker: '11111111111' })
    expect((await answerRt(db, US, wrong)).outcome).toBe('PAA_ID_INTERMEDIARIO_ERRATO')
    expect(await db('receipt').first('*').where({ iuv: receipt.key.iuv })).toEqual(before)
    expect(await anomaliesOf(db, cartId)).toEqual([])
  })

  it('first unknown and later ours, the same bytes settle, and their money is counted once', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    await db('attempt').where({ id: attemptIds[0] }).update({ iuv: 'RF00HIDDEN' })
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('PAA_RPT_SCONOSCIUTA')
    await db('attempt').where({ id: attemptIds[0] }).update({ iuv: receipt.key.iuv })
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'unknown_attempt', unplaced_cents: 0 }])
  })

  it('refused under a wrong header and then by a rule, its money is on the work list once', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!, { requestMessageId: 'OTHER' })
    await answerRt(db, US, envelopeFor(receipt.key, receipt.xml, { broker: '11111111111' }))
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('PAA_SEMANTICA')
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'receipt_refused', unplaced_cents: 1050 }])
  })
})

/** Gives the receipt a day that the schema allows but our calendar does not have. */
const farAway = (xml: string): string =>
  xml.replace('<dataEsitoSingoloPagamento>2026-01-10<', '<dataEsitoSingoloPagamento>12026-01-10<')

describe('valid and not understood', () => {
  it('is kept byte for byte, answered OK and put on the work list of a person', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const odd = farAway(receipt.xml)
    expect(violations('rpt-rt', Buffer.from(odd))).toEqual([])
    expect((await answerRt(db, US, envelopeFor(receipt.key, odd))).outcome).toBe('OK')
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'receipt_not_understood', unplaced_cents: 0 }])
    const kept = (await db('receipt').first('document', 'answer').where({ cart_id: cartId })) as {
      document: Buffer
      answer: string
    }
    expect([kept.document.toString(), kept.answer]).toEqual([odd, 'accepted'])
    expect(await db('attempt').first('attention').where({ id: attemptIds[0] })).toEqual({
      attention: 'receipt_not_understood',
    })
  })

  it('the same bytes again are answered OK again; one that is understood settles beside it', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const odd = envelopeFor(receipt.key, farAway(receipt.xml))
    await answerRt(db, US, odd)
    expect((await answerRt(db, US, odd)).outcome).toBe('OK')
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('PAA_RT_DUPLICATA')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })

  it('an attempt whose document stayed in an older system takes its receipt and is paid', async () => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!, { requestMessageId: 'OF-THE-OLD-SYSTEM' })
    await db('rpt').where({ attempt_id: attemptIds[0] }).delete()
    // The cart is never sent again, because without this RPT it would be another cart.
    expect(await readOutgoing(db, cartId)).toBeUndefined()
    expect((await answerRt(db, US, receipt.envelope)).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })

  it('our own RPT sent back is no RT: PAA_SINTASSI_XSD, and kept', async () => {
    const { attemptIds, cartId } = await begun()
    const { key } = await buildRtFor(db, attemptIds[0]!)
    const { document } = (await db('rpt').first('document').where({ attempt_id: attemptIds[0] })) as {
      document: Buffer
    }
    const answer = await answerRt(db, US, envelopeFor(key, document.toString('utf8')))
    expect(answer.outcome).toBe('PAA_SINTASSI_XSD')
    expect(await receiptCount(key.iuv)).toBe(1)
    expect(await anomaliesOf(db, cartId)).toEqual([{ kind: 'receipt_refused', unplaced_cents: 0 }])
  })

  it('no XML at all, for a payment of ours, is refused and kept: it may have been a receipt', async () => {
    const { attemptIds, cartId } = await begun()
    const { key } = await buildRtFor(db, attemptIds[0]!)
    expect((await answerRt(db, US, envelopeFor(key, 'pagato!'))).outcome).toBe('PAA_SINTASSI_XSD')
    expect(await receiptCount(key.iuv)).toBe(1)
    expect(await anomaliesOf(db, cartId)).toHaveLength(1)
  })
})

describe('a difference from the RPT that is no reason to refuse', () => {
  const notesOf = async (attemptId: string): Promise<unknown> => {
    const row = (await db('event').first('data').where({ entity_id: attemptId, kind: 'receipt_noted' })) as
      { data: { notes: string[] } } | undefined
    return row?.data.notes
  }

  it.each<[string, (xml: string) => string, string]>([
    ['words behind /TXT/', (xml) => xml.replace('/TXT/Mensa', '/TXT/MENSA SCUOLA'), 'causale_text'],
    [
      'collection data',
      (xml) => xml.replace(/<datiSpecificiRiscossione>[^<]*/, '<datiSpecificiRiscossione>9/0101002IM/'),
      'dati_specifici',
    ],
    ['the name of the payer', (xml) => xml.replace('>Chiara Bianchi<', '>C. B.<'), 'payer_name'],
    ['the code of the payer', (xml) => xml.replace('>BNCCHR85H52M999M<', '>ANONIMO<'), 'payer_code'],
    ['the name of the payee', (xml) => xml.replace('>Comune di Prova<', '>Comune<'), 'payee_name'],
    ['no IUR', (xml) => xml.replace('>IUR1<', '>n/a<'), 'iur_missing'],
  ])('%s: OK, settled, a note on the timeline', async (_what, change, note) => {
    const { attemptIds, cartId } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    expect(change(receipt.xml)).not.toBe(receipt.xml)
    expect((await answerRt(db, US, envelopeFor(receipt.key, change(receipt.xml)))).outcome).toBe('OK')
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
    expect(await notesOf(attemptIds[0]!)).toContain(note)
  })
})

describe('a message that is valid by the schema but not for this port', () => {
  it('an answer posted to us is the fault of the caller, and changes nothing', async () => {
    const body =
      '<w:paaInviaRTRisposta><paaInviaRTRisposta><esito>OK</esito></paaInviaRTRisposta></w:paaInviaRTRisposta>'
    const answer = await answerRt(
      db,
      US,
      Buffer.from(
        `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="http://ws.pagamenti.telematici.gov/"><s:Body>${body}</s:Body></s:Envelope>`,
      ),
    )
    expect(answer).toMatchObject({ status: 400, outcome: 'invalid' })
  })

  it.each([
    ['two bodies', (text: string) => text.replace(/(<soapenv:Body>.*<\/soapenv:Body>)/s, '$1$1')],
    [
      'a second body behind a processing instruction',
      (text: string) => text.replace(/(<soapenv:Body>.*<\/soapenv:Body>)/s, '$1<?x?>$1'),
    ],
    ['two headers', (text: string) => text.replace(/(<soapenv:Header>.*<\/soapenv:Header>)/s, '$1$1')],
    [
      'a header behind the body',
      (text: string) => text.replace(/(<soapenv:Header>.*<\/soapenv:Header>)(.*<\/soapenv:Body>)/s, '$2$1'),
    ],
  ])('%s: a fault, and nothing is kept', async (_what, change) => {
    const { attemptIds } = await begun()
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const text = Buffer.from(receipt.envelope).toString()
    expect(change(text)).not.toBe(text)
    expect(await answerRt(db, US, Buffer.from(change(text)))).toMatchObject({ status: 400 })
    expect(await receiptCount(receipt.key.iuv)).toBe(0)
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
    const before = await db('receipt').count('* as n')
    expect((await answerRt(db, US, Buffer.from(text))).status).toBe(status)
    expect(await db('receipt').count('* as n')).toEqual(before)
  })

  it('our operation with a broken header is readable: 200 with PAA_SINTASSI_EXTRAXSD', async () => {
    const envelope = Buffer.from(envelopeFor({ domain: '1', iuv: '2', attemptCode: '3' }, '<RT/>')).toString()
    const broken = envelope.replace(/<identificativoDominio>.*<\/identificativoDominio>/, '')
    const answer = await answerRt(db, US, Buffer.from(broken))
    expect(answer).toMatchObject({ status: 200, outcome: 'PAA_SINTASSI_EXTRAXSD' })
    expect(readSoap('pa-per-nodo', answer.body)).toMatchObject({ ok: true })
  })
})
