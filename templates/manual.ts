import { existsSync, readFileSync } from 'node:fs'

/** An answer of the manual: its heading, and its text as HTML. */
export interface Answer {
  question: string
  html: string
}

// The build draws the manual into dist/, which is above the built code and beside the sources.
const above = new URL('../manual.json', import.meta.url)
const drawn = existsSync(above) ? above : new URL('../dist/manual.json', import.meta.url)

const ANSWERS = new Map(Object.entries(JSON.parse(readFileSync(drawn, 'utf8')) as Record<string, Answer>))

/** @param topic the page of the manual and its heading: "operatore#come-trovo-un-dovuto" */
export function answerOf(topic: string): Answer {
  const answer = ANSWERS.get(topic)
  if (!answer) throw new RangeError(`the manual has no answer ${topic}`)
  return answer
}
