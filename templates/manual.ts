import { existsSync, readFileSync } from 'node:fs'

/** An answer of the manual: its heading, and its text as HTML. */
export interface Answer {
  question: string
  html: string
}

// The build draws the manual into dist/, which is above the built code and beside the sources.
const PLACES = ['../manual.json', '../dist/manual.json'].map((path) => new URL(path, import.meta.url))

let answers: ReadonlyMap<string, Answer> | undefined

/** Read at the first question, because tools that draw pages of `docs/` load the templates before there is a build. */
const drawnAnswers = (): ReadonlyMap<string, Answer> =>
  (answers ??= new Map(
    Object.entries(
      JSON.parse(readFileSync(PLACES.find(existsSync) ?? PLACES[0]!, 'utf8')) as Record<string, Answer>,
    ),
  ))

/** @param topic the page of the manual and its heading: "operatore#come-trovo-un-dovuto" */
export function answerOf(topic: string): Answer {
  const answer = drawnAnswers().get(topic)
  if (!answer) throw new RangeError(`the manual has no answer ${topic}`)
  return answer
}
