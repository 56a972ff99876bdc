import { nowIso, type Context } from '../context.ts'
import { readRpt } from '../node/rpt.ts'
import { keyOf, type Choice } from '../world/facts.ts'
import type { RptRecord, RtRecord, Session } from '../world/records.ts'
import { planReceipts, type Plan } from './plan.ts'

/** What follows from a choice: outcome code of the RT, esito of the redirect, states of the node. */
const MEANING: Record<Choice, { code: number; esito: string; states: string[] }> = {
  OK: {
    code: 0,
    esito: 'OK',
    states: ['RPT_INVIATA_A_PSP', 'RPT_ACCETTATA_PSP', 'RPT_RISOLTA_OK', 'RT_GENERATA_NODO'],
  },
  KO: { code: 1, esito: 'ERROR', states: ['RPT_INVIATA_A_PSP', 'RPT_RIFIUTATA_PSP', 'RT_GENERATA_NODO'] },
  EXIT: { code: 1, esito: 'ERROR', states: ['RPT_ANNULLATA_WISP', 'RT_GENERATA_NODO'] },
  DIFFERITO: { code: 0, esito: 'DIFFERITO', states: ['RPT_INVIATA_A_PSP', 'RPT_ACCETTATA_PSP'] },
  ABANDONED: { code: 1, esito: 'ERROR', states: ['RT_GENERATA_NODO'] },
  BY_HAND: { code: 0, esito: 'OK', states: ['RT_GENERATA_NODO'] },
}

/** The receipts that this choice created; none when a choice had been made before. */
export type Decision = { rts: RtRecord[]; beforeRedirect: boolean }

/**
 * Records a choice once: money, receipts and states in one fact. A second click, or a click after the node gave up,
 * changes nothing.
 */
export function decide(context: Context, session: Session, choice: Choice): Decision {
  const isDue = session.choice === 'DIFFERITO' && session.dueAt !== undefined && choice !== 'DIFFERITO'
  if (session.choice !== undefined && !isDue) return { rts: [], beforeRedirect: false }
  const { esito, code } = MEANING[choice]
  const postponed = choice === 'DIFFERITO'
  const plans = postponed ? [] : rptsOf(context, session).map((rpt) => planFor(context, session, rpt, code))
  const dueAt = new Date(context.now().getTime() + context.behaviours.settings.deferredMs).toISOString()
  context.world.record({
    type: 'decided',
    at: nowIso(context),
    idSession: session.idSession,
    choice,
    esito: isDue ? (session.esito ?? esito) : esito,
    ...(postponed ? { dueAt } : {}),
    payments: plans.flatMap(({ payments }) => payments),
    rts: plans.flatMap(({ rts }) => rts),
    moves: movesOf(session, choice, isDue),
  })
  return { rts: recorded(context, plans), beforeRedirect: plans.some((plan) => plan.beforeRedirect) }
}

/**
 * Makes one more receipt for one RPT, on request of a person who wants to try a failure. The money is that of the
 * receipt.
 */
export function decideByHand(context: Context, rpt: RptRecord, code: number): RtRecord[] {
  const session = context.world.sessions.get(rpt.idSession)
  if (!session) return []
  const plan = planFor(context, session, rpt, code)
  context.world.record({
    type: 'decided',
    at: nowIso(context),
    idSession: session.idSession,
    choice: session.choice ?? 'BY_HAND',
    esito: session.esito ?? MEANING.BY_HAND.esito,
    ...(session.dueAt === undefined ? {} : { dueAt: session.dueAt }),
    payments: plan.payments,
    rts: plan.rts,
    moves: [{ rpt: keyOf(rpt), states: MEANING.BY_HAND.states }],
  })
  return recorded(context, [plan])
}

function movesOf(session: Session, choice: Choice, isDue: boolean) {
  const { states } = MEANING[choice]
  const left = isDue ? states.slice(MEANING.DIFFERITO.states.length) : states
  return session.rpts.map((rpt) => ({ rpt, states: left }))
}

function planFor(context: Context, session: Session, record: RptRecord, code: number): Plan {
  const rpt = readRpt(Buffer.from(record.xml))
  if (!rpt) throw new Error('an accepted RPT is no longer readable')
  const { domain, iuv, ccp } = record
  const about = { domain, iuv, ccp, ...(session.idCart === undefined ? {} : { idCart: session.idCart }) }
  return planReceipts({
    rpt,
    header: { domain, iuv, ccp, broker: session.broker, station: session.station },
    code,
    rules: context.behaviours.all('rt', about),
    settings: context.behaviours.settings,
    now: context.now(),
  })
}

function rptsOf({ world }: Context, session: Session): RptRecord[] {
  return session.rpts.map((key) => world.rpts.get(key)).filter((rpt) => rpt !== undefined)
}

function recorded({ world }: Context, plans: Plan[]): RtRecord[] {
  return plans.flatMap(({ rts }) => rts.map(({ id }) => world.rts.get(id)!))
}
