import type { FormDefinition } from '../fields.ts'

/**
 * A form that two people changed at once: everything that either of them changed, and where both changed the same thing, what `mine` says.
 * Fields are the same when they have the same id, options when they have the same value.
 * @param base the form that both of them saw
 */
export const mergeForms = (
  base: FormDefinition,
  mine: FormDefinition,
  theirs: FormDefinition,
): FormDefinition => merged(base, mine, theirs) as FormDefinition

type Thing = Readonly<Record<string, unknown>>

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

/** The same value with the keys of its objects in order, because their order means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isThing(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sorted(value[key])]),
  )
}

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function merged(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (isSame(mine, base)) return theirs
  if (isSame(theirs, base)) return mine
  if (isThing(mine) && isThing(theirs)) return mergedThing(isThing(base) ? base : {}, mine, theirs)
  const lists = [base ?? [], mine, theirs].map(keyed)
  return lists.every((list) => list !== undefined) ? mergedList(lists[0]!, lists[1]!, lists[2]!) : mine
}

function mergedThing(base: Thing, mine: Thing, theirs: Thing): Thing {
  // A field that became another kind of field has other properties, so nothing of the other change fits in it.
  if (mine['kind'] !== theirs['kind']) return isSame(mine['kind'], base['kind']) ? theirs : mine
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
  return Object.fromEntries(
    keys
      .map((key) => [key, merged(base[key], mine[key], theirs[key])] as const)
      .filter(([, value]) => value !== undefined),
  )
}

type Keyed = ReadonlyMap<string, Thing>

/** The things of a list by their id or value; undefined for a list of anything else, or where two have the same. */
function keyed(list: unknown): Keyed | undefined {
  if (!Array.isArray(list)) return undefined
  const pairs = list.flatMap((one: unknown): [string, Thing][] => {
    const key = isThing(one) ? (one['id'] ?? one['value']) : undefined
    return typeof key === 'string' ? [[key, one as Thing]] : []
  })
  const byKey = new Map(pairs)
  return byKey.size === list.length ? byKey : undefined
}

function mergedList(base: Keyed, mine: Keyed, theirs: Keyed): Thing[] {
  const isMoved = !isSame(kept(mine, base), kept(base, mine))
  const [first, second] = isMoved ? [mine, theirs] : [theirs, mine]
  return [...withAdded([...first.keys()], [...second.keys()])].flatMap((key) => {
    const one = mergedOne(base.get(key), mine.get(key), theirs.get(key))
    return one ? [one] : []
  })
}

const kept = (list: Keyed, other: Keyed): string[] => [...list.keys()].filter((key) => other.has(key))

/** A thing of a list. What one person took away stays away, unless the other changed it meanwhile and this one only left it. */
function mergedOne(
  base: Thing | undefined,
  mine: Thing | undefined,
  theirs: Thing | undefined,
): Thing | undefined {
  if (mine && theirs) return merged(base, mine, theirs) as Thing
  if (!base) return mine ?? theirs
  if (!theirs) return mine && !isSame(mine, base) ? mine : undefined
  return undefined
}

/** The keys of one list, and after the key that they follow in the other list those that only that one has. */
function withAdded(keys: readonly string[], others: readonly string[]): string[] {
  return others.reduce<string[]>(
    (list, key, at) => {
      if (list.includes(key)) return list
      const before = others.slice(0, at).findLast((one) => list.includes(one))
      const where = before === undefined ? 0 : list.indexOf(before) + 1
      return [...list.slice(0, where), key, ...list.slice(where)]
    },
    [...keys],
  )
}
