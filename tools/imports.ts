import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))
export const IMPORTS_PAGE = join(ROOT, 'docs/imports.md')

/** The folders of the product. Files of test/ and bench/ may import all of them; no file of the product imports test/ or bench/. */
const PRODUCT = [
  'activities',
  'api',
  'contracts',
  'db',
  'domain',
  'services',
  'simulator',
  'templates',
  'tools',
  'workers',
  'workflows',
]

/** One import of a file of this repository; both paths are relative to its root. */
export interface Import {
  from: string
  to: string
  /** True when the whole statement is `import type` or `export type`, so that nothing of it is left at run time. */
  isType: boolean
}

/** The folders that the files of one folder may import. */
export interface Permission {
  folders: readonly string[]
  /** Folders of which only types may be imported. */
  typesOf: readonly string[]
}

export interface Table {
  /** Permissions by folder, whose name has no slash at its end. */
  permissions: ReadonlyMap<string, Permission>
  /** The folders of api/ that no other folder of api/ imports. */
  audiences: readonly string[]
}

/**
 * Matches the import and export statements of a module. It relies on the formatter: each statement begins its line, and
 * quotes are single. TypeScript 7 has no parser that programs can call, and another parser would be a dependency for these
 * few forms.
 */
const STATEMENT =
  /^(?:import|export) (type )?(?:[\w$]+, )?(?:[\w$]+|\{[^}]*\}|\*(?: as [\w$]+)?) from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

/** Imports of files of this repository; packages are left out. */
export function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(STATEMENT)].flatMap(([, type, from, bare, dynamic]) => {
    const name = (from ?? bare ?? dynamic)!
    return name.startsWith('.')
      ? [{ from: file, to: join(dirname(file), name), isType: type !== undefined }]
      : []
  })
}

/** Every import between files of the product, without its tests. */
export function productImports(): Import[] {
  return PRODUCT.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => join(folder, file)),
  )
    .sort()
    .flatMap((file) => importsOf(file, readFileSync(join(ROOT, file), 'utf8')))
}

/** Reads the table "Where things go" and the sentence about audiences from CONTRIBUTING.md. */
export function readTable(page: string): Table {
  const section = page.split(/^## /m).find((part) => part.startsWith('Where things go'))
  const rows = (section ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const audiences = /Inside `api\/` the folders are audiences \(([^)]*)\)/.exec(section ?? '')?.[1]
  if (rows.length === 0 || audiences === undefined)
    throw new Error('CONTRIBUTING.md has no table "Where things go", or does not name the audiences of api/')
  return {
    permissions: new Map(
      rows.flatMap(([, , folders, allowed]) =>
        namesIn(folders!).map((folder) => [folder, permissionOf(allowed!)] as const),
      ),
    ),
    audiences: [...audiences.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  }
}

function permissionOf(cell: string): Permission {
  if (!cell.startsWith('everything')) {
    const typesOf = [...cell.matchAll(/types of `([\w/]+)\/`/g)].map(([, folder]) => folder!)
    return { folders: namesIn(cell).filter((folder) => !typesOf.includes(folder)), typesOf }
  }
  const except = namesIn(cell)
  return { folders: [...PRODUCT, 'domain/wire'].filter((folder) => !except.includes(folder)), typesOf: [] }
}

const namesIn = (cell: string): string[] => [...cell.matchAll(/`([\w/]+)\/`/g)].map(([, folder]) => folder!)

/** The folder of the table that holds a file: the longest one, so that domain/wire/ is not domain/. */
export function folderOf(file: string, table: Table): string | undefined {
  return [...table.permissions.keys()]
    .filter((folder) => file.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length)[0]
}

/** Imports that the table does not allow, each as one line of text. */
export function refusedImports(imports: readonly Import[], table: Table): string[] {
  return imports
    .filter((one) => !isAllowed(one, table))
    .map(({ from, to, isType }) => `${from} -> ${to}${isType ? ' (types)' : ''}`)
}

function isAllowed(one: Import, table: Table): boolean {
  const [from, to] = [folderOf(one.from, table), folderOf(one.to, table)]
  if (from === undefined || to === undefined) return false
  if (from === to) return !crossesAudiences(one, table)
  const { folders, typesOf } = table.permissions.get(from)!
  return folders.includes(to) || (one.isType && typesOf.includes(to))
}

/** A file beside the folders of api/ mounts all of them; a file inside one imports no audience but its own. */
function crossesAudiences({ from, to }: Import, { audiences }: Table): boolean {
  const [room, other] = [from, to].map((file) => /^api\/(\w+)\//.exec(file)?.[1])
  return room !== undefined && other !== undefined && room !== other && audiences.includes(other)
}

/** Arrows between folders. An arrow is of types when each of its imports is. */
export function arrowsOf(imports: readonly Import[], table: Table): Import[] {
  const arrows = new Map<string, Import>()
  for (const { from, to, isType } of imports) {
    const [a, b] = [folderOf(from, table), folderOf(to, table)]
    if (a === undefined || b === undefined || a === b) continue
    const before = arrows.get(`${a} ${b}`)
    arrows.set(`${a} ${b}`, { from: a, to: b, isType: isType && (before?.isType ?? true) })
  }
  return [...arrows.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1))
}

/** A circle of files or folders that import each other, the first one again at its end; undefined when there is none. */
export function circleIn(imports: readonly Import[]): string[] | undefined {
  const targets = new Map<string, string[]>()
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to])
  const finished = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (finished.has(name)) return undefined
    for (const to of targets.get(name) ?? []) {
      const circle = visit(to, [...path, name])
      if (circle) return circle
    }
    finished.add(name)
    return undefined
  }
  for (const name of targets.keys()) {
    const circle = visit(name, [])
    if (circle) return circle
  }
  return undefined
}

const INTRO = `# Imports between folders

Drawn by \`node --import tsx tools/imports.ts\` from the import statements of the product, without its tests; a test fails when this page is
stale. An arrow says that a file of the first folder imports one of the second; a dotted arrow, that it imports only types. What may be
imported is the table "Where things go" of [contributing](../CONTRIBUTING.md), and the same test compares the two. There is no circle between
folders, nor between files.
`

/** Text of docs/imports.md. */
export function importsPage(): string {
  const table = readTable(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'))
  const arrows = arrowsOf(productImports(), table).map(
    ({ from, to, isType }) => `  ${box(from)} ${isType ? '-.->' : '-->'} ${box(to)}`,
  )
  return [INTRO, '```mermaid', 'flowchart TD', ...arrows, '```', ''].join('\n')
}

/** Mermaid ends a name at a slash, so the name of a folder is the label of a box. */
const box = (folder: string): string => `${folder.replaceAll('/', '_')}["${folder}/"]`

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(IMPORTS_PAGE, importsPage())
