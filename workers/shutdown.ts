import type { Logger } from 'pino'

/** Runs the steps once, in order, at SIGTERM or SIGINT. After `limitMs` the process ends even if a step still runs. */
export function onShutdown(
  log: Logger,
  steps: readonly (() => Promise<unknown> | void)[],
  limitMs = 20_000,
): void {
  let isStopping = false
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), limitMs).unref()
    for (const step of steps) await runStep(log, step)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

/** Logs a failure of the step, thrown or rejected, so that the other steps still run. */
async function runStep(log: Logger, step: () => Promise<unknown> | void): Promise<void> {
  try {
    await step()
  } catch (error) {
    log.error({ err: error }, 'while stopping')
  }
}
