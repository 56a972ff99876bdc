import { medianOf, ratioOf, type Pairs } from '../pairs.ts'
import { compared, percent, type Part } from '../part.ts'
import { percentile } from '../statistics.ts'
import type { Latency } from './latency.ts'
import type { Reply } from './replies.ts'
import type { Throughput } from './throughput.ts'

const LIMITS = { throughput: 0.5, paga: 2.5, paid: 3, start: 15, client: 0.25, answered: 0.98 } as const

export function throughputPart(pairs: Pairs<Throughput>): Part {
  const { product, twin } = pairs
  const total = ({ cpu }: Throughput): number => OURS.reduce((sum, part) => sum + (cpu[part] ?? 0), 0)
  const rate = (result: Throughput): number => result.perSecond
  const ratio = ratioOf(pairs, rate)
  const parts = Object.keys(product[0]!.cpu)
  return {
    rows: [
      compared('payments per second', pairs, rate, 1),
      compared('CPU ms per payment, ours and servers', pairs, (result) => 1000 * total(result), 1),
      ...parts.map((part) => compared(`  ${part}`, pairs, ({ cpu }) => 1000 * (cpu[part] ?? 0), 1)),
      ['measuring process, share of machine', share(product), share(twin), '', ''],
    ],
    targets: [
      { name: 'throughput_ratio', value: ratio, limit: LIMITS.throughput, is: 'least' },
      {
        name: 'client_share',
        value: medianOf(product, ({ client }) => client),
        limit: LIMITS.client,
        is: 'most',
      },
    ],
  }
}

/** Processes whose CPU counts for a payment. The simulator stands for the outside world and the client only measures. */
const OURS = ['worker', 'api', 'postgres', 'temporal']

export function latencyPart(pairs: Pairs<Latency>): Part {
  return {
    rows: [
      compared('"Paga" p95, ms', pairs, ({ paga }) => paga, 1),
      compared('RT → paid visible p95, ms', pairs, ({ paid }) => paid, 1),
      compared('click at the PSP → paid visible p95, ms', pairs, ({ clickToPaid }) => clickToPaid, 1),
    ],
    targets: [
      { name: 'paga_p95_ratio', value: ratioOf(pairs, ({ paga }) => paga), limit: LIMITS.paga, is: 'most' },
      {
        name: 'receipt_to_paid_p95_ratio',
        value: ratioOf(pairs, ({ paid }) => paid),
        limit: LIMITS.paid,
        is: 'most',
      },
    ],
  }
}

const PROMPT_MS = 2_000

/** Times of our answers to the node's receipts while fifty payments are in flight. */
export function answersPart(replies: readonly Reply[]): Part {
  const waits = replies.map(({ ms }) => ms)
  const prompt = waits.filter((ms) => ms <= PROMPT_MS).length / waits.length
  return {
    rows: [
      [`receipts answered within ${PROMPT_MS / 1000} s, of ${waits.length}`, percent(prompt), '', '', ''],
      ['answer to a receipt under load, p98, ms', percentile(waits, 0.98).toFixed(0), '', '', ''],
    ],
    targets: [{ name: 'receipts_answered_in_2s', value: prompt, limit: LIMITS.answered, is: 'least' }],
  }
}

export function startPart(seconds: number): Part {
  return {
    rows: [['npm start → ready, s', seconds.toFixed(1), '', '', '']],
    targets: [{ name: 'start_seconds', value: seconds, limit: LIMITS.start, is: 'most' }],
  }
}

const share = (results: readonly Throughput[]): string => percent(medianOf(results, ({ client }) => client))
