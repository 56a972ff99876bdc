/**
 * How far a due in a cart has come, from the first step to the last. `left`: the cart ran out or was dropped before "Paga". `at_psp`: sent to
 * the payment page, and nobody came back. `waiting`: came back, and the outcome is awaited.
 */
export const STEPS = ['in_cart', 'left', 'at_psp', 'waiting', 'not_paid', 'timed_out', 'paid'] as const
export type Step = (typeof STEPS)[number]

/** The steps of payments that began with "Paga". */
export const BEGUN: readonly Step[] = ['at_psp', 'waiting', 'not_paid', 'timed_out', 'paid']
/** The steps of payments whose outcome is known. */
export const ENDED: readonly Step[] = ['not_paid', 'timed_out', 'paid']
