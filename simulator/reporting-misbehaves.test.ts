import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BehaviourRequest } from './behaviour/schema.ts'
import { DOMAIN, OTHER_DOMAIN } from './testing/messages.ts'
import { keys, readFlow, readList, readPayments, type Read, type Reader } from './testing/reporting.ts'
import { setStage, until, type Stage } from './testing/stage.ts'

let stage: Stage
let reader: Reader
beforeAll(async () => {
  stage = await setStage({ reportingKeys: keys })
  reader = { url: stage.simulator.reportingUrl, key: keys[0] }
})
afterAll(() => stage.close())
beforeEach(() => stage.simulator.reset())

type NewRule = NonNullable<BehaviourRequest['rules']>[number]
const behave = (kind: string, rule: Partial<NewRule> = {}) =>
  stage.simulator.behave({ rules: [{ operation: 'reporting', kind, ...rule }] })
const publish = (count: number, domain = DOMAIN) =>
  stage.simulator.publish({ flows: Array.from({ length: count }, () => ({ domain, recipe: { count: 5 } })) })
const list = (query: Record<string, number> = {}, key = keys[0]) =>
  readList({ ...reader, key }, DOMAIN, query)
const statuses = (reads: Read[]) => reads.map(({ status }) => status)

describe('a reporting API that misbehaves', () => {
  it('refuses too many calls, and says in seconds, by a date, or not at all when to come back', async () => {
    behave('too_many', { times: 2, ms: 1_500 })
    const reads = [await list(), await list(), await list()]
    expect(statuses(reads)).toEqual([429, 429, 200])
    expect(reads[0]?.headers.get('retry-after')).toBe('2')
    behave('too_many', { times: 1, how: 'date', ms: 60_000 })
    stage.simulator.moveOn()
    const wait = Date.parse((await list()).headers.get('retry-after') ?? '') - Date.now()
    expect(wait).toBeGreaterThan(57_000)
    expect(wait).toBeLessThanOrEqual(60_000)
    behave('too_many', { times: 1, how: 'none' })
    expect((await list()).headers.has('retry-after')).toBe(false)
  })

  it('refuses the first key and takes the second', async () => {
    behave('unauthorized')
    expect(statuses([await list(), await list({}, keys[1])])).toEqual([401, 200])
    behave('unauthorized', { match: { key: 'second' } })
    expect((await list({}, keys[1])).status).toBe(401)
  })

  it('breaks one page, once, and no other', async () => {
    publish(3)
    behave('broken_page', { times: 1, match: { page: 2 } })
    const pages = [1, 2, 2, 3]
    const reads: Read[] = []
    for (const page of pages) reads.push(await list({ page, size: 1 }))
    expect(statuses(reads)).toEqual([200, 500, 200, 200])
    expect(reads[1]?.json.appErrorCode).toBe('FDR-0500')
    behave('broken_page', { times: 1, how: 'truncated' })
    const half = await list({ page: 1, size: 1 })
    expect([half.status, half.json]).toEqual([200, undefined])
    expect(reads[0]?.text.startsWith(half.text)).toBe(true)
  })

  it('breaks the payments of one flow only, when told so', async () => {
    const [first, second] = publish(2)
    behave('http_500', { match: { call: 'payments', fdr: second!.fdr } })
    expect((await readPayments(reader, first!)).status).toBe(200)
    expect((await readPayments(reader, second!)).status).toBe(500)
    expect((await readFlow(reader, second!)).status).toBe(200)
  })

  it('gains flows while its list is paged, which stay', async () => {
    publish(4)
    behave('shifting', { times: 1, match: { page: 2 } })
    const totals = []
    for (const page of [1, 2, 1]) totals.push((await list({ page, size: 2 })).json.metadata.totPage)
    expect(totals).toEqual([2, 3, 3])
    expect((await list()).json.count).toBe(5)
    expect(stage.simulator.state().flows).toHaveLength(5)
  })

  it('loses flows for one answer', async () => {
    const flows = publish(4)
    publish(1, OTHER_DOMAIN)
    behave('shifting', { times: 1, how: 'removed' })
    const shown = async () => {
      const { metadata, data } = (await list({ page: 1, size: 2 })).json
      return [metadata.totPage, ...data.map(({ fdr }: { fdr: string }) => fdr)]
    }
    expect(await shown()).toEqual([1, flows[2]!.fdr, flows[3]!.fdr])
    expect(await shown()).toEqual([2, flows[0]!.fdr, flows[1]!.fdr])
  })

  it('shows an empty page with the totals as they are', async () => {
    publish(1)
    behave('empty', { times: 1 })
    expect((await list()).json).toMatchObject({ metadata: { totPage: 1 }, count: 1, data: [] })
    expect((await list()).json.data).toHaveLength(1)
  })

  it('repeats a row of a page of payments, not of the list', async () => {
    const [flow] = publish(1)
    behave('duplicate_index')
    expect((await list()).json.data).toHaveLength(1)
    const { data } = (await readPayments(reader, flow!)).json
    expect(data.map(({ index }: { index: number }) => index)).toEqual([1, 2, 3, 4, 5, 1])
  })

  it('answers late, half, or not at all', async () => {
    behave('slow', { times: 1, ms: 50 })
    const since = performance.now()
    expect((await list()).status).toBe(200)
    expect(performance.now() - since).toBeGreaterThan(45)
    behave('malformed', { times: 1 })
    expect((await list()).json).toBeUndefined()
    behave('drop', { times: 1 })
    await expect(list()).rejects.toThrow()
    expect((await list()).status).toBe(200)
  })

  it('holds its answer until it is released', async () => {
    publish(1)
    behave('barrier', { name: 'elenco', match: { call: 'list' } })
    const held = list()
    await until(() => stage.simulator.held() === 1)
    publish(1)
    expect(stage.simulator.release('elenco')).toBe(1)
    // It was ready before the second flow came.
    expect((await held).json.count).toBe(1)
  })

  it('is counted, also when it refuses', async () => {
    await list()
    behave('http_500')
    await list()
    expect(stage.simulator.state().calls['reporting']).toBe(2)
  })
})

it('a form that a kind does not have is refused with those it has', () => {
  expect(() => behave('too_many', { how: 'added' })).toThrow('seconds, date, none')
  expect(() => behave('slow', { how: 'date' })).toThrow('how')
  expect(() => behave('mangiato')).toThrow('too_many')
})
