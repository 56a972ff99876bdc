/** How many letters must be put in, taken out or changed to make one text of the other. */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 1; at <= one.length; at++) {
    const now = [at]
    for (let to = 1; to <= other.length; to++)
      now.push(
        Math.min(
          before[to]! + 1,
          now[to - 1]! + 1,
          before[to - 1]! + (one[at - 1] === other[to - 1] ? 0 : 1),
        ),
      )
    before = now
  }
  return before[other.length]!
}

/** People cut long codes short: a beginning of one is near it. */
const distanceTo = (text: string, code: string): number =>
  text.length >= LEAST_CUT && code.startsWith(text) ? 1 : distance(text, code)

const LEAST_CUT = 4

/** Longer texts are no codes, and would take time. */
const MOST = 64

/** The code that a mistyped one was meant to be; undefined when none is near enough to be sure of it. */
export function nearestCode(typed: string, codes: readonly string[]): string | undefined {
  if (typed.length > MOST) return undefined
  const text = typed.toUpperCase()
  const ranked = codes
    .map((code) => ({ code, far: distanceTo(text, code.toUpperCase()) }))
    .sort((one, other) => one.far - other.far)
  const [first, second] = ranked
  const isNear = first !== undefined && first.far <= Math.max(2, text.length / 3)
  return isNear && first.far !== second?.far ? first.code : undefined
}
