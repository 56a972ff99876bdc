import { z } from 'zod'
import { choosePorts } from './start/addresses.ts'
import { openFolder, runningSupervisor } from './start/folder.ts'
import { createInstallation, type Installation } from './start/installation.ts'
import { stopLeftovers } from './start/leftovers.ts'
import { readSettings } from './start/settings.ts'
import { addressTable } from './start/table.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

// Entry point of `npm start`: starts everything MyPay needs on this machine in order, keeps it alive, stops it in order.
try {
  const settings = readSettings(process.env)
  const other = runningSupervisor(settings.DATA_DIR)
  if (other)
    throw new Error(`MyPay already runs on ${settings.DATA_DIR} (process ${other}): stop it, or set DATA_DIR`)
  const folder = openFolder(settings.DATA_DIR)
  folder.writePid('start', process.pid)
  const left = await stopLeftovers(folder)
  if (left > 0) say(`stopped ${left} processes that an earlier run left`)
  const ports = await choosePorts(settings)
  const installation = createInstallation({ settings, ports, folder, env: process.env, say })
  const hasStopped = stopOnSignal(installation, () => folder.removePid('start'))
  await startOrStop(installation, hasStopped)
  say(`ready ${installation.addresses.public}`)
  process.stdout.write(addressTable(installation.addresses))
  if (process.argv.includes('--json')) say(JSON.stringify(installation.addresses))
} catch (error) {
  const text =
    error instanceof z.ZodError
      ? z.prettifyError(error)
      : String(error instanceof Error ? error.message : error)
  process.stderr.write(`${text}\n`)
  process.exit(1)
}

async function startOrStop(
  installation: Installation,
  hasStopped: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await installation.start()
  } catch (error) {
    // A stop during the start is no failure: the signal handler then ends the process while this waits for it.
    await hasStopped()
    await installation.stop()
    throw error
  }
}

/** Returns a function that gives the stop under way; undefined while there is none. */
function stopOnSignal(installation: Installation, afterwards: () => void): () => Promise<void> | undefined {
  let stopped: Promise<void> | undefined
  const stop = async () => {
    say('stopping')
    await installation.stop()
    afterwards()
    say('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void (stopped ??= stop()))
  return () => stopped
}
