import express, { type Router } from 'express'
import { z } from 'zod'
import type { BehaviourRequest } from '../behaviour/schema.ts'
import type { Context } from '../context.ts'
import { moveOn } from '../reporting/move-on.ts'
import { publish } from '../reporting/publish.ts'
import type { PublishRequest } from '../reporting/request.ts'
import { returnUrl, type Sessions } from '../psp/sessions.ts'
import type { Session } from '../world/records.ts'
import { flowRow, readState } from './state.ts'

const Key = { domain: z.string().optional(), iuv: z.string().optional(), ccp: z.string().optional() }

const Pay = z.strictObject({
  idSession: z.string().optional(),
  idCart: z.string().optional(),
  ...Key,
  outcome: z.enum(['OK', 'KO', 'EXIT', 'DIFFERITO']).default('OK'),
})

const Paging = z.object({
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(20_000).optional(),
})

const MoveOn = z.strictObject({ days: z.number().int().min(1).max(366).default(1) })
const Release = z.strictObject({ name: z.string().optional() })

/** The addresses with which tests and benchmarks control the simulator. */
export function controlRouter(context: Context, sessions: Sessions, reset: () => void): Router {
  const router = express.Router()
  router.use('/_sim', express.json({ limit: '2mb' }))
  router.get('/_sim/state', (req, res) => {
    const { after, limit } = Paging.parse(req.query)
    res.json(readState(context, after, limit))
  })
  router.get('/_sim/behaviour', (_req, res) => {
    res.json(context.behaviours.shown())
  })
  router.post('/_sim/behaviour', (req, res) => {
    // change() checks the request.
    const request: BehaviourRequest = req.body
    context.behaviours.change(request)
    res.json(context.behaviours.shown())
  })
  router.post('/_sim/release', (req, res) => {
    res.json({ released: context.behaviours.release(Release.parse(req.body ?? {}).name) })
  })
  router.post('/_sim/publish', (req, res) => {
    // publish() checks the request.
    const request: PublishRequest = req.body ?? {}
    res.json({ flows: publish(context, request).map(flowRow) })
  })
  router.post('/_sim/clock', (req, res) => {
    res.json({ now: moveOn(context, MoveOn.parse(req.body ?? {}).days) })
  })
  router.post('/_sim/reset', (_req, res) => {
    reset()
    res.json({ reset: true })
  })
  router.post('/_sim/pay', async (req, res) => {
    const asked = Pay.parse(req.body)
    const session = findSession(context, asked)
    if (!session) return void res.status(404).json({ code: 'SESSION_UNKNOWN' })
    await sessions.choose(session, asked.outcome)
    const rule = context.behaviours.first('redirect')
    const esito = rule?.esito ?? session.esito ?? 'ERROR'
    res.json({ esito, choice: session.choice, redirectUrl: returnUrl(context, session, esito) })
  })
  return router
}

/** Finds a session by its id, by cart or by RPT, because a test may not know the URL yet. */
function findSession({ world }: Context, asked: z.output<typeof Pay>): Session | undefined {
  const { idSession, idCart, domain = '', iuv = '', ccp = '' } = asked
  const id = idSession ?? (idCart === undefined ? undefined : world.carts.get(idCart))
  return world.sessions.get(id ?? world.rpts.get(`${domain}|${iuv}|${ccp}`)?.idSession ?? '')
}
