import express, { type Request, type Response, type Router } from 'express'
import type { Context } from '../context.ts'
import { CALLS, type Asked, type Call } from './calls.ts'
import { disabledOrganization, unauthorized, unknownOrganization, type Answer } from './errors.ts'
import { writeJson } from './json.ts'
import { misbehave } from './misbehave.ts'
import type { Wire } from './misbehaving.ts'

/** Where the reporting API of pagoPA begins. */
export const REPORTING_PATH = '/fdr-org/service/v1'
const FLOWS = `${REPORTING_PATH}/organizations/:organizationId/fdrs`
const FLOW = `${FLOWS}/:fdr/revisions/:revision/psps/:pspId`

const PATHS: Record<Call, string> = { list: FLOWS, flow: FLOW, payments: `${FLOW}/payments` }

/** The reporting API for organizations. */
export function reportingRouter(context: Context): Router {
  const router = express.Router()
  for (const call of ['list', 'flow', 'payments'] as const) {
    router.get(PATHS[call], async (req, res) => {
      await serve(context, call, req, wireOf(res))
    })
  }
  return router
}

async function serve(context: Context, call: Call, req: Request, wire: Wire): Promise<void> {
  const key = keyOf(context, req.get('ocp-apim-subscription-key'))
  if (!key) return wire.send(unauthorized())
  const asked: Asked = { ...req.query, ...req.params }
  const rule = context.behaviours.first('reporting', aboutOf(call, key, asked))
  const act = (flows = context.world.flows.list()) => answer(context, call, asked, flows)
  if (rule) await misbehave({ rule, call, asked, act, wire, context })
  else wire.send(act())
}

function answer(
  context: Context,
  call: Call,
  asked: Asked,
  flows: Parameters<(typeof CALLS)[Call]>[2],
): Answer {
  const organization = String(asked['organizationId'])
  const { domains, disabledDomains } = context.registry
  if (domains && !domains.has(organization)) return unknownOrganization(organization)
  if (disabledDomains.has(organization)) return disabledOrganization(organization)
  return CALLS[call](context, asked, flows)
}

/** Without configured keys any key opens, so that development needs no set-up. */
function keyOf({ reportingKeys }: Context, given: string | undefined): 'first' | 'second' | undefined {
  if (!given) return undefined
  if (!reportingKeys) return 'first'
  const [first, second] = reportingKeys
  if (given === first) return 'first'
  return given === second ? 'second' : undefined
}

function aboutOf(call: Call, key: 'first' | 'second', asked: Asked) {
  const { organizationId, pspId, fdr, page = 1 } = asked
  const text = (name: string, value: unknown) => (typeof value === 'string' ? { [name]: value } : {})
  return {
    call,
    key,
    page: Number(page),
    ...text('domain', organizationId),
    ...text('psp', pspId),
    ...text('fdr', fdr),
  }
}

function wireOf(res: Response): Wire {
  const write = (status: number, text: string, headers: Record<string, string> = {}) => {
    if (!res.writableEnded && !res.destroyed) res.status(status).set(headers).type('json').send(text)
  }
  return {
    send: ({ status, body, headers }) => write(status, writeJson(body), headers),
    half: ({ status, body }) => {
      const text = writeJson(body)
      write(status, text.slice(0, text.length / 2))
    },
    cut: () => res.req.socket.destroy(),
  }
}
