import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Holds the path of the server. tools/setup.mjs, which finds or builds it, writes this; relative to the project's folder. */
const RECORD = 'node_modules/.cache/mypay/temporal.json'

/** Path of the Temporal program. @throws when no set-up has found one */
export function temporalBinary(): string {
  const record = resolve(RECORD)
  const { path }: { path?: string } = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {}
  if (!path || !existsSync(path)) throw new Error('no Temporal server is set up: run "node tools/setup.mjs"')
  return path
}
