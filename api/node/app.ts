import express, { type Express, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import type { Logger } from 'pino'
import { isInputError } from '../../db/ground/errors.ts'
import type { Processes } from '../../workflows/processes.ts'
import { hint } from '../hint.ts'
import { answerNotice } from './answer-notice.ts'
import { answerRt } from './answer-rt.ts'
import { readBody } from '../soap/body.ts'
import type { Identity } from './identity.ts'
import type { Answer } from './reply.ts'
import { createTurns, type Turns } from './turns.ts'

export interface NodeAppDeps {
  db: Knex
  processes: Pick<Processes, 'wakePayment' | 'receiptArrived'>
  identity: Identity
  log: Logger
  /** Addresses allowed to call; empty lets all in (TLS with a client CA decides then, or development). */
  trusts: readonly string[]
}

/** An RT of five items with a stamp is well under 100 KB; twice base64 and room. */
const MAX_BYTES = 2 * 1024 * 1024
/** Calls worked on at once: each needs a connection of the port's own pool, which is as large. */
export const NODE_CALLS = 8
/** The port pagoPA calls. It needs PostgreSQL and nothing else to accept a receipt. */
export function createNodeApp(deps: NodeAppDeps): Express {
  const app = express()
  const turns = createTurns(NODE_CALLS)
  app.disable('x-powered-by')
  app.disable('etag')
  app.use((req, res, next) => {
    if (isTrusted(deps.trusts, req)) next()
    else res.status(403).end()
  })
  app.post('/nodo/PaPerNodo', async (req, res) => {
    const body = await readBody(req, MAX_BYTES)
    if ('status' in body) return refuse(res, body.status)
    await respond(deps, turns, res, () => answerRt(deps.db, deps.identity, body.bytes))
  })
  app.post('/nodo/PaPerNodoPagamentoPsp', async (req, res) => {
    const body = await readBody(req, MAX_BYTES)
    if ('status' in body) return refuse(res, body.status)
    await respond(deps, turns, res, () => answerNotice(deps.db, deps.identity, body.bytes))
  })
  app.use((_req, res) => void res.status(404).end())
  return app
}

function isTrusted(trusts: readonly string[], req: Request): boolean {
  const address = (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  return trusts.length === 0 || trusts.includes(address)
}

/** What is stored, to be told to its process: an RT, or a payment that a PSP began. */
interface ToldAnswer extends Answer {
  tell: { cartId: string; receiptId?: string } | undefined
}

async function respond(
  { processes, log }: NodeAppDeps,
  turns: Turns,
  res: Response,
  work: () => Promise<ToldAnswer>,
): Promise<void> {
  const startedAt = performance.now()
  let answer: ToldAnswer | undefined
  try {
    // Whoever gave up while it waited sends again: working for it would make those wait who still listen.
    answer = await turns(async () => (res.destroyed ? undefined : work()))
  } catch (error) {
    // Only a failed commit is a fault of ours, and the node sends again; what can never be stored is not asked for again.
    log.error({ err: error }, 'call not stored')
    return refuse(res, isInputError(error) ? 400 : 503)
  }
  if (!answer) return log.warn('caller gone before its turn')
  if (answer.tell) await hint(log, answer.tell, () => wake(processes, answer.tell!))
  log.info(
    { outcome: answer.outcome, ms: Math.round(performance.now() - startedAt), ...answer.tell },
    'node answered',
  )
  res.status(answer.status).type('text/xml; charset=UTF-8').send(Buffer.from(answer.body))
}

const wake = (
  processes: NodeAppDeps['processes'],
  { cartId, receiptId }: NonNullable<ToldAnswer['tell']>,
): Promise<void> =>
  receiptId === undefined ? processes.wakePayment(cartId) : processes.receiptArrived(cartId, { receiptId })

function refuse(res: Response, status: number): void {
  res.status(status).set('connection', 'close').end()
}
