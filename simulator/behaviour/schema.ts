import { z } from 'zod'
import { FORMS, kindsOf, MUTATIONS, OPERATIONS } from './kinds.ts'

const Millis = z.number().int().min(0).max(86_400_000)

/** A fixed time, or a range from which the seed draws. */
const Duration = z.union([Millis, z.tuple([Millis, Millis])])

const Match = z.strictObject({
  domain: z.string().optional(),
  iuv: z.string().optional(),
  ccp: z.string().optional(),
  idCart: z.string().optional(),
  /** Of the reporting API. */
  call: z.enum(['list', 'flow', 'payments']).optional(),
  key: z.enum(['first', 'second']).optional(),
  page: z.number().int().positive().optional(),
  psp: z.string().optional(),
  fdr: z.string().optional(),
})

/** One way to misbehave. Without `times` it lasts until removed; without `probability` it always happens. */
export const Rule = z
  .strictObject({
    operation: z.enum(OPERATIONS),
    kind: z.string(),
    times: z.number().int().positive().optional(),
    probability: z.number().min(0).max(1).optional(),
    match: Match.optional(),
    ms: Duration.optional(),
    when: z.enum(['before', 'after']).optional(),
    /** Fault code, SMTP code or codiceEsitoPagamento, depending on the kind. */
    code: z.union([z.string(), z.number().int()]).transform(String).optional(),
    description: z.string().optional(),
    /** State that nodoChiediStatoRPT reports; it may be one that does not exist. */
    state: z.string().optional(),
    /** States added to the history of the RPTs of the call. */
    states: z.array(z.string()).optional(),
    /** Name of a barrier; by default the operation. */
    name: z.string().optional(),
    what: z.enum(MUTATIONS).optional(),
    /** Which form of the kind, where it has several. */
    how: z.enum(FORMS).optional(),
    /** The correct RT follows the mutated one. */
    thenRight: z.boolean().optional(),
    count: z.number().int().min(1).max(100).optional(),
    parallel: z.boolean().optional(),
    /** Seed of the spelling of an unusual RT; by default it is drawn from the seed of the settings. */
    spelling: z.number().int().min(0).optional(),
    esito: z.enum(['OK', 'ERROR', 'DIFFERITO']).optional(),
    /** Applies only to mail for this address. */
    address: z.string().optional(),
  })
  .superRefine((rule, issues) => {
    const kind = kindsOf(rule.operation)[rule.kind]
    if (!kind) {
      const known = Object.keys(kindsOf(rule.operation)).join(', ')
      issues.addIssue({ code: 'custom', path: ['kind'], message: `for ${rule.operation}: ${known}` })
    }
    if (rule.how !== undefined && !kind?.forms?.includes(rule.how)) {
      issues.addIssue({ code: 'custom', path: ['how'], message: kind?.forms?.join(', ') ?? 'none' })
    }
    for (const param of kind?.needs ?? []) {
      if (rule[param] === undefined) issues.addIssue({ code: 'custom', path: [param], message: 'needed' })
    }
  })

/** How the node behaves without rules. Times in milliseconds. */
export const Settings = z.strictObject({
  seed: z.number().int(),
  rtOrder: z.enum(['before_redirect', 'after_redirect']),
  rtDelayMs: Millis,
  rtTimeoutMs: Millis,
  /** Pauses between the deliveries of one RT. After the last one the node gives up. */
  rtRetryMs: z.array(Millis).max(100),
  /** When a postponed payment (DIFFERITO) is really made. */
  deferredMs: Millis,
  /** After this time without a choice the node makes a negative RT; 0 means never. */
  abandonedMs: Millis,
  /** The most elements that the reporting API puts on a page. */
  reportingPage: z.number().int().min(1).max(1_000),
})

export const BehaviourRequest = z.strictObject({
  /** Removes the existing rules before it adds new ones. */
  clear: z.boolean().optional(),
  remove: z.array(z.string()).optional(),
  settings: Settings.partial().optional(),
  rules: z.array(Rule).max(1000).optional(),
})

export type Rule = z.infer<typeof Rule>
export type Settings = z.infer<typeof Settings>
export type BehaviourRequest = z.input<typeof BehaviourRequest>

export const DEFAULT_SETTINGS: Settings = {
  seed: 1,
  rtOrder: 'after_redirect',
  rtDelayMs: 500,
  rtTimeoutMs: 10_000,
  rtRetryMs: [2_000, 5_000, 15_000, 60_000, 300_000],
  deferredMs: 20_000,
  abandonedMs: 1_800_000,
  reportingPage: 1_000,
}
