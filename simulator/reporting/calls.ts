import { z, type ZodError } from 'zod'
import type { Context } from '../context.ts'
import { flowAnswer, listAnswer, paymentsAnswer, type Paging } from './answers.ts'
import { badRequest, unknownFlow, type Answer } from './errors.ts'
import type { Flow } from './flow.ts'

export type Call = 'list' | 'flow' | 'payments'
/** Parameters of the path and of the query, not yet checked. */
export type Asked = Record<string, unknown>

const Name = z.string().min(1).max(35)
const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const Whole = z.coerce.number().int().min(1)
const Paged = { page: Whole.default(1), size: Whole.max(1_000).default(1_000) }

const List = z.object({
  organizationId: Name,
  pspId: Name.optional(),
  publishedGt: Instant.optional(),
  flowDate: Instant.optional(),
  ...Paged,
})
const One = z.object({ organizationId: z.string(), fdr: z.string(), revision: Whole, pspId: z.string() })
const Payments = One.extend(Paged)

/** The three reads. `flows` are those that the answer may show. */
export const CALLS: Record<Call, (context: Context, asked: Asked, flows: readonly Flow[]) => Answer> = {
  list: (context, asked, flows) =>
    read(List, asked, ({ organizationId, pspId, publishedGt, flowDate, page, size }) => {
      const start = startOfLastMonth(context.now())
      const found = flows.filter(
        (flow) =>
          flow.domain === organizationId &&
          (pspId === undefined || flow.psp === pspId) &&
          Date.parse(flow.published) > (publishedGt ?? start) &&
          Date.parse(flow.flowDate) >= (flowDate ?? start),
      )
      return { status: 200, body: listAnswer(found, served(context, { page, size })) }
    }),
  flow: ({ world }, asked) =>
    read(One, asked, (key) => {
      const flow = find(world, key)
      return flow ? { status: 200, body: flowAnswer(flow) } : unknownFlow(key.fdr)
    }),
  payments: (context, asked) =>
    read(Payments, asked, ({ page, size, ...key }) => {
      const flow = find(context.world, key)
      if (!flow) return unknownFlow(key.fdr)
      return { status: 200, body: paymentsAnswer(flow, served(context, { page, size })) }
    }),
}

function find({ flows }: Context['world'], asked: z.output<typeof One>): Flow | undefined {
  const { organizationId: domain, pspId: psp, fdr, revision } = asked
  return flows.revisionsOf({ domain, psp, fdr }).find((flow) => flow.revision === revision)
}

/** The service may give smaller pages than asked for. */
function served({ behaviours }: Context, { page, size }: Paging): Paging {
  return { page, size: Math.min(size, behaviours.settings.reportingPage) }
}

function read<T extends z.ZodType>(schema: T, asked: Asked, answer: (read: z.output<T>) => Answer): Answer {
  const parsed = schema.safeParse(asked)
  return parsed.success ? answer(parsed.data) : refused(parsed.error)
}

function refused({ issues }: ZodError): Answer {
  const [issue] = issues
  return badRequest(issue?.path.join('.') ?? '', issue?.message ?? '')
}

const startOfLastMonth = (now: Date): number => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)
