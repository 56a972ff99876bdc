import type { RptKey } from '../world/facts.ts'
import { Barriers } from './barriers.ts'
import { kindsOf, type Operation } from './kinds.ts'
import { draw } from './random.ts'
import { BehaviourRequest, DEFAULT_SETTINGS, type Rule, type Settings } from './schema.ts'

export type SetRule = Rule & { id: string; used: number }

/** A rule that takes effect on one call, with `pauseMs` and `spelling` already drawn. */
export type Drawn = Rule & { pauseMs: number | undefined; spelling: number }

/** The subject of a call, to compare with the `match` of a rule. */
export type About = Partial<RptKey> & { idCart?: string; address?: string } & AboutReporting

type AboutReporting = { call?: string; key?: string; page?: number; psp?: string; fdr?: string }

/** The rules of misbehaviour. They are only in memory, so a restarted simulator behaves well. */
export class Behaviours {
  settings: Settings
  readonly barriers = new Barriers()
  /** Number of calls so far by operation, which is the position in the seeded schedule. */
  readonly calls = new Map<string, number>()
  private rules: SetRule[] = []
  private added = 0
  private readonly defaults: Settings

  constructor(defaults: Partial<Settings> = {}) {
    this.defaults = { ...DEFAULT_SETTINGS, ...defaults }
    this.settings = this.defaults
  }

  /** @throws ZodError that names what is wrong in the request */
  change(request: BehaviourRequest): void {
    const { clear, remove, settings, rules } = BehaviourRequest.parse(request)
    if (clear) this.rules = []
    if (remove) this.rules = this.rules.filter(({ id }) => !remove.includes(id))
    const given = Object.entries(settings ?? {}).filter(([, value]) => value !== undefined)
    this.settings = { ...this.settings, ...Object.fromEntries(given) }
    for (const rule of rules ?? []) this.rules.push({ ...rule, id: `b${++this.added}`, used: 0 })
  }

  reset(): void {
    this.rules = []
    this.added = 0
    this.calls.clear()
    this.settings = this.defaults
    this.barriers.releaseAll()
  }

  /** Opens a barrier, or all of them without a name, and removes the rules that would close it again. */
  release(name?: string): number {
    this.rules = this.rules.filter((rule) => rule.kind !== 'barrier' || (name && barrierName(rule) !== name))
    return this.barriers.release(name)
  }

  shown(): { settings: Settings; rules: SetRule[]; held: { name: string; since: string }[] } {
    return { settings: this.settings, rules: this.rules, held: this.barriers.held() }
  }

  /**
   * The first rule that applies to this call. A second rule for the same call stays unused, so that two rules with
   * `times: 1` disturb one call each.
   */
  first(operation: Operation, about: About = {}): Drawn | undefined {
    return this.draw(operation, about, true)[0]
  }

  all(operation: Operation, about: About = {}): Drawn[] {
    return this.draw(operation, about, false)
  }

  private draw(operation: Operation, about: About, onlyFirst: boolean): Drawn[] {
    const call = (this.calls.get(operation) ?? 0) + 1
    this.calls.set(operation, call)
    const struck: Drawn[] = []
    for (const rule of this.rules) {
      if (onlyFirst && struck.length > 0) break
      if (!concerns(rule, operation, about) || !this.isItsTurn(rule, operation, call)) continue
      rule.used += 1
      struck.push({
        ...rule,
        pauseMs: this.pause(rule, operation, call),
        spelling: this.spelling(rule, operation, call),
      })
    }
    this.rules = this.rules.filter(({ times, used }) => times === undefined || used < times)
    return struck
  }

  private isItsTurn(rule: SetRule, operation: Operation, call: number): boolean {
    if (rule.probability === undefined) return true
    return draw(this.settings.seed, rule.id, operation, call) < rule.probability
  }

  private spelling({ spelling, id }: SetRule, operation: Operation, call: number): number {
    return spelling ?? Math.floor(draw(this.settings.seed, id, 'spelling', operation, call) * 2 ** 31)
  }

  private pause({ ms, id }: SetRule, operation: Operation, call: number): number | undefined {
    if (!Array.isArray(ms)) return ms
    const [least, most] = ms
    return Math.round(least + draw(this.settings.seed, id, 'ms', operation, call) * (most - least))
  }
}

export function barrierName(rule: Rule): string {
  return rule.name ?? rule.operation
}

function concerns(rule: Rule, operation: Operation, about: About): boolean {
  const isNode = operation.startsWith('nodo')
  if (rule.operation !== operation && !(rule.operation === 'nodo' && isNode)) return false
  if (rule.address !== undefined && rule.address.toLowerCase() !== about.address?.toLowerCase()) return false
  const known = new Map(Object.entries(about))
  const match = { ...kindsOf(rule.operation)[rule.kind]?.match, ...rule.match }
  const wanted = Object.entries(match).filter(([, value]) => value !== undefined)
  return wanted.every(([name, value]) => known.get(name) === value)
}
