/** Our own constants as the list of an `in (…)`: ['a', 'b'] → "'a', 'b'". Never for a value from outside, which is a binding. */
export const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')
