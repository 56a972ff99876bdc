import { addDays, romeDay, startOfRomeDay } from '../calendar.ts'

/** The list shows a flow some time after its publication, so the last two days are asked for again. */
const OVERLAP_HOURS = 48
/** A flow may be published long after the day that it is about. */
const FLOW_DAYS = 60

/** From when flows are asked for: ISO instants, both lower bounds. */
export interface AskedDays {
  publishedAfter: string
  flowsFrom: string
}

/**
 * The days that a fetch asks for: since the newest publication that is stored, less an overlap; at the first fetch the whole of the month
 * before this one; or from the day that a person named.
 * @param facts `now` and `lastPublished` are ISO instants, `fromOn` a day
 */
export function askedDays({
  now,
  lastPublished,
  fromOn,
}: {
  now: string
  lastPublished: string | undefined
  fromOn: string | null
}): AskedDays {
  if (fromOn !== null) return { publishedAfter: startOfRomeDay(fromOn), flowsFrom: startOfRomeDay(fromOn) }
  if (lastPublished === undefined) {
    const firstDay = startOfRomeDay(monthBefore(romeDay(now)))
    return { publishedAfter: firstDay, flowsFrom: firstDay }
  }
  const publishedAfter = new Date(Date.parse(lastPublished) - OVERLAP_HOURS * 3_600_000).toISOString()
  return { publishedAfter, flowsFrom: startOfRomeDay(addDays(romeDay(publishedAfter), -FLOW_DAYS)) }
}

/** The first day of the month before that of this day. */
const monthBefore = (day: string): string => `${addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`
