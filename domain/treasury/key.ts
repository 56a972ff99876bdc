/** One text of several, from which each can be told apart again. */
export const keyOf = (...parts: readonly (string | number | null)[]): string => JSON.stringify(parts)

/** What makes a movement one piece of money when the bank gave it no number. Source: docs/field/treasury.md#keys. */
export const contentKey = (movement: {
  source: string
  act: string
  account: string
  bookedOn: string
  valueOn: string
  cents: number
  text: string
}): string =>
  keyOf(
    movement.source,
    movement.act,
    movement.account,
    movement.bookedOn,
    movement.valueOn,
    movement.cents,
    movement.text,
  )
