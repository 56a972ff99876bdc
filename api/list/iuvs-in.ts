import { iuvOfNotice } from '../../domain/iuv.ts'

/** The IUVs that a typed text may stand for: as typed, in capitals, and the one in a notice number. */
export const iuvsIn = (text: string): string[] => [
  ...new Set([text.toUpperCase(), text, iuvOfNotice(text)].filter((iuv) => iuv !== undefined)),
]
