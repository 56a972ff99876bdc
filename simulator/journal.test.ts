import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { aRpt, callNode, readMessage, sendCartMessage } from './testing/messages.ts'
import { setStage, until, type Stage } from './testing/stage.ts'
import { status } from './testing/station.ts'
import { Journal } from './world/journal.ts'

/** A spelling whose seed draws UTF-16 with a byte order mark. */
const IN_UTF_16 = 1

let stage: Stage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})

it('payments, accepted RPTs and answers survive a restart', async () => {
  stage = await setStage()
  await stage.simulator.pay(await stage.cart('CART1'))
  await until(() => stage?.simulator.state().rts[0]?.status === 'accepted')
  const { calls: _calls, ...before } = stage.simulator.state()
  await stage.restart()
  expect(stage.simulator.state()).toMatchObject(before)
  const again = await callNode(
    stage.simulator.nodeUrl,
    'nodoInviaCarrelloRPT',
    sendCartMessage([aRpt()], { idCart: 'CART1' }),
  )
  expect(again.faultCode).toBe('PPT_ID_CARRELLO_DUPLICATO')
})

it('a receipt not yet delivered is delivered after a restart with the same bytes', async () => {
  stage = await setStage({ settings: { rtRetryMs: [60_000] } })
  stage.station.next.push(status(500))
  await stage.simulator.pay(await stage.cart('CART1'))
  await until(() => stage?.simulator.state().replies.length === 1)
  await stage.restart()
  await until(() => stage?.simulator.state().rts[0]?.status === 'accepted')
  const [lost, taken] = stage.station.received
  expect(taken?.xml).toBe(lost?.xml)
})

it('a receipt written unusually keeps its bytes over a restart, pushed or copied', async () => {
  stage = await setStage({ settings: { rtRetryMs: [60_000] } })
  stage.simulator.behave({ rules: [{ operation: 'rt', kind: 'unusual', spelling: IN_UTF_16 }] })
  stage.station.next.push(status(500))
  await stage.simulator.pay(await stage.cart('CART1'))
  await until(() => stage?.simulator.state().replies.length === 1)
  await stage.restart()
  await until(() => stage?.simulator.state().rts[0]?.status === 'accepted')
  const [lost, taken] = stage.station.received.map(({ document }) => document.toString('hex'))
  const message = readMessage('nodoChiediCopiaRT', aRpt())
  const { text } = await callNode(stage.simulator.nodeUrl, 'nodoChiediCopiaRT', message)
  const copy = Buffer.from(/<rt>(.*)<\/rt>/.exec(text)?.[1] ?? '', 'base64').toString('hex')
  expect(lost?.slice(0, 4)).toBe('fffe')
  expect([taken, copy]).toEqual([lost, lost])
})

it('a payment postponed before a restart is made after it', async () => {
  stage = await setStage({ settings: { deferredMs: 150 } })
  await stage.simulator.pay(await stage.cart('CART1'), 'DIFFERITO')
  await stage.restart()
  await until(() => stage?.station.received.length === 1)
  expect(stage.simulator.state().payments).toMatchObject([{ iuv: aRpt().iuv, cents: 1000 }])
})

it('a session left open can be paid after a restart, at the address given before', async () => {
  stage = await setStage()
  const session = await stage.cart('CART1')
  await stage.restart()
  const message = readMessage('nodoChiediStatoRPT', aRpt())
  expect((await callNode(stage.simulator.nodeUrl, 'nodoChiediStatoRPT', message)).text).toContain(session)
  await stage.simulator.pay(session)
  expect(stage.simulator.state().payments).toHaveLength(1)
})

it('flows, and what they list, survive a restart, as do the days that the clock was moved', async () => {
  stage = await setStage()
  await stage.simulator.pay(await stage.cart('CART1'))
  const [flow] = stage.simulator.publish()
  const now = stage.simulator.moveOn(2)
  await stage.restart()
  expect(stage.simulator.state().flows).toMatchObject([{ fdr: flow!.fdr, sumPayments: '10.00', count: 1 }])
  expect(stage.simulator.publish()).toEqual([])
  const [given] = stage.simulator.publish({ flows: [{ domain: flow!.domain, fdr: flow!.fdr }] })
  expect(given?.revision).toBe(2)
  expect(Date.parse(given!.published)).toBeGreaterThanOrEqual(now.getTime())
  stage.simulator.reset()
  expect(stage.simulator.state().flows).toEqual([])
  expect(stage.simulator.moveOn(1).getTime()).toBeLessThan(now.getTime())
})

it('an incomplete last line is ignored, and the next fact is not lost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const path = join(folder, 'journal.jsonl')
  const read = () => {
    const { journal, entries } = Journal.open<{ n: number }>(path)
    return { journal, entries: entries.map(({ n }) => n) }
  }
  const first = read()
  first.journal.append({ n: 1 })
  first.journal.close()
  appendFileSync(path, '{"n":2')
  const second = read()
  second.journal.append({ n: 3 })
  second.journal.close()
  expect(second.entries).toEqual([1])
  expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":3}\n')
  appendFileSync(path, 'x\n{"n":4}\n')
  expect(read).toThrow('journal line 3')
  rmSync(folder, { recursive: true })
})
