/** Of a text with what a reader cannot see, on the pages of operators and administrators. */
export const UNSEEN_PROBLEM =
  'Il testo contiene caratteri che non si vedono, per esempio un a capo, una tabulazione o un segno di direzione: cancellalo e scrivilo a mano su una riga.'
