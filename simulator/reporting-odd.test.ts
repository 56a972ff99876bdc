import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callNode, DOMAIN, otherMessage, OTHER_DOMAIN } from './testing/messages.ts'
import { readFlow, readList, readPayments, type Reader } from './testing/reporting.ts'
import { setStage, type Stage } from './testing/stage.ts'
import { childrenOf, readTree, textAt, type XmlTree } from './xml-tree.ts'

let stage: Stage
let reader: Reader
beforeAll(async () => {
  stage = await setStage()
  reader = { url: stage.simulator.reportingUrl, key: 'qualsiasi' }
})
afterAll(() => stage.close())
beforeEach(() => stage.simulator.reset())

const publish = (flow: object) => stage.simulator.publish({ flows: [{ domain: DOMAIN, ...flow }] })[0]!
const row = (iuv: string, pay = '1.00', more: object = {}) => ({ iuv, pay, ...more })

const LIST = 'nodoChiediElencoFlussiRendicontazione'
const FETCH = 'nodoChiediFlussoRendicontazione'
const dominio = (domain: string) => `<identificativoDominio>${domain}</identificativoDominio>`
const ask = (operation: string, fields: string) =>
  callNode(stage.simulator.nodeUrl, operation, otherMessage(operation, fields))
const fetched = async (fdr: string): Promise<XmlTree | undefined> => {
  const answer = await ask(FETCH, `${dominio(DOMAIN)}<identificativoFlusso>${fdr}</identificativoFlusso>`)
  return readTree(Buffer.from(textAt(answer.body, 'xmlRendicontazione') ?? '', 'base64'))
}
const listed = async (fields: string) => {
  const { body } = await ask(LIST, fields)
  const flows = childrenOf(body?.children[0], 'idRendicontazione')
  return flows.map((flow) => flow.children.map(({ text }) => text))
}

describe('a flow given by hand', () => {
  it('says what it is told: another receiver, wrong totals, every code, three decimals', async () => {
    const codes = [0, 3, 4, 8, 9, 7]
    const flow = publish({
      header: { receiver: OTHER_DOMAIN },
      totPayments: 99,
      sumPayments: '1.23',
      rows: codes.map((code, at) => row(`0${at}`, at === 0 ? '10.005' : '2.50', { code })),
    })
    const { json } = await readFlow(reader, flow)
    expect([json.receiver.id, json.totPayments, json.sumPayments]).toEqual([OTHER_DOMAIN, 99, 1.23])
    // The revoked row is subtracted.
    expect([json.computedTotPayments, json.computedSumPayments]).toEqual([6, 17.505])
    const { text, json: page } = await readPayments(reader, flow)
    expect(text).toContain('"pay":10.005,')
    expect(text).toContain('"pay":2.50,')
    expect(page.data.map(({ payStatus }: { payStatus: string }) => payStatus)).toEqual([
      'EXECUTED',
      'REVOKED',
      'STAND_IN',
      'STAND_IN_NO_RPT',
      'NO_RPT',
      'ESITO_7',
    ])
  })

  it('may be empty, list a row twice, repeat a number, leave the transfer out, or have no amount at all', async () => {
    expect((await readPayments(reader, publish({ fdr: 'EMPTY' }))).json).toEqual({
      metadata: { pageSize: 1000, pageNumber: 1, totPage: 0 },
      count: 0,
      data: [],
    })
    const twice = row('01', '1.00', { iur: 'I', index: 1 })
    const flow = publish({ rows: [twice, twice, row('02', 'gratis', { idTransfer: null })] })
    const { data } = (await readPayments(reader, flow)).json
    expect(data[0]).toEqual(data[1])
    expect(data[2]).toMatchObject({ iuv: '02', pay: 'gratis' })
    expect(data[2]).not.toHaveProperty('idTransfer')
  })

  it.each(['2026/01 X-1', 'à&<b>', '..', '%2F', '?a=b#c'])('may have the id %j', async (fdr) => {
    const flow = publish({ fdr, rows: [row('01')] })
    expect((await readList(reader, DOMAIN)).json.data[0].fdr).toBe(fdr)
    if (fdr === '..') return // No client can ask for it: the address has another meaning.
    expect((await readFlow(reader, flow)).json.fdr).toBe(fdr)
    expect((await readPayments(reader, flow)).json.count).toBe(1)
  })

  it('with an unknown field is refused', () => {
    expect(() => publish({ fdrr: 'X' })).toThrow('fdrr')
    expect(() => publish({ rows: [{ iuv: '01' }] })).toThrow('pay')
  })
})

describe('a new revision', () => {
  it('has rows taken away or changed, keeps its head, and leaves the one before as it was', async () => {
    const rows = [row('01'), row('02'), row('03')]
    const header = { regulation: 'TRN1', regulationDate: '2026-01-02' }
    const first = publish({ fdr: 'F', header, rows })
    const changes = { without: [1], changed: [{ place: 3, pay: '9.99', code: 9 }] }
    const second = publish({ fdr: 'F', changes })
    expect(second).toMatchObject({ revision: 2, header, totPayments: 2, sumPayments: '10.99' })
    expect(Date.parse(second.flowDate) - Date.parse(first.flowDate)).toBeGreaterThanOrEqual(1_000)
    const data = async (flow: typeof first) =>
      (await readPayments(reader, flow)).json.data.map((one: Record<string, unknown>) => [
        one['index'],
        one['iuv'],
        one['pay'],
        one['payStatus'],
      ])
    expect(await data(second)).toEqual([
      [1, '02', 1, 'EXECUTED'],
      [2, '03', 9.99, 'NO_RPT'],
    ])
    expect(await data(first)).toHaveLength(3)
    const listed = (await readList(reader, DOMAIN)).json.data
    expect(listed.map(({ revision }: { revision: number }) => revision)).toEqual([1, 2])
  })

  it('of a flow without changes repeats its rows; another PSP with the same id begins at one', () => {
    publish({ fdr: 'F', rows: [row('01')] })
    expect(publish({ fdr: 'F' })).toMatchObject({ revision: 2, totPayments: 1 })
    expect(publish({ fdr: 'F', psp: 'ABI12345' })).toMatchObject({ revision: 1, totPayments: 0 })
  })
})

describe('a generated flow', () => {
  const COUNT = 100_000

  it('has 100,000 rows, page by page, and weighs one line of the journal', async () => {
    const journal = join(stage.dataDir, 'simulator', 'journal.jsonl')
    const before = statSync(journal).size
    const flow = publish({ recipe: { seed: 7, count: COUNT, firstIuv: '01000000000000000' } })
    expect(statSync(journal).size - before).toBeLessThan(2_000)
    const last = (await readPayments(reader, flow, { page: 100 })).json
    expect(last.metadata).toEqual({ pageSize: 1000, pageNumber: 100, totPage: 100 })
    expect(last.data.at(-1)).toMatchObject({ index: COUNT, iuv: '01000000000099999', iur: `GEN7N${COUNT}` })
    let cents = 0
    const seen = new Set<string>()
    for (let page = 1; page <= 100; page += 1) {
      for (const { pay, iuv } of (await readPayments(reader, flow, { page })).json.data) {
        cents += Math.round(pay * 100)
        seen.add(iuv)
      }
    }
    expect(seen.size).toBe(COUNT)
    expect(flow.sumPayments).toBe((cents / 100).toFixed(2))
  })

  it('is the same after a restart', async () => {
    const flow = publish({ recipe: { seed: 7, count: 3 } })
    const { text } = await readPayments(reader, flow)
    await stage.restart()
    reader = { ...reader, url: stage.simulator.reportingUrl }
    expect((await readPayments(reader, flow)).text).toBe(text)
  })
})

describe('the SOAP reads', () => {
  it('list and return the latest revision, with a later time', async () => {
    publish({ fdr: 'F1', rows: [row('01')] })
    const second = publish({
      fdr: 'F1',
      rows: [row('02', '5.00', { iur: 'I2', code: 8, payDate: '2026-01-01' })],
    })
    publish({ domain: OTHER_DOMAIN, fdr: 'F2' })
    const flows = await listed(dominio(DOMAIN))
    const at = flows[0]?.[1]
    expect(flows).toEqual([['F1', at]])
    const document = await fetched('F1')
    expect(textAt(document, 'dataOraFlusso')).toBe(at)
    const rome = new Date(second.flowDate).toLocaleString('sv', { timeZone: 'Europe/Rome' }).replace(' ', 'T')
    expect(at).toBe(rome)
    expect(document?.children.map(({ name }) => name)).toEqual([
      'versioneOggetto',
      'identificativoFlusso',
      'dataOraFlusso',
      'identificativoUnivocoRegolamento',
      'dataRegolamento',
      'istitutoMittente',
      'codiceBicBancaDiRiversamento',
      'istitutoRicevente',
      'numeroTotalePagamenti',
      'importoTotalePagamenti',
      'datiSingoliPagamenti',
    ])
    expect(document?.children.at(-1)?.children.map(({ name, text }) => [name, text])).toEqual([
      ['identificativoUnivocoVersamento', '02'],
      ['identificativoUnivocoRiscossione', 'I2'],
      ['indiceDatiSingoloPagamento', '1'],
      ['singoloImportoPagato', '5.00'],
      ['codiceEsitoSingoloPagamento', '8'],
      ['dataEsitoSingoloPagamento', '2026-01-01'],
    ])
  })

  it('filter by PSP, and list thirty days', async () => {
    publish({ fdr: 'F1' })
    publish({ fdr: 'F2', psp: 'ABI12345' })
    publish({ fdr: 'F3', published: '2020-01-01T00:00:00Z' })
    const names = async (fields: string) => (await listed(fields)).map(([fdr]) => fdr)
    expect(await names(dominio(DOMAIN))).toEqual(['F1', 'F2'])
    const psp = '<identificativoPSP>ABI12345</identificativoPSP>'
    expect(await names(dominio(DOMAIN) + psp)).toEqual(['F2'])
  })
})
