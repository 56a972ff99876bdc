import { MAX_IUF } from './name.ts'

/** How many IUFs are tried for a correction before the operator has to think of one. */
const MOST = 50

/**
 * IUFs for the correction of a file, the first free one of which is proposed: "MENSA" gives "MENSA_C1", "MENSA_C2"…, and "MENSA_C1" gives
 * "MENSA_C2"… An IUF that would be too long is cut before the number.
 */
export function correctionIufs(iuf: string): string[] {
  const [, stem, last] = /^(.*?)(?:_C(\d{1,4}))?$/.exec(iuf)!
  const first = Number(last ?? 0) + 1
  return Array.from({ length: MOST }, (_, at) => {
    const suffix = `_C${first + at}`
    return `${stem!.slice(0, MAX_IUF - suffix.length)}${suffix}`
  })
}
