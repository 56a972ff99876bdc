import express, { type Express, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import type { Logger } from 'pino'
import { isInputError } from '../../db/ground/errors.ts'
import type { Named, Processes } from '../../workflows/processes.ts'
import { hint } from '../hint.ts'
import { answerNotice } from './answer-notice.ts'
import { answerRt } from './answer-rt.ts'
import { readBody } from '../soap/body.ts'
import type { Identity } from './identity.ts'
import type { Answer } from './reply.ts'
import { createTurns, type Turns } from '../../services/turns.ts'

export interface NodeAppDeps {
  db: Knex
  processes: Pick<Processes, 'wakePayment' | 'receiptArrived'>
  identity: Identity
  log: Logger
  /** The network addresses that may call. An empty list allows all, for TLS with a client CA and for development. */
  trusts: readonly string[]
}

/** The largest call. An RT of five items with a stamp has less than 100 KB, also after base64 is applied twice. */
const MAX_BYTES = 2 * 1024 * 1024
/** The most calls handled at the same time. Each needs a connection, so the pool of this port has the same size. */
export const NODE_CALLS = 8

/** Builds the app of the port that pagoPA calls. It needs only PostgreSQL to accept a receipt. */
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

interface WakingAnswer extends Answer, Named {
  /** The payment whose durable process is woken, with its receipt when one arrived; undefined when there is nothing to wake. */
  tell: { cartId: string; receiptId?: string } | undefined
}

async function respond(
  { processes, log }: NodeAppDeps,
  turns: Turns,
  res: Response,
  work: () => Promise<WakingAnswer>,
): Promise<void> {
  const startedAt = performance.now()
  let answer: WakingAnswer | undefined
  try {
    // A caller that has given up while it waited will send again. Its call is skipped, so that the others wait less.
    answer = await turns(async () => (res.destroyed ? undefined : work()))
  } catch (error) {
    // A 503 makes the node send again, which helps after a failed commit. A value that can never be stored gets a 400 instead.
    log.error({ err: error }, 'call not stored')
    return refuse(res, isInputError(error) ? 400 : 503)
  }
  if (!answer) return log.warn('caller gone before its turn')
  if (answer.tell) await hint(log, answer.tell, () => wake(processes, answer.tell!, answer))
  log.info(
    { outcome: answer.outcome, ms: Math.round(performance.now() - startedAt), ...answer.tell },
    'node answered',
  )
  res.status(answer.status).type('text/xml; charset=UTF-8').send(Buffer.from(answer.body))
}

const wake = (
  processes: NodeAppDeps['processes'],
  { cartId, receiptId }: NonNullable<WakingAnswer['tell']>,
  { summary }: Named,
): Promise<void> =>
  receiptId === undefined
    ? processes.wakePayment(cartId, { summary })
    : processes.receiptArrived(cartId, { receiptId })

function refuse(res: Response, status: number): void {
  res.status(status).set('connection', 'close').end()
}
