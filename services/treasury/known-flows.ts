import { NEAR_DAYS, type FactCredit, type FlowTarget } from '../../db/treasury/tying.ts'
import { plainText, readIds } from '../../domain/treasury/ids.ts'

/** The current flows of an ente, by what a credit may know of them. An ente has thousands, and each credit is looked up among all. */
export class KnownFlows {
  readonly #byId = new Map<string, FlowTarget>()
  /** By the length of their ids and then by these: each place of a text is looked up once for each length. */
  readonly #byWritten = new Map<number, Map<string, FlowTarget[]>>()
  readonly #byReference = new Map<string, FlowTarget[]>()
  readonly #byDay = new Map<number, FlowTarget[]>()

  constructor(flows: readonly FlowTarget[]) {
    for (const flow of flows) {
      this.#byId.set(flow.id, flow)
      const written = plainText(flow.writtenAs)
      const sameLength = this.#byWritten.get(written.length) ?? new Map<string, FlowTarget[]>()
      this.#byWritten.set(written.length, sameLength)
      add(sameLength, written, flow)
      if (flow.regulation !== null) add(this.#byReference, plainText(flow.regulation), flow)
      add(this.#byDay, dayNumber(flow.madeOn), flow)
    }
  }

  /** @param id the id of a target */
  withId(id: string): FlowTarget | undefined {
    return this.#byId.get(id)
  }

  /** Flows whose id a credit has, or else those near in days that it may mean: by a reference, the amount, or an id that is nearly there. */
  for(credit: FactCredit): FlowTarget[] {
    const whole = this.#writtenIn(credit.plain)
    return whole.length > 0 ? whole : [...this.#nearTo(credit), ...this.#referredBy(credit)]
  }

  #writtenIn(plain: string): FlowTarget[] {
    const found = new Set<FlowTarget>()
    for (const [length, ids] of this.#byWritten)
      for (let at = 0; length > 0 && at + length <= plain.length; at++)
        for (const flow of ids.get(plain.slice(at, at + length)) ?? []) found.add(flow)
    return [...found]
  }

  #referredBy({ trn, endToEndId }: FactCredit): FlowTarget[] {
    return [trn, endToEndId].flatMap((of) =>
      of === null ? [] : (this.#byReference.get(plainText(of)) ?? []),
    )
  }

  #nearTo({ bookedOn, cents, text }: FactCredit): FlowTarget[] {
    const day = dayNumber(bookedOn)
    const days = Array.from({ length: 2 * NEAR_DAYS + 1 }, (_, at) => day - NEAR_DAYS + at)
    const near = days.flatMap((one) => this.#byDay.get(one) ?? [])
    const read = readIds(text, { flows: near.map(({ writtenAs }) => writtenAs), iuvs: [] })
    const nearly = new Set(read.near.map(({ id }) => id))
    return near.filter((flow) => flow.cents === cents || nearly.has(flow.writtenAs))
  }
}

const DAY_MS = 86_400_000

/** The number of a day, by which days are near or far. */
const dayNumber = (day: string): number => Date.parse(day) / DAY_MS

function add<Key>(map: Map<Key, FlowTarget[]>, key: Key, flow: FlowTarget): void {
  const same = map.get(key)
  if (same) same.push(flow)
  else map.set(key, [flow])
}
