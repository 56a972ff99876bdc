import { Publications } from '../reporting/publications.ts'
import { keyOf, type Fact } from './facts.ts'
import type { Journal } from './journal.ts'
import type { MailRecord, RptRecord, RtRecord, Session, Step } from './records.ts'

type Reply = Extract<Fact, { type: 'reply' }>

/**
 * Everything that ever happened, indexed. It changes only by `record`, which writes the file first and then the memory.
 */
export class World {
  readonly rpts = new Map<string, RptRecord>()
  /** Documents that the node refused. nodoChiediStatoRPT knows them, and they may be sent again. */
  readonly refused = new Map<string, Step[]>()
  readonly carts = new Map<string, string>()
  readonly sessions = new Map<string, Session>()
  /** Sessions without a choice, oldest first. */
  readonly open = new Map<string, Session>()
  /** RPTs without any RT, for nodoChiediListaPendentiRPT. */
  readonly withoutRt = new Map<string, RptRecord>()
  readonly rts = new Map<string, RtRecord>()
  readonly mails = new Map<string, MailRecord>()
  readonly flows = new Publications()
  /** How far its clock was moved forward. */
  days = 0
  readonly facts: Fact[] = []
  private readonly journal: Journal<Fact>

  constructor(journal: Journal<Fact>, past: Fact[]) {
    this.journal = journal
    for (const fact of past) this.apply(fact)
  }

  record(fact: Fact): void {
    this.journal.append(fact)
    this.apply(fact)
  }

  reset(): void {
    this.journal.empty()
    const all = [
      this.rpts,
      this.refused,
      this.carts,
      this.sessions,
      this.open,
      this.withoutRt,
      this.rts,
      this.mails,
      this.flows,
    ]
    for (const one of all) one.clear()
    this.days = 0
    this.facts.length = 0
  }

  /** The genuine RT of an RPT, positive or not; the last one if there are more. */
  genuineRt(rptKey: string): RtRecord | undefined {
    const ids = this.rpts.get(rptKey)?.rts ?? []
    return ids
      .map((id) => this.rts.get(id))
      .filter((rt) => rt?.genuine)
      .at(-1)
  }

  private apply(fact: Fact): void {
    this.facts.push(fact)
    applyOfType(fact.type, this, fact)
  }
}

/** By type, so that the compiler sees that a fact goes to the function of its own type. */
type Facts = { [T in Fact['type']]: Extract<Fact, { type: T }> }

const applyOfType = <T extends Fact['type']>(type: T, world: World, fact: Facts[T]): void =>
  APPLY[type](world, fact)

type Apply = { [T in Fact['type']]: (world: World, fact: Facts[T]) => void }

const APPLY: Apply = {
  accepted: (world, fact) => {
    const { idSession, operation, broker, station, at, idCart } = fact
    const cart = idCart === undefined ? {} : { idCart }
    const session = {
      idSession,
      operation,
      broker,
      station,
      openedAt: at,
      rpts: fact.rpts.map(keyOf),
      ...cart,
    }
    world.sessions.set(idSession, session)
    world.open.set(idSession, session)
    if (idCart !== undefined) world.carts.set(idCart, idSession)
    for (const rpt of fact.rpts) {
      const history = fact.states.map((state) => ({ state, at }))
      const record: RptRecord = { ...rpt, idSession, acceptedAt: at, history, rts: [], ...cart }
      world.rpts.set(keyOf(rpt), record)
      world.withoutRt.set(keyOf(rpt), record)
      world.refused.delete(keyOf(rpt))
    }
  },
  refused: (world, fact) => {
    const states = ['RPT_RICEVUTA_NODO', 'RPT_RIFIUTATA_NODO']
    world.refused.set(
      keyOf(fact),
      states.map((state) => ({ state, at: fact.at })),
    )
  },
  moved: (world, fact) => move(world, fact.moves, fact.at),
  decided: (world, fact) => {
    const session = world.sessions.get(fact.idSession)
    if (session) {
      session.choice = fact.choice
      session.esito = fact.esito
      if (fact.dueAt === undefined) delete session.dueAt
      else session.dueAt = fact.dueAt
    }
    world.open.delete(fact.idSession)
    for (const rt of fact.rts) {
      const status = rt.pushAt === undefined ? 'on_request' : 'waiting'
      world.rts.set(rt.id, { ...rt, at: fact.at, tries: 0, status })
      world.rpts.get(rt.rpt)?.rts.push(rt.id)
      world.withoutRt.delete(rt.rpt)
    }
    move(world, fact.moves, fact.at)
  },
  reply: (world, fact) => {
    const rt = world.rts.get(fact.rt)
    if (!rt || fact.copy) return
    rt.tries += 1
    rt.lastOutcome = fact.outcome
    if (fact.faultCode === undefined) delete rt.lastFault
    else rt.lastFault = fact.faultCode
    // An accepted RT stays accepted, even if a later push by hand fails.
    if (rt.status !== 'accepted') rt.status = statusAfter(fact)
    move(world, [{ rpt: rt.rpt, states: ['RT_INVIATA_PA', fact.state] }], fact.at)
  },
  mail: (world, fact) => {
    world.mails.set(fact.id, fact)
  },
  reported: (world, fact) => world.flows.add(fact.flow, fact.rts),
  moved_on: (world, fact) => {
    world.days += fact.days
  },
}

function statusAfter(reply: Reply): RtRecord['status'] {
  if (reply.outcome === 'OK') return 'accepted'
  if (!reply.final) return 'waiting'
  return reply.outcome === 'KO' ? 'refused' : 'given_up'
}

function move(world: World, moves: { rpt: string; states: string[] }[], at: string): void {
  for (const { rpt, states } of moves) {
    world.rpts.get(rpt)?.history.push(...states.map((state) => ({ state, at })))
  }
}
