import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keys, readFlow, readList, readPayments, type Reader } from './testing/reporting.ts'
import { aRpt, DOMAIN, OTHER_DOMAIN } from './testing/messages.ts'
import { setStage, until, type Stage } from './testing/stage.ts'

const PSP = '60000000001'

let stage: Stage
let reader: Reader
beforeAll(async () => {
  stage = await setStage({ reportingKeys: keys, disabledDomains: ['66666666666'] })
  reader = { url: stage.simulator.reportingUrl, key: keys[0] }
})
afterAll(() => stage.close())
beforeEach(() => {
  stage.simulator.reset()
  stage.station.received.length = 0
})

const pay = async (idCart: string, ...rpts: ReturnType<typeof aRpt>[]) =>
  stage.simulator.pay(await stage.cart(idCart, ...rpts))

describe('flows of the payments that were made', () => {
  it('one flow lists each transfer of the payments of an organization, with the ids of their receipts', async () => {
    await pay('CART1', aRpt({ items: ['10.00', '2.50'], total: '12.50' }))
    await pay('CART2', aRpt({ iuv: '01000000000000245' }))
    const [flow, ...others] = stage.simulator.publish()
    expect(others).toEqual([])
    const today = new Date().toISOString().slice(0, 4)
    expect(flow?.fdr).toMatch(new RegExp(`^${today}-\\d\\d-\\d\\d${PSP}-0000001$`))
    expect(flow).toMatchObject({ domain: DOMAIN, psp: PSP, totPayments: 3, sumPayments: '22.50' })
    await until(() => stage.station.received.length === 2)
    const receipts = stage.station.received.map(({ xml }) => xml).join()
    const { data } = (await readPayments(reader, flow!)).json
    expect(data.map((row: Row) => [row.index, row.iuv, row.idTransfer, row.pay, row.payStatus])).toEqual([
      [1, aRpt().iuv, 1, 10, 'EXECUTED'],
      [2, aRpt().iuv, 2, 2.5, 'EXECUTED'],
      [3, '01000000000000245', 1, 10, 'EXECUTED'],
    ])
    for (const { iur } of data as Row[]) expect(receipts).toContain(iur)
  })

  it('what is in a flow is not published again, and unpaid is never published', async () => {
    await pay('CART1')
    expect(stage.simulator.publish()).toHaveLength(1)
    expect(stage.simulator.publish()).toEqual([])
    await stage.simulator.pay(await stage.cart('CART2', aRpt({ iuv: '01000000000000245' })), 'KO')
    expect(stage.simulator.publish()).toEqual([])
    await pay('CART3', aRpt({ iuv: '01000000000000346' }))
    expect(stage.simulator.publish()[0]?.fdr).toMatch(/-0000002$/)
  })

  it('organizations and days have flows of their own', async () => {
    await pay('CART1')
    await pay('CART2', aRpt({ domain: OTHER_DOMAIN, iuv: '01000000000000245' }))
    const before = Date.now()
    expect(stage.simulator.moveOn().getTime() - before).toBeGreaterThan(22 * 3_600_000)
    await pay('CART3', aRpt({ iuv: '01000000000000346' }))
    const flows = stage.simulator.publish()
    expect(flows.map(({ domain }) => domain)).toEqual([DOMAIN, OTHER_DOMAIN, DOMAIN])
    expect(new Set(flows.map(({ fdr }) => fdr)).size).toBe(3)
    const [first, , last] = flows
    expect(first?.header.regulationDate).toBe(last?.header.regulationDate)
    expect(stage.simulator.state().flows).toHaveLength(3)
  })
})

type Row = { index: number; iuv: string; iur: string; idTransfer: number; pay: number; payStatus: string }

describe('the REST reads', () => {
  const row = { iuv: '01000000000000144', pay: '10.50' }

  it('answer as the description of the API says', async () => {
    const given = {
      domain: DOMAIN,
      fdr: '2026-01-02X-1',
      rows: [{ ...row, iur: 'IUR1', payDate: '2026-01-01' }],
    }
    const [flow] = stage.simulator.publish({ flows: [given] })
    const { published } = flow!
    expect(published).toMatch(/Z$/)
    expect((await readList(reader, DOMAIN)).json).toEqual({
      metadata: { pageSize: 1000, pageNumber: 1, totPage: 1 },
      count: 1,
      data: [{ fdr: '2026-01-02X-1', pspId: PSP, revision: 1, published, flowDate: published }],
    })
    expect((await readFlow(reader, flow!)).json).toEqual({
      status: 'PUBLISHED',
      revision: 1,
      created: published,
      updated: published,
      fdr: '2026-01-02X-1',
      fdrDate: published,
      regulation: 'TRN20260102X1',
      regulationDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      bicCodePouringBank: 'SIMUITMMXXX',
      sender: {
        type: 'LEGAL_PERSON',
        id: PSP,
        pspId: PSP,
        pspName: 'PSP simulato',
        pspBrokerId: PSP,
        channelId: `${PSP}_01`,
      },
      receiver: { id: DOMAIN, organizationId: DOMAIN, organizationName: `Ente ${DOMAIN}` },
      published,
      computedTotPayments: 1,
      computedSumPayments: 10.5,
      totPayments: 1,
      sumPayments: 10.5,
    })
    expect((await readPayments(reader, flow!)).json).toEqual({
      metadata: { pageSize: 1000, pageNumber: 1, totPage: 1 },
      count: 1,
      data: [
        {
          index: 1,
          iuv: row.iuv,
          iur: 'IUR1',
          idTransfer: 1,
          pay: 10.5,
          payStatus: 'EXECUTED',
          payDate: '2026-01-01T00:00:00Z',
        },
      ],
    })
  })

  it('pages hold what was asked for, in order, and the last one the rest', async () => {
    const flows = ['F1', 'F2', 'F3', 'F4', 'F5'].map((fdr) => ({ domain: DOMAIN, fdr, rows: [row] }))
    stage.simulator.publish({ flows })
    const pages = await Promise.all([1, 2, 3, 4].map((page) => readList(reader, DOMAIN, { page, size: 2 })))
    expect(pages.map(({ json }) => json.data.map(({ fdr }: { fdr: string }) => fdr))).toEqual([
      ['F1', 'F2'],
      ['F3', 'F4'],
      ['F5'],
      [],
    ])
    expect(pages[0]?.json.metadata).toEqual({ pageSize: 2, pageNumber: 1, totPage: 3 })
    stage.simulator.behave({ settings: { reportingPage: 3 } })
    const { metadata, data } = (await readList(reader, DOMAIN)).json
    expect([metadata.totPage, data.length]).toEqual([2, 3])
  })

  it('filters by PSP, by publication and by date of the flow', async () => {
    const at = (day: string) => ({ published: `${day}T10:00:00Z`, flowDate: `${day}T09:00:00Z` })
    const now = new Date().toISOString().slice(0, 10)
    stage.simulator.publish({
      flows: [
        { domain: DOMAIN, fdr: 'OLD', ...at('2020-01-01') },
        { domain: DOMAIN, fdr: 'NEW', ...at(now) },
        { domain: DOMAIN, fdr: 'PSP', psp: 'ABI12345', ...at(now) },
      ],
    })
    const list = async (query: Record<string, string>) =>
      (await readList(reader, DOMAIN, query)).json.data.map(({ fdr }: { fdr: string }) => fdr)
    expect(await list({})).toEqual(['NEW', 'PSP'])
    expect(await list({ pspId: 'ABI12345' })).toEqual(['PSP'])
    const old = '2019-12-31T00:00:00Z'
    expect(await list({ publishedGt: old })).toEqual(['NEW', 'PSP'])
    expect(await list({ publishedGt: old, flowDate: old })).toEqual(['OLD', 'NEW', 'PSP'])
    expect(await list({ publishedGt: `${now}T10:00:00Z` })).toEqual([])
    expect(await list({ publishedGt: old, flowDate: `${now}T09:00:00Z` })).toEqual(['NEW', 'PSP'])
  })

  const refused = [
    [{ page: 0 }, 'FDR-0400'],
    [{ size: 1001 }, 'FDR-0400'],
    [{ size: 0 }, 'FDR-0400'],
    [{ publishedGt: '2026-01-01T00:00:00' }, 'FDR-0400'],
    [{ flowDate: 'ieri' }, 'FDR-0400'],
  ] as const
  it.each(refused)('%j is a bad request', async (query, code) => {
    const { status, json } = await readList(reader, DOMAIN, query)
    expect([status, json.httpStatusCode, json.appErrorCode]).toEqual([400, 400, code])
    expect(json.errors[0].path).toBe(Object.keys(query)[0])
  })

  it('unknown and disabled organizations and unknown flows have their codes', async () => {
    const code = async (answer: ReturnType<typeof readList>) => {
      const { status, json } = await answer
      return [status, json.appErrorCode]
    }
    expect(await code(readList(reader, '66666666666'))).toEqual([400, 'FDR-2009'])
    const [flow] = stage.simulator.publish({ flows: [{ domain: DOMAIN }] })
    expect(await code(readFlow(reader, { ...flow!, revision: 2 }))).toEqual([404, 'FDR-3001'])
    expect(await code(readPayments(reader, { ...flow!, psp: 'X' }))).toEqual([404, 'FDR-3001'])
    expect(await code(readFlow(reader, { ...flow!, domain: OTHER_DOMAIN }))).toEqual([404, 'FDR-3001'])
  })

  it('opens to both keys and to no other', async () => {
    const status = async (key: string) => (await readList({ ...reader, key }, DOMAIN)).status
    expect([await status(keys[0]), await status(keys[1])]).toEqual([200, 200])
    expect([await status('altro'), await status('')]).toEqual([401, 401])
  })
})
