import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker, type ReplayResult } from '@temporalio/worker'
import { describe, expect, it } from 'vitest'
import { PATHS } from '../histories/paths.ts'
import { workflowBundle } from '../setup/engine.ts'

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url))
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))

interface Recorded {
  workflowId: string
  events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[]
}

const read = (file: string): Recorded => JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as Recorded

/** Replays the histories; results have their order. An error means that a running process would stop at a deployment. */
async function replay(histories: readonly Recorded[]): Promise<ReplayResult[]> {
  const workflowBundleNow = await workflowBundle()
  const given = histories.map(({ workflowId, events }) => ({ workflowId, history: { events } }))
  const results: ReplayResult[] = []
  for await (const result of Worker.runReplayHistories({ workflowBundle: workflowBundleNow }, given))
    results.push(result)
  return results
}

describe('histories of the main paths against the workflows of today', () => {
  it('there is one of each path', () => {
    const recorded = files.map((name) => name.split('.')[0])
    expect(new Set(recorded)).toEqual(new Set(Object.keys(PATHS)))
    expect(files).toContain('paid.send-mail.json')
  })

  it.each(files)('%s replays', async (file) => {
    const [result] = await replay([read(file)])
    expect(result?.error).toBeUndefined()
  })

  it('a history of a run that did something else is reported', async () => {
    const other = read('paid.pay-cart.json')
    const scheduled = other.events.find((event) => event.activityTaskScheduledEventAttributes)!
    scheduled.activityTaskScheduledEventAttributes!.activityType.name = 'somethingElse'
    const [result] = await replay([other])
    expect(result?.error?.name).toBe('DeterminismViolationError')
  })

  it('they contain no personal data', () => {
    for (const file of files) {
      const text = readFileSync(`${FOLDER}${file}`, 'utf8')
      const payloads = [...text.matchAll(/"data": ?"([^"]+)"/g)].map(([, data]) =>
        Buffer.from(data!, 'base64').toString(),
      )
      expect(payloads.length).toBeGreaterThan(0)
      expect(`${text}${payloads.join()}`).not.toMatch(/BNCCHR|Bianchi|chiara@/i)
    }
  })
})
