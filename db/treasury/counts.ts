/** SQL condition on `c`, a credit: its money counts. */
export const COUNTS = 'c.is_seen and c.twin_id is null and c.cents > 0'

/** SQL: the states of a tie that holds, by the machine or by a person. */
export const SURE = `'certain', 'accepted'`
