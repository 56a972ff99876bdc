import { progressOf } from '../../domain/wire/node-states.ts'
import { decideSend, decideSending, type FaultMeaning, type SendAnswer } from '../../domain/payment/send.ts'
import { decideState, type StateAnswer } from '../../domain/payment/ask-state.ts'
import type { Decision } from '../../domain/payment/decision.ts'
import { CHASE, type Chase } from '../../domain/payment/chase.ts'
import { OUTCOMES, type Outcome } from '../../domain/payment/model.ts'
import { settleReceipt } from '../../domain/payment/settle.ts'
import { isOpenAttempt } from '../../domain/states.ts'
import {
  AGES,
  copyOf,
  itemsOf,
  attemptId,
  receiptId,
  viewOf,
  type CartRow,
  type Scenario,
  type World,
} from './world.ts'
import type { Event } from './explore.ts'
import { normalise, observe, write } from './write.ts'

/** One answer counts as silence here, because the three answers (D2) are tested in answers.test.ts and would only add depth. */
export const CHASE_SHORT: Chase = { ...CHASE, silenceAnswers: 1 }

/** All events that can happen next, to either cart. */
export function eventsOf(world: World, scenario: Scenario): Event<World>[] {
  return world.carts.flatMap((cart, index) =>
    SOURCES.flatMap((source) =>
      source({ cart, index, scenario, world }).map(({ name, apply }) => ({
        name: `${index + 1}: ${name}`,
        apply: (before: World) => {
          const after = copyOf(before)
          apply(after, after.carts[index]!)
          return normalise(after)
        },
      })),
    ),
  )
}

interface Context {
  cart: CartRow
  index: number
  scenario: Scenario
  world: World
}

interface Step {
  name: string
  apply: (world: World, cart: CartRow) => void
}

const FATES = ['accepted', 'answer lost', 'flying', 'lost', 'refused', 'unknown code'] as const
const MADE: Record<Scenario['breadth'], readonly (readonly Outcome[])[]> = {
  full: [OUTCOMES, ['paid', 'not_paid'], []],
  classes: [['paid', 'not_paid', 'partly_paid'], ['paid'], []],
}

const SOURCES: ((context: Context) => Step[])[] = [
  beforeBegin,
  sends,
  flight,
  pspActs,
  receipts,
  settles,
  answers,
  timers,
  restarts,
]

function beforeBegin({ cart, index, scenario, world }: Context): Step[] {
  if (cart.state !== 'open') return []
  const close = (to: 'cancelled' | 'expired'): Step => ({
    name: to,
    apply: (_, row) => {
      row.state = to
    },
  })
  const canBegin = world.dues.every((due) => due.state === 'payable')
  return [close('cancelled'), close('expired'), ...(canBegin ? [beginStep(index, scenario)] : [])]
}

function beginStep(index: number, { attempts }: Scenario): Step {
  return {
    name: 'begin',
    apply: (world, cart) => {
      Object.assign(cart, { state: 'requested', begun: true, sendState: 'in_doubt', sendAttempts: 1 })
      cart.toSend = true
      cart.attempts = attempts.map(() => ({
        state: 'created',
        forced: null,
        nodeAnswers: 0,
        unknownSince: null,
        settlingReceipt: null,
      }))
      cart.documents = attempts.map(() => [])
      for (const due of world.dues) Object.assign(due, { state: 'paying', heldBy: index })
    },
  }
}

/** A send: it may arrive or not and be answered or not, and the node may refuse it, call it a duplicate or send an unknown code. */
function sends({ cart, index, scenario }: Context): Step[] {
  if (!cart.toSend) return []
  return FATES.map((fate) => ({
    name: `send ${fate}`,
    apply: (world, row) => {
      const known = row.message === 'arrived'
      row.toSend = false
      if (!known) row.message = fateOf(fate, row.message)
      decide(world, { scenario, index }, (payment) => decideSend(payment, answerOf(fate, known)))
    },
  }))
}

function fateOf(fate: (typeof FATES)[number], before: CartRow['message']): CartRow['message'] {
  if (fate === 'accepted' || fate === 'answer lost' || fate === 'unknown code') return 'arrived'
  return fate === 'flying' ? 'flying' : before
}

const fault = (meaning: FaultMeaning): SendAnswer => ({ kind: 'fault', meaning, faultCode: meaning })

function answerOf(fate: (typeof FATES)[number], known: boolean): SendAnswer {
  if (fate === 'unknown code') return fault('unknown')
  if (fate === 'accepted' || fate === 'refused') {
    if (known) return fault('already')
    return fate === 'accepted' ? { kind: 'accepted', url: 'https://node/x' } : fault('refused')
  }
  return { kind: 'unknown', why: 'timeout' }
}

function flight({ cart }: Context): Step[] {
  if (cart.message !== 'flying') return []
  return [
    {
      name: 'late arrival',
      apply: (_, row) => {
        row.message = 'arrived'
      },
    },
  ]
}

/** A PSP makes a receipt of an attempt: a first one of any outcome, and perhaps a second one. */
function pspActs({ cart, scenario }: Context): Step[] {
  if (cart.message !== 'arrived') return []
  return cart.documents.flatMap((made, attempt) => {
    return MADE[scenario.breadth][made.length]!.map((outcome) => ({
      name: `psp makes receipt ${outcome} of attempt ${attempt + 1}`,
      apply: (_: World, row: CartRow) => {
        row.documents[attempt]!.push(outcome)
      },
    }))
  })
}

/** A receipt arrives; pushed and fetched ones are treated alike. A receipt that is stored already changes nothing. */
function receipts({ cart, index }: Context): Step[] {
  return cart.documents.flatMap((made, attempt) =>
    made.map((outcome, document) => ({
      name: `receipt ${outcome} of attempt ${attempt + 1} arrives`,
      apply: (world: World) => {
        const ofAttempt = world.receipts.filter((row) => row.cart === index && row.attempt === attempt)
        if (ofAttempt.some((row) => row.document === document)) return
        const answer = ofAttempt.length > 0 ? 'second_receipt' : 'accepted'
        world.receipts.push({ cart: index, attempt, document, outcome, answer, handled: false })
      },
    })),
  )
}

function settles({ index, scenario, world }: Context): Step[] {
  if (!world.receipts.some((row) => row.cart === index && !row.handled)) return []
  return [{ name: 'settle', apply: (after) => settleAll(after, { scenario, index }) }]
}

/** Settles all waiting receipts in order of arrival in one transaction, like activities/pay-cart/settle.ts. */
export function settleAll(world: World, { scenario, index }: { scenario: Scenario; index: number }): void {
  let payment = viewOf(world, scenario, index)
  for (const row of world.receipts.filter((receipt) => receipt.cart === index && !receipt.handled)) {
    const itemCents = itemsOf(scenario.attempts[row.attempt]!, row.outcome)
    const totalCents = itemCents.reduce((total, one) => total + one, 0)
    const arrived = { id: receiptId(row), outcome: row.outcome, totalCents, itemCents }
    const draft = settleReceipt(payment, attemptId(index, row.attempt), arrived)
    write(world, draft.changes, { scenario, cart: index })
    payment = draft.payment
  }
}

const known = (state: string, url: string | null = null): StateAnswer => ({
  kind: 'known',
  progress: progressOf(state),
  state,
  url,
})
const ACCEPTED_PSP = known('RPT_ACCETTATA_PSP')
/** Further answers of a node that has the attempt. `classes` leaves out those that the rules do not distinguish. */
const WHEN_THERE: Record<Scenario['breadth'], readonly StateAnswer[]> = {
  full: [
    known('RPT_ACCETTATA_NODO', 'https://node/x'),
    known('RPT_ACCETTATA_NODO'),
    ACCEPTED_PSP,
    known('RPT_DECORSI_TERMINI'),
    known('RPT_RIFIUTATA_PSP'),
    known('RT_RICEVUTA_NODO'),
  ],
  classes: [known('RPT_ACCETTATA_NODO'), ACCEPTED_PSP],
}
/** Answers that any node may give: it does not know the attempt, does not answer, or does not have the operation. */
const ALWAYS: readonly StateAnswer[] = [
  { kind: 'unknown_attempt' },
  { kind: 'no_answer', why: 'timeout' },
  { kind: 'not_offered' },
]

function answers({ cart, index, scenario }: Context): Step[] {
  const possible = [...(cart.message === 'arrived' ? WHEN_THERE[scenario.breadth] : []), ...ALWAYS]
  return cart.attempts.flatMap((attempt, which) =>
    isOpenAttempt(attempt.state)
      ? possible.map((answer) => ({
          name: `node of attempt ${which + 1}: ${answer.kind === 'known' ? answer.state : answer.kind}`,
          apply: (world: World, row: CartRow) => {
            const at = { now: AGES[row.age]!, chase: CHASE_SHORT }
            decide(world, { scenario, index }, (payment) =>
              decideState(payment, attemptId(index, which), answer, at),
            )
          },
        }))
      : [],
  )
}

function decide(
  world: World,
  { scenario, index }: { scenario: Scenario; index: number },
  rule: (payment: ReturnType<typeof viewOf>) => Decision,
): void {
  const decision = rule(viewOf(world, scenario, index))
  observe(world, decision.payment, index)
  write(world, decision.changes, { scenario, cart: index })
  if (decision.act !== 'resend') return
  observe(world, decideSending(viewOf(world, scenario, index)), index)
  world.carts[index]!.toSend = true
}

function timers({ cart }: Context): Step[] {
  if (cart.state !== 'requested') return []
  return AGES.flatMap((age, index) =>
    index > cart.age
      ? [
          {
            name: `${age / 60_000} minutes after begin`,
            apply: (_: World, row: CartRow) => {
              row.age = index
            },
          },
        ]
      : [],
  )
}

/** The process restarts from the tables; or the browser comes back, which changes nothing because it proves nothing. */
function restarts({ cart }: Context): Step[] {
  if (cart.state !== 'requested') return []
  return [
    {
      name: 'restart',
      apply: (_, row) => {
        row.toSend = false
      },
    },
    { name: 'redirect return', apply: () => undefined },
  ]
}
