import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { DRAWN_ASSETS } from './assets.ts'

const TEMPLATES = fileURLToPath(new URL('.', import.meta.url))
/** The bytes that a browser may have to wait for before it can paint. */
const MOST_BYTES = 40_000

const stylesheet = readFileSync(join(DRAWN_ASSETS, 'mypay.css'), 'utf8')
const icons = readFileSync(join(DRAWN_ASSETS, 'icons.svg'), 'utf8')

const templates = readdirSync(TEMPLATES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.hbs') && !file.startsWith('emails'))
  .map((file) => ({ file, text: readFileSync(join(TEMPLATES, file), 'utf8') }))

/** Classes that only scripts and tests look for. */
const HOOKS = new Set<string>([])

/** The classes that a template names whole; those put together from parts are left out. */
const classesIn = (text: string): string[] =>
  [...text.matchAll(/\bclass="([^"]*)"/g)].flatMap(([, names]) =>
    names!
      .replaceAll(/\{\{#(if|unless)[^}]*\}\}|\{\{\/(if|unless)\}\}|\{\{else\}\}/g, ' ')
      .split(/\s+/)
      .filter((name) => name !== '' && !name.includes('{')),
  )

it('every class of a template has a rule in the stylesheet', () => {
  const unknown = templates.flatMap(({ file, text }) =>
    classesIn(text)
      .filter((name) => !HOOKS.has(name) && !stylesheet.includes(`.${name.replaceAll('/', '\\/')}`))
      .map((name) => `${file}: ${name}`),
  )
  expect([...new Set(unknown)]).toEqual([])
})

it('every icon of a template is drawn', () => {
  const named = templates.flatMap(({ text }) =>
    [...text.matchAll(/\{\{icon "([^"]+)"/g)].map(([, name]) => name!),
  )
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((name) => !icons.includes(`id="${name}"`))).toEqual([])
})

it('the stylesheet is small enough for a slow phone', () => {
  expect(gzipSync(stylesheet).length).toBeLessThanOrEqual(MOST_BYTES)
})

/** A step of the scale, nothing, or what the browser works out. */
const SPACES = /^(?:-?var\(--space-[1-6]\)|calc\(-1 \* var\(--space-[1-6]\)\)|0|auto)$/

it('every space of the own stylesheet is a step of the one scale', () => {
  const sheets = readdirSync(join(TEMPLATES, 'styles')).map((file) => ({
    file,
    text: readFileSync(join(TEMPLATES, 'styles', file), 'utf8'),
  }))
  const spaces = sheets.flatMap(({ file, text }) =>
    [...text.matchAll(/^\s*((?:margin|padding|(?:row-|column-)?gap)[a-z-]*):\s*([^;]+);/gm)].map(
      ([, property, value]) => ({ file, property: property!, values: value!.split(/\s+(?![^(]*\))/) }),
    ),
  )
  expect(spaces.length).toBeGreaterThan(100)
  const off = spaces.filter(({ values }) => values.some((value) => !SPACES.test(value)))
  expect(off).toEqual([])
})
