import type { SessionData } from 'express-session'
import { now, type AppConfig } from '../deps.ts'

const HOUR_MS = 3_600_000

/** Where somebody signs in, to come back to a page. */
export function signInHref(back: string, level?: number): string {
  const query = { da: back, ...(level === undefined ? {} : { livello: String(level) }) }
  return `/accedi?${new URLSearchParams(query).toString()}`
}

/** Pages of operators, administrators and support ask for more than those of citizens. */
export function isSignedInAsStaff({ session }: WithSession, config: AppConfig): boolean {
  const { staffLevel, staffHours } = config.signIn
  return (session.level ?? 0) >= staffLevel && ageOf(session, config) < staffHours * HOUR_MS
}

/** Is any session that began too long ago, also one that nobody signed in to. */
export const isOver = ({ session }: WithSession, config: AppConfig): boolean =>
  ageOf(session, config) >= config.signIn.citizenHours * HOUR_MS

/** A request, or what the store says of its session now. */
interface WithSession {
  session: Partial<SessionData>
}

function ageOf({ startedAt }: Partial<SessionData>, config: AppConfig): number {
  return startedAt === undefined ? 0 : Date.parse(now(config)) - Date.parse(startedAt)
}
