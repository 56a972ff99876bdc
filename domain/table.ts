/** The keys of a table of data. It must have no others than those that its type names. */
export const keysOf = <Table extends object>(table: Table): (keyof Table & string)[] =>
  Object.keys(table) as (keyof Table & string)[]

/** A table with one entry for each of the keys. */
export const tableOf = <Key extends string, Entry>(
  keys: readonly Key[],
  make: (key: Key) => Entry,
): Record<Key, Entry> => Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<Key, Entry>

/** True when a value is one of the names of a list. */
export const isOneOf = <Name extends string>(names: readonly Name[], value: unknown): value is Name =>
  names.some((name) => name === value)

/** The items by a key of each, in their order. */
export function groupsBy<Key, Item>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
