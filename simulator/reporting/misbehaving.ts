import type { Drawn } from '../behaviour/behaviours.ts'
import type { Context } from '../context.ts'
import type { Asked, Call } from './calls.ts'
import type { Answer } from './errors.ts'
import type { Flow } from './flow.ts'

export type Wire = {
  send: (answer: Answer) => void
  /** Sends the first half of the body as if it were whole. */
  half: (answer: Answer) => void
  /** Closes the connection without an answer. */
  cut: () => void
}

export type Misbehaving = {
  rule: Drawn
  call: Call
  asked: Asked
  /** The honest answer, or what it would be with these flows. */
  act: (flows?: readonly Flow[]) => Answer
  wire: Wire
  context: Context
}
