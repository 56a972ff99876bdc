import type { Exchange, Nodo } from '../../activities/nodo/port.ts'
import type { OutgoingCart } from '../../domain/wire/nodo.ts'

/** A node for tests of the engine alone: says what the test queued. Journeys use the simulator and the real protocol. */
export interface StandInNodo extends Nodo {
  sent: OutgoingCart[]
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

type Answers = {
  send?: Awaited<ReturnType<Nodo['sendCart']>>['answer'][]
  state?: Awaited<ReturnType<Nodo['askState']>>['answer'][]
}

export function standInNodo(answers: Answers = {}): StandInNodo {
  const sent: OutgoingCart[] = []
  return {
    sent,
    async sendCart(cart) {
      sent.push(cart)
      const answer = answers.send?.shift() ?? {
        kind: 'accepted',
        url: `http://127.0.0.1/psp?idSession=${cart.carrelloId}`,
      }
      return { answer, journal }
    },
    async askState() {
      return { answer: answers.state?.shift() ?? { kind: 'no_answer', why: 'TEST' }, journal }
    },
    async askReceipt() {
      return { answer: { kind: 'none', why: 'PPT_RT_NONDISPONIBILE' }, journal }
    },
  }
}
