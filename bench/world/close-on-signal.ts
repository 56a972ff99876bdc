/** Closes the world at SIGINT or SIGTERM, so that an interrupted benchmark leaves no server running. */
export function closeOnSignal(world: { close(): Promise<void> }): { forget(): void } {
  const close = (): void => void world.close().finally(() => process.exit(130))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, close)
  return { forget: () => signals.forEach((signal) => process.off(signal, close)) }
}
