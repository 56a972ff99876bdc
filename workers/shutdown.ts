import type { Logger } from 'pino'

/** Steps run in order at SIGTERM or SIGINT, once; past the limit the process ends anyway. */
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

/** One step that fails, at once or later, must not keep the others from running. */
async function runStep(log: Logger, step: () => Promise<unknown> | void): Promise<void> {
  try {
    await step()
  } catch (error) {
    log.error({ err: error }, 'while stopping')
  }
}
