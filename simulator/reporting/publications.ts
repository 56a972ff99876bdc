import { keyOfFlow, type Flow, type FlowKey } from './flow.ts'

/** The flows that were published, with all their revisions. */
export class Publications {
  /** In the order of publication. */
  private readonly all: Flow[] = []
  private readonly revisions = new Map<string, Flow[]>()
  /** RTs whose payments are in a flow already. */
  readonly reportedRts = new Set<string>()

  add(flow: Flow, rts: readonly string[]): void {
    this.all.push(flow)
    this.revisions.set(keyOfFlow(flow), [...this.revisionsOf(flow), flow])
    for (const rt of rts) this.reportedRts.add(rt)
  }

  clear(): void {
    this.all.length = 0
    this.revisions.clear()
    this.reportedRts.clear()
  }

  /** Every revision that was published, oldest first. */
  list(): readonly Flow[] {
    return this.all
  }

  /** The newest revision of each flow. */
  latest(): Flow[] {
    return [...this.revisions.values()].map((revisions) => revisions.at(-1)!)
  }

  revisionsOf(key: FlowKey): readonly Flow[] {
    return this.revisions.get(keyOfFlow(key)) ?? []
  }

  /** `<settlement day><psp>-<number>`, whose number the PSP uses once a year. */
  nextId(psp: string, day: string): string {
    const year = day.slice(0, 4)
    const used = this.all
      .filter(({ fdr }) => fdr.startsWith(year) && fdr.slice(day.length).startsWith(`${psp}-`))
      .map(({ fdr }) => Number(fdr.slice(day.length + psp.length + 1)) || 0)
    const next = used.reduce((most, one) => Math.max(most, one), 0) + 1
    return `${day}${psp}-${String(next).padStart(7, '0')}`
  }
}
