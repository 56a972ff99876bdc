import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'mypay-install-'))
const HALF = join(folder, 'node_modules/half')
const WHOLE = join(folder, 'node_modules/whole')

for (const file of ['package.json', 'package-lock.json']) writeFileSync(join(folder, file), '{}')
afterEach(() => rmSync(join(folder, 'node_modules'), { recursive: true, force: true }))

/** Installs with a program in place of npm. Returns what the set-up said when it failed. */
function installWith(npm: string): string {
  const program = join(folder, 'npm.js')
  writeFileSync(program, `const { mkdirSync } = require('node:fs'); ${npm}`)
  const code = `import(${JSON.stringify(resolve('tools/setup/install.mjs'))}).then(({ install }) => install())`
  const env = { ...process.env, npm_execpath: program }
  return spawnSync(process.execPath, ['-e', code], { cwd: folder, env, encoding: 'utf8' }).stderr
}

const makes = (path: string) => `mkdirSync(${JSON.stringify(path)}, { recursive: true });`

test('an installation that died begins again from an empty folder', () => {
  const said = installWith(`${makes(HALF)} process.kill(process.ppid, 'SIGKILL')`)
  expect(said).not.toContain('done')
  expect(existsSync(HALF)).toBe(true)
  expect(installWith(makes(WHOLE))).toContain('done')
  expect(existsSync(HALF)).toBe(false)
  expect(existsSync(WHOLE)).toBe(true)
})

test('packages that are installed are left alone, and a change of package.json keeps the folder', () => {
  installWith(makes(WHOLE))
  expect(installWith(makes(HALF))).toBe('')
  const before = readFileSync(join(folder, 'package.json'), 'utf8')
  writeFileSync(join(folder, 'package.json'), '{"name":"x"}')
  expect(installWith(makes(HALF))).toContain('done')
  writeFileSync(join(folder, 'package.json'), before)
  expect(existsSync(WHOLE)).toBe(true)
})
