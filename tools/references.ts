import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A reference in a file that a reader of the repository cannot follow. */
export interface DeadReference {
  file: string
  line: number
  text: string
  why: string
}

/** Documents that were never in the repository. A document of ours with the same name is cited with its folder. */
const OUTSIDE =
  /(?<![\w/.-])(?:flows|payments|pagopa|design|reliability|entity-soap|features|conventions|dependencies)(?:\.md| §)|\brulings? \d|samples\/README\.md/gi

/** A page of this repository, with or without a heading or anchor. */
const PAGE = /\bdocs\/[\w./-]+?\.md(?:#[\w-]+)?/g

/** A file or folder of the code that a page names. A star stands for any name. */
const CODE =
  /(?<=`)(?:activities|api|bench|contracts|db|deploy|domain|services|simulator|templates|test|tools|workers|workflows)\/[\w./-]*(?=`)/g

/** Names of money rules, decisions, invariants and faults; each is an anchor of the page beside it. */
const NAMED: readonly [RegExp, string][] = [
  [/(?<=\(|\bid: '|\bit\('|, |and )(D|I|M)\d{1,2}(?=[),:' ])/g, 'docs/field/money-rules.md'],
  [/(?<=\bit\(['`])F\d{1,2}(?=:)/g, 'docs/field/faults.md'],
]

/** All dead references of one file. @param root folder of the repository */
export function deadReferences(root: string, file: string, text: string): DeadReference[] {
  const isPage = file.endsWith('.md')
  return text.split('\n').flatMap((content, index) => {
    const at = { file, line: index + 1 }
    const outside = isPage ? [] : found(content, OUTSIDE).map((text) => ({ ...at, text, why: 'not here' }))
    const pages = found(content, PAGE).flatMap((text) => {
      const why = whyDead(root, text)
      return why === undefined ? [] : [{ ...at, text, why }]
    })
    const code = isPage
      ? found(content, CODE)
          // A page may name a built file, `workers/migrate.js`.
          .filter((path) => !existsSync(join(root, path.replace(/\.js$/, '.ts'))))
          .map((text) => ({ ...at, text, why: 'no such file or folder' }))
      : []
    const names = isPage
      ? []
      : NAMED.flatMap(([pattern, page]) =>
          found(content, pattern)
            .filter((name) => !anchorsOf(root, page).has(name.toLowerCase()))
            .map((text) => ({ ...at, text, why: `no anchor in ${page}` })),
        )
    return [...outside, ...pages, ...code, ...names]
  })
}

const found = (content: string, pattern: RegExp): string[] =>
  [...content.matchAll(pattern)].map(([text]) => text)

function whyDead(root: string, reference: string): string | undefined {
  const [page, anchor] = reference.split('#')
  if (!existsSync(join(root, page!))) return 'no such page'
  if (anchor !== undefined && !anchorsOf(root, page!).has(anchor)) return 'no such heading'
  return undefined
}

const known = new Map<string, Set<string>>()

function anchorsOf(root: string, page: string): Set<string> {
  const path = join(root, page)
  const before = known.get(path)
  if (before) return before
  const anchors = readAnchors(readFileSync(path, 'utf8'))
  known.set(path, anchors)
  return anchors
}

/** Anchors of a page: those that a browser derives from headings, and those written as `<a id>`. */
function readAnchors(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading!))
  const written = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)
  return new Set([...headings, ...written])
}

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
