import { setTimeout } from 'node:timers/promises'
import { Router } from 'express'
import { z } from 'zod'
import type { DueDetail } from '../../db/due/dues.ts'
import { isAppError } from '../../domain/errors.ts'
import type { AppDeps } from '../deps.ts'
import { redirectWith } from '../page/flash.ts'
import { dueHref, DUES_PATH, mustFindDue } from './due-address.ts'
import { ASKED } from './due.ts'

const ASK_DEADLINE_MS = 8_000
const SETTLE_MS = 2_000
const SETTLE_STEP_MS = 50

const AskForm = z.object({ nonce: z.uuid() })

/** The button "Chiedi ricevuta" of a due that is being paid. It asks the node for the outcome. */
export function askReceipt({ db, processes }: Pick<AppDeps, 'db' | 'processes'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/:dueId/chiedi-ricevuta`, async (req, res) => {
    const due = await mustFindDue(db, req, res)
    const [attempt] = due.attempts
    if (due.state !== 'paying' || !attempt) return res.redirect(303, dueHref(res, due))
    const { nonce } = AskForm.parse(req.body)
    const { cartId } = attempt
    try {
      const { unhandled } = await processes.askOutcome(cartId, { nonce, deadlineMs: ASK_DEADLINE_MS })
      if (unhandled > 0) await settled(() => mustFindDue(db, req, res))
    } catch (error) {
      // A late answer changes nothing, because the process goes on asking by itself.
      if (!isAppError(error, 'PAYMENTS_PAUSED')) throw error
      req.log.warn({ err: error, cartId }, 'receipt asked for, no answer in time')
    }
    redirectWith(req, res, dueHref(res, due), { key: ASKED })
  })
  return router
}

/** Waits until the process has settled the receipt that has just arrived, but not longer than SETTLE_MS. */
async function settled(read: () => Promise<DueDetail>): Promise<void> {
  const until = Date.now() + SETTLE_MS
  while ((await read()).state === 'paying' && Date.now() < until) await setTimeout(SETTLE_STEP_MS)
}
