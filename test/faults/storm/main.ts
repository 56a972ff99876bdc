import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startWorld } from '../tools/world.ts'
import { isSound, linesOf } from './report.ts'
import { runStorm } from './run.ts'
import { saveEvidence } from './save.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    payments: { type: 'string', default: '20' },
    data: { type: 'string', default: process.env['DATA_DIR'] ?? '.data' },
  },
})

const seed = Number(values.seed)
const world = await startWorld({ seed, withFiles: true, withReporting: true })
try {
  const report = await runStorm(world, seed, Number(values.payments))
  process.stdout.write(`${linesOf(report).join('\n')}\n`)
  if (!isSound(report)) {
    const folder = resolve(join(values.data, 'faults', `seed-${seed}`))
    process.stdout.write(`evidence in ${await saveEvidence(world, folder)}\n`)
    process.exitCode = 1
  }
} finally {
  await world.close()
}
