import { parseArgs } from 'node:util'
import { benchPayments, FULL, SHORT } from './payments/suite.ts'
import { isShort, targetLine } from './report.ts'

/** `npm run bench -- payments [--full]`. Ends with 1 when a target is short. */
const say = (text: string): void => void process.stdout.write(`${text}\n`)
const { positionals, values } = parseArgs({ allowPositionals: true, options: { full: { type: 'boolean' } } })

if (positionals.join() !== 'payments') {
  process.stderr.write('usage: npm run bench -- payments [--full]\n')
  process.exit(2)
}
const targets = await benchPayments(values.full ? FULL : SHORT, say)
for (const target of targets) say(targetLine(target))
process.exit(targets.some(isShort) ? 1 : 0)
