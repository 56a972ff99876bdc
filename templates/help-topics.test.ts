import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CITIZEN_HELP, STAFF_HELP } from './help-topics.ts'
import { answerOf } from './manual.ts'

const PAGES = new URL('pages/', import.meta.url)
const pagesIn = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, PAGES))
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => `${folder}/${file.slice(0, -'.hbs'.length)}`)

it('every page of staff has help, and no help is for a page that is gone', () => {
  const pages = ['operator', 'admin', 'anomaly', 'support'].flatMap(pagesIn)
  expect(Object.keys(STAFF_HELP).sort()).toEqual(pages.sort())
  const citizens = pagesIn('citizen')
  expect(Object.keys(CITIZEN_HELP).filter((page) => !citizens.includes(page))).toEqual([])
})

it.each([...Object.entries(STAFF_HELP), ...Object.entries(CITIZEN_HELP)])(
  'the manual answers what the help of %s asks',
  (_, topics) => {
    for (const topic of topics) {
      const { question, html } = answerOf(topic)
      expect([topic, question.length > 5, html.length > 80]).toEqual([topic, true, true])
    }
    expect(new Set(topics).size).toBe(topics.length)
  },
)

it('every question of the help has its subject, because a panel shows it alone', () => {
  const questions = Object.values(STAFF_HELP)
    .flat()
    .map((topic) => answerOf(topic).question)
  const alone =
    /^(Come|Dove|Quando|Quanti|Perché) (lo|la|li|le|ne|si|non)( si)? ?\S+\?$|^Posso \S+(lo|la|li|le|ne)\?/
  expect(questions.filter((question) => alone.test(question))).toEqual([])
})

it.each(Object.values(CITIZEN_HELP).flat())(
  'what citizens read does not send them to pages of staff: %s',
  (topic) => {
    expect(answerOf(topic).html).not.toMatch(/\/supporto|\/operatore|\/admin/)
  },
)

it('links of the manual to its other pages are words here, because the portal does not have those pages', () => {
  for (const topic of new Set(Object.values(STAFF_HELP).flat())) {
    const links = [...answerOf(topic).html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)
    expect([topic, links]).toEqual([topic, []])
  }
})
