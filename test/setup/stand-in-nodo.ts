import type { Exchange, Nodo } from '../../activities/nodo/port.ts'
import type { OutgoingCart } from '../../domain/wire/nodo.ts'

/** A node for tests of the engine alone: says what the test queued. Journeys use the simulator and the real protocol. */
export interface StandInNodo extends Nodo {
  sent: OutgoingCart[]
  /** Times it was asked for a state. */
  asked: number
  /** Answers to come; past the last one: accepted, then silence. */
  answers: Answers
}

const journal: Exchange<unknown>['journal'] = {
  direction: 'out',
  operation: 'test',
  domain: null,
  iuv: null,
  ccp: null,
  outcome: 'OK',
  httpStatus: 200,
  durationMs: 1,
  request: null,
  response: null,
}

export type Answers = {
  send?: Awaited<ReturnType<Nodo['sendCart']>>['answer'][]
  state?: Awaited<ReturnType<Nodo['askState']>>['answer'][]
  /** State answered when the list is empty. */
  always?: Awaited<ReturnType<Nodo['askState']>>['answer']
}

export function standInNodo(answers: Answers = {}): StandInNodo {
  const sent: OutgoingCart[] = []
  const nodo: StandInNodo = {
    sent,
    asked: 0,
    answers,
    async sendCart(cart) {
      sent.push(cart)
      const answer = nodo.answers.send?.shift() ?? {
        kind: 'accepted',
        url: `http://127.0.0.1/psp?idSession=${cart.carrelloId}`,
      }
      return { answer, journal }
    },
    async askState() {
      nodo.asked += 1
      return {
        answer: nodo.answers.state?.shift() ?? nodo.answers.always ?? { kind: 'no_answer', why: 'TEST' },
        journal,
      }
    },
    async askReceipt() {
      return { answer: { kind: 'none', why: 'PPT_RT_NONDISPONIBILE' }, journal }
    },
  }
  return nodo
}
