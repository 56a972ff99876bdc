import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Marked } from 'marked'

const MANUAL = 'docs/it'

/** The pages of the manual from which help on the pages of the portal is taken. */
const MANUAL_PAGES = readdirSync(MANUAL)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => join(MANUAL, file))

/**
 * Draws the answers of the manual, one for each heading of the second level: "operatore#come-trovo-un-dovuto" → its question and its
 * answer as HTML.
 */
export function drawManual(out) {
  const answers = MANUAL_PAGES.flatMap((file) => answersOf(basename(file, '.md'), readFileSync(file, 'utf8')))
  writeFileSync(out, JSON.stringify(Object.fromEntries(answers)))
}

/** @param {string} page @param {string} markdown */
function answersOf(page, markdown) {
  const answers = []
  for (const token of manual.lexer(markdown)) {
    if (token.type === 'heading' && token.depth === 2) answers.push({ question: token.text, tokens: [] })
    else answers.at(-1)?.tokens.push(token)
  }
  return answers.map(({ question, tokens }) => [
    `${page}#${slugOf(question)}`,
    { question, html: manual.parser(tokens) },
  ])
}

/** "È arrivato denaro?" → "e-arrivato-denaro". @param {string} text */
const slugOf = (text) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

const manual = new Marked({
  renderer: {
    // The other pages of the manual have no address in the portal, so only their names stay.
    link({ tokens }) {
      return this.parser.parseInline(tokens)
    },
    heading({ tokens }) {
      return `<h3 class="h6">${this.parser.parseInline(tokens)}</h3>\n`
    },
    html: ({ text }) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  },
})
