/** Polls a condition until it holds, so that a test waits for what it needs instead of a fixed time. */
export async function waitUntil<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 15_000,
  intervalMs = 20,
): Promise<T> {
  const until = Date.now() + timeoutMs
  for (;;) {
    const found = await condition()
    if (found) return found
    if (Date.now() > until)
      throw new Error(`not within ${timeoutMs} ms: ${condition.toString().slice(0, 200)}`)
    await new Promise((resolve) => {
      setTimeout(resolve, intervalMs)
    })
  }
}
