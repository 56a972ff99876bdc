type Held = { name: string; since: string; go: () => void }

/** Calls that wait at a named point until somebody releases them. */
export class Barriers {
  private waiting: Held[] = []

  /** Resolves when `name` is released, or at once when `signal` aborts. */
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

  /** @returns how many calls were released */
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
