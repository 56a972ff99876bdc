type Held = { name: string; since: string; go: () => void }

/** Calls held at a named point until somebody lets them go. */
export class Barriers {
  private waiting: Held[] = []

  /** Resolves at the release of `name`, or at once when `signal` aborts. */
  hold(name: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        signal.removeEventListener('abort', go)
        resolve()
      }
      signal.addEventListener('abort', go, { once: true })
      this.waiting.push({ name, since: new Date().toISOString(), go })
    })
  }

  /** @returns how many were let go */
  release(name?: string): number {
    const going = this.waiting.filter((held) => name === undefined || held.name === name)
    this.waiting = this.waiting.filter((held) => !going.includes(held))
    for (const { go } of going) go()
    return going.length
  }

  releaseAll(): void {
    this.release()
  }

  held(): { name: string; since: string }[] {
    return this.waiting.map(({ name, since }) => ({ name, since }))
  }
}
