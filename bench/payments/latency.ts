import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { runPairs, type Pairs } from '../pairs.ts'
import { percentile } from '../statistics.ts'
import type { World } from '../world/world.ts'
import { clickPaga, openBrowsers, payAtPsp, type Browser } from './browsers.ts'
import { readReplies, type Reply } from './replies.ts'
import type { EnteRow } from './prepare.ts'
import { watchSent } from './sent-watch.ts'

/** p95 in milliseconds of payments made one after the other. */
export interface Latency {
  paga: number
  /** From our OK to the node until the due is paid in the database; for the twin from the signal until its step is done. */
  paid: number
  /** The same from the payer's click at the PSP, which includes the way of the receipt and its checks. */
  clickToPaid: number
}

/** Measures latency with one payment in flight. */
export async function measureLatency(
  world: World,
  ente: EnteRow,
  { pairs, payments, say }: { pairs: number; payments: number; say: (text: string) => void },
): Promise<Pairs<Latency>> {
  const sent = watchSent(world.db)
  try {
    return await runPairs(
      {
        figure: (result) => result.paga,
        async product() {
          const browsers = await openBrowsers(world, ente, payments)
          const timed: ProductTimes[] = []
          for (const browser of browsers) {
            const done = sent.whenSent(browser.cartId)
            timed.push(await timeOne(world, browser))
            await done
          }
          return summary(timed, await readReplies(world))
        },
        async twin() {
          const timed: number[][] = []
          for (let n = 0; n < payments; n++) timed.push(await timeTwin(world, randomUUID()))
          const [paga, paid] = [0, 1].map((column) =>
            percentile(
              timed.map((row) => row[column]!),
              0.95,
            ),
          )
          return { paga: paga!, paid: paid!, clickToPaid: paid! }
        },
      },
      pairs,
      say,
    )
  } finally {
    sent.stop()
  }
}

interface ProductTimes {
  session: string
  paga: number
  clickedAt: number
  paidAt: number
}

async function timeOne(world: World, browser: Browser): Promise<ProductTimes> {
  const startedAt = performance.now()
  const session = await clickPaga(world, browser)
  const paga = performance.now() - startedAt
  const clickedAt = Date.now()
  const [, paidAt] = await Promise.all([payAtPsp(world, session), whenPaid(world.db, browser.dueId)])
  return { session, paga, clickedAt, paidAt }
}

/** Polls without a pause, so that the result is at most one query late. Returns epoch ms. */
async function whenPaid(db: Knex, dueId: string): Promise<number> {
  for (;;) {
    const { rows } = await db.raw<{ rows: { state: string }[] }>('select state from due where id = ?', [
      dueId,
    ])
    if (rows[0]!.state === 'paid') return Date.now()
    await new Promise((resolve) => {
      setTimeout(resolve, 1)
    })
  }
}

function summary(timed: ProductTimes[], replies: Reply[]): Latency {
  const repliedAt = new Map(replies.map(({ session, at }) => [session, at]))
  const p95 = (of: (times: ProductTimes) => number): number => percentile(timed.map(of), 0.95)
  return {
    paga: p95(({ paga }) => paga),
    // The worker may settle before our answer reaches the node; that counts as 0.
    paid: p95(({ session, paidAt }) => Math.max(0, paidAt - repliedAt.get(session)!)),
    clickToPaid: p95(({ clickedAt, paidAt }) => paidAt - clickedAt),
  }
}

async function timeTwin({ twin, reports }: World, id: string): Promise<number[]> {
  const settled = reports.when('settled', id)
  const mailed = reports.when('mailed', id)
  const startedAt = performance.now()
  await twin.begin(id)
  const begunAt = performance.now()
  await Promise.all([twin.tell(id), settled])
  const settledAt = performance.now()
  await mailed
  return [begunAt - startedAt, settledAt - begunAt]
}
