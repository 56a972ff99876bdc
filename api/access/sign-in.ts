import type { SessionData } from 'express-session'
import { now, type AppConfig } from '../deps.ts'

const HOUR_MS = 3_600_000

/**
 * The address of the sign-in.
 * @param back the path of ours to which the person returns afterwards
 * @param level the lowest level that the page accepts; undefined when any level is enough
 */
export function signInHref(back: string, level?: number): string {
  const query = { da: back, ...(level === undefined ? {} : { livello: String(level) }) }
  return `/accedi?${new URLSearchParams(query).toString()}`
}

/**
 * True when the sign-in is good enough for the pages of operators, administrators and support: they require a higher level than the pages
 * of citizens, and a newer sign-in.
 */
export function isSignedInAsStaff({ session }: WithSession, config: AppConfig): boolean {
  const { staffLevel, staffHours } = config.signIn
  return (session.level ?? 0) >= staffLevel && ageOf(session, config) < staffHours * HOUR_MS
}

/** True when a session has lasted too long. This limit also holds for a session without a sign-in. */
export const isOver = ({ session }: WithSession, config: AppConfig): boolean =>
  ageOf(session, config) >= config.signIn.citizenHours * HOUR_MS

/** A request, or a session as the store has it. */
interface WithSession {
  session: Partial<SessionData>
}

/** Milliseconds since the sign-in; 0 for a session that holds nothing yet. */
function ageOf({ startedAt }: Partial<SessionData>, config: AppConfig): number {
  return startedAt === undefined ? 0 : Date.parse(now(config)) - Date.parse(startedAt)
}
