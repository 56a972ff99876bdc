// Loaded before a part of the product: its clock is ahead of the machine's by the milliseconds in CLOCK_FILE.
// SIGUSR2 reads the file again, as when somebody sets the clock of a running machine; `<file>.seen` says that it was read.
import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const file = process.env['CLOCK_FILE']
const machine = Date.now
let ahead = 0

const now = () => machine() + ahead
const read = () => {
  ahead = Number(readFileSync(file, 'utf8'))
}

Date.now = now
const moved = new Proxy(Date, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: (target) => new target(now()).toString(),
})
Date.prototype.constructor = moved
globalThis.Date = moved

read()
if (isMainThread)
  process.on('SIGUSR2', () => {
    read()
    writeFileSync(`${file}.seen`, String(ahead))
  })
