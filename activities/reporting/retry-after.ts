const SECONDS = /^\d{1,6}$/

/** The seconds that a `Retry-After` asks for, which is a number of seconds or a date; undefined when it says neither. */
export function secondsOf(value: string | null, now: Date): number | undefined {
  if (value === null) return undefined
  const text = value.trim()
  if (SECONDS.test(text)) return Math.max(1, Number(text))
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(1, Math.ceil((at - now.getTime()) / 1_000))
}
