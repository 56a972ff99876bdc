import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Cache of this checkout, removed together with node_modules. The path is relative to the project's folder. */
export const STAMPS = 'node_modules/.cache/mypay'

/** Cache of this user, shared by all checkouts, so that a second one builds nothing again. */
export function userCache() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(base, 'mypay')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** @param {string} file @returns {any} undefined when missing or half-written */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {string} file @param {unknown} value */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(value))
  renameSync(`${file}.${process.pid}`, file)
}
