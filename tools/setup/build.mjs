import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readJson, writeJson } from './folders.mjs'
import { run, step } from './progress.mjs'

const OUT = 'dist'
const STAMP = join(OUT, '.build.json')
const SOURCES = [
  'activities',
  'api',
  'bench',
  'contracts',
  'db',
  'domain',
  'services',
  'simulator',
  'templates',
  'tools',
]
  .concat(['workers', 'workflows'])
  .filter((folder) => existsSync(folder))
const INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  ...walk('docs/it'),
]
/** Endings of the files that the compiler does not copy to dist/. */
const ASSETS = new Set([
  '.hbs',
  '.json',
  '.wsdl',
  '.xsd',
  '.xml',
  '.sql',
  '.css',
  '.svg',
  '.js',
  '.mjs',
  '.csv',
  '.icc',
])

/** Folders of dist/ with files that have no source of the same name. */
const DRAWN = ['.', 'assets']

/** Compiles to dist/ when any source has changed since the last build. */
export async function build() {
  const files = SOURCES.flatMap(walk)
  const state = Object.fromEntries([...files, ...INPUTS].map((file) => [file, stampOf(file)]))
  if (JSON.stringify(readJson(STAMP)) === JSON.stringify(state)) return
  await step('Building', async () => {
    rmSync(STAMP, { force: true })
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
    for (const file of files) if (ASSETS.has(extname(file))) copy(file)
    removeOrphans(new Set(files))
    // Loaded here, because before the first installation there is no package to draw with.
    const { drawAssets } = await import('./styles.mjs')
    await drawAssets()
    const { drawManual } = await import('./manual.mjs')
    drawManual(join(OUT, 'manual.json'))
    await bundleWorkflows()
  })
  writeJson(STAMP, state)
}

/** @param {string} folder @returns {string[]} */
function walk(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative('.', join(entry.parentPath, entry.name)))
    .sort()
}

/** @param {string} file */
function stampOf(file) {
  const { mtimeMs, size } = statSync(file)
  return `${mtimeMs} ${size}`
}

/** @param {string} file */
function copy(file) {
  const to = join(OUT, file)
  mkdirSync(dirname(to), { recursive: true })
  cpSync(file, to)
}

/** Removes files of deleted sources: a renamed migration would run a second time from the file of an earlier build. */
function removeOrphans(files) {
  for (const built of walk(OUT)) {
    const name = relative(OUT, built)
    const source = name.replace(/\.js(\.map)?$/, '.ts')
    if (!files.has(name) && !files.has(source) && !DRAWN.includes(dirname(name))) rmSync(built)
  }
}

/** Bundles the workflows once, so that no worker has to at its start. */
async function bundleWorkflows() {
  const entry = join(process.cwd(), OUT, 'workflows/index.js')
  if (!existsSync(entry)) return
  const worker = join(process.cwd(), 'node_modules/@temporalio/worker/lib/index.js')
  const { bundleWorkflowCode, DefaultLogger } = (await import(pathToFileURL(worker).href)).default
  const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: new DefaultLogger('ERROR') })
  writeFileSync(join(OUT, 'workflow-bundle.js'), code)
}
