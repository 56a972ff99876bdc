/** How many may be held at once: by one of a group, and in all. */
export interface PlaceLimits<Group extends string> {
  all: number
  each: Readonly<Record<Group, number>>
}

/** Places that are held and given back; a holder stands in several groups, and needs room in all of them. */
export class Places<Group extends string> {
  readonly #limits: PlaceLimits<Group>
  readonly #held = new Map<string, number>()
  #count = 0

  constructor(limits: PlaceLimits<Group>) {
    this.#limits = limits
  }

  /** What gives the place back, to be called once; nothing when there is no room. */
  take(holder: Readonly<Record<Group, string | undefined>>): (() => void) | undefined {
    const groups = (Object.keys(this.#limits.each) as Group[]).filter((group) => holder[group] !== undefined)
    const keyOf = (group: Group): string => `${group} ${holder[group]}`
    const heldBy = (group: Group): number => this.#held.get(keyOf(group)) ?? 0
    if (this.#count >= this.#limits.all) return undefined
    if (groups.some((group) => heldBy(group) >= this.#limits.each[group])) return undefined
    this.#count += 1
    for (const group of groups) this.#held.set(keyOf(group), heldBy(group) + 1)
    return () => {
      this.#count -= 1
      for (const group of groups) {
        if (heldBy(group) > 1) this.#held.set(keyOf(group), heldBy(group) - 1)
        else this.#held.delete(keyOf(group))
      }
    }
  }
}
