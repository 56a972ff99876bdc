import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { answerRt } from '../../api/node/answer-rt.ts'
import type { SimState } from '../../tools/check/facts.ts'
import { aDue, anEnte, type GivenDue } from '../setup/builders.ts'
import { aBegunPayment, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { buildRtFor, type RtGiven } from '../setup/rt.ts'

export interface Checked {
  cartId: string
  attemptIds: string[]
  dueId: string
}

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A begun due with a delivered and settled RT for each RPT. Adds what really happened to `outside`. */
export async function aPayment(
  db: Knex,
  outside: SimState,
  given: { due?: GivenDue; receipts?: RtGiven[] } = {},
): Promise<Checked> {
  const dueId = await aDue(db, await anEnte(db), { progressive: progressive++, ...given.due })
  const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
  for (const id of attemptIds) {
    const attempt = (await db('attempt')
      .first('domain', 'iuv', 'attempt_code as ccp')
      .where({ id })) as SimState['rpts'][number]
    outside.rpts.push({ ...attempt, idCart: null })
  }
  for (const receipt of given.receipts ?? [{}])
    for (const id of attemptIds) await deliver(db, outside, id, receipt)
  await payCartActivities(db).settleCart(askAbout(cartId))
  await sendMails(db, outside)
  return { cartId, attemptIds, dueId }
}

let progressive = 1

export const nothingOutside = (): SimState => ({ payments: [], rpts: [], replies: [], mails: [] })

/** Plays the PSP that takes the money and the node that sends the RT; records both and our answer in `outside`. */
export async function deliver(db: Knex, outside: SimState, attemptId: string, given: RtGiven): Promise<void> {
  const at = new Date().toISOString()
  const { xml, envelope, key: own } = await buildRtFor(db, attemptId, given)
  const key = { domain: own.domain, iuv: own.iuv, ccp: own.attemptCode }
  const cents = paidIn(xml)
  if (cents > 0) outside.payments.push({ ...key, cents, at })
  const { outcome } = await answerRt(db, US, envelope)
  outside.replies.push({
    ...key,
    operation: 'paaInviaRT',
    requestSha256: sha256(envelope),
    rtSha256: sha256(xml),
    outcome: outcome === 'OK' ? 'OK' : 'KO',
    at: new Date().toISOString(),
  })
}

const paidIn = (xml: string): number =>
  Number(/<importoTotalePagato>([\d.]+)</.exec(xml)![1]!.replace('.', ''))

async function sendMails(db: Knex, outside: SimState): Promise<void> {
  const sent = (await db('email')
    .where({ state: 'pending' })
    .update({ state: 'sent', sent_at: db.fn.now() })
    .returning(['message_id', 'address'])) as { message_id: string; address: string }[]
  for (const { message_id, address } of sent)
    outside.mails.push({ messageId: message_id, to: address, at: new Date().toISOString() })
}
