import type { Exchange, Node } from '../../activities/node/port.ts'
import type { SendAnswer } from '../../domain/payment/send.ts'
import type { StateAnswer } from '../../domain/payment/ask-state.ts'
import type { OutgoingCart } from '../../domain/payment/outgoing.ts'
import { meaningOf } from '../../domain/wire/node-faults.ts'
import { progressOf } from '../../domain/wire/node-states.ts'

/** A node for tests of the engine alone: gives the answers that a test queued. Journeys use the simulator instead. */
export interface StandInNode extends Node {
  sent: OutgoingCart[]
  /** Number of questions for a state. */
  asked: number
  /** Answers to give. After the last one a send is accepted and a question for the state gets none. */
  answers: Answers
}

const journal: Exchange<unknown>['journal'] = {
  direction: 'out',
  operation: 'test',
  domain: null,
  iuv: null,
  attemptCode: null,
  outcome: 'OK',
  httpStatus: 200,
  durationMs: 1,
  request: null,
  response: null,
}

export type Answers = {
  send?: Awaited<ReturnType<Node['sendCart']>>['answer'][]
  state?: Awaited<ReturnType<Node['askState']>>['answer'][]
  /** Answer to a question for the state when the list is empty. */
  always?: Awaited<ReturnType<Node['askState']>>['answer']
}

export function standInNode(answers: Answers = {}): StandInNode {
  const sent: OutgoingCart[] = []
  const node: StandInNode = {
    sent,
    asked: 0,
    answers,
    async sendCart(cart) {
      sent.push(cart)
      const answer = node.answers.send?.shift() ?? {
        kind: 'accepted',
        url: `http://127.0.0.1/psp?idSession=${cart.carrelloId}`,
      }
      return { answer, journal }
    },
    async askState() {
      node.asked += 1
      return {
        answer: node.answers.state?.shift() ?? node.answers.always ?? { kind: 'no_answer', why: 'TEST' },
        journal,
      }
    },
    async askReceipt() {
      return { answer: { kind: 'none', why: 'PPT_RT_NONDISPONIBILE' }, journal }
    },
  }
  return node
}

/** Answer of a node that has the attempt in this state of its protocol. */
export const knownState = (state: string, url: string | null = null): StateAnswer => ({
  kind: 'known',
  progress: progressOf(state),
  state,
  url,
})

/** Answer to a send: this fault. */
export const aFault = (faultCode: string): SendAnswer => ({
  kind: 'fault',
  meaning: meaningOf(faultCode),
  faultCode,
})
