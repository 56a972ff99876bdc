import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { sendRaw } from '../setup/raw.ts'
import { layGround, SILENT_ENGINE } from './ground.ts'
import { hostileRequest, type Asked, type Ground } from './requests.ts'

/** FUZZ_SEED repeats a run; FUZZ_SECONDS sets its length. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 20)
/** Requests sent together, because one that stops the process then makes the others fail too. */
const AT_ONCE = 8
/** Far longer than any page takes, even when other tests share the machine. */
const HANG_MS = 20_000

let site: Site
let ground: Ground

beforeAll(async () => {
  site = await startSite({ limitFactor: 1_000_000 })
  Object.assign(site.processes, { client: SILENT_ENGINE })
  ground = await layGround(site)
})
afterAll(() => site.close())

/** Code of an answer that means that the request is valid but the engine is down, which it is in this test. */
const DOWN = 'PAYMENTS_PAUSED'

async function fault(asked: Asked): Promise<string | undefined> {
  const answer = await sendRaw(site.url, asked, HANG_MS)
  if (answer.status === 0) return 'no answer'
  if (answer.status < 500 || answer.body.includes(DOWN)) return undefined
  return `${answer.status}`
}

describe('whatever is sent', () => {
  it('has many addresses and forms to be sent to', () => {
    expect(ground.routes.length).toBeGreaterThan(80)
    expect([...ground.forms].map(([name, forms]) => [name, forms.length > 2])).toEqual([
      ['nobody', true],
      ['citizen', true],
      ['operator', true],
      ['administrator', true],
    ])
  })

  it(
    `is answered, and never as a fault of ours (FUZZ_SEED=${SEED})`,
    async () => {
      let sent = 0
      const property = fc.asyncProperty(
        fc.array(hostileRequest(ground), { minLength: 1, maxLength: AT_ONCE }),
        async (requests) => {
          const faults = await Promise.all(requests.map(fault))
          sent += requests.length
          expect(faults.filter((one) => one !== undefined)).toEqual([])
        },
      )
      await fc.assert(property, {
        seed: SEED,
        numRuns: 1_000_000,
        interruptAfterTimeLimit: SECONDS * 1_000,
        markInterruptAsFailure: false,
      })
      expect(sent).toBeGreaterThan(SECONDS * 5)
    },
    (SECONDS + 60) * 1_000,
  )
})
