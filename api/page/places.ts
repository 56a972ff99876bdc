import { keysOf } from '../../domain/table.ts'

/** How many places may be held at once: by each member of a group, such as each session, and in all. */
export interface PlaceLimits<Group extends string> {
  all: number
  each: Readonly<Record<Group, number>>
}

/** Counts places that are taken and given back. A holder is a member of several groups and needs a free place in each of them. */
export class Places<Group extends string> {
  readonly #limits: PlaceLimits<Group>
  readonly #held = new Map<string, number>()
  #count = 0

  constructor(limits: PlaceLimits<Group>) {
    this.#limits = limits
  }

  /** Takes a place. @returns a function that gives it back and must be called once; undefined when there is no room */
  take(holder: Readonly<Record<Group, string | undefined>>): (() => void) | undefined {
    const groups = keysOf(this.#limits.each).filter((group) => holder[group] !== undefined)
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
