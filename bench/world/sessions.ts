import { createHmac, randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { SessionData } from 'express-session'

const COOKIE = 'mypay'
const HOURS_MS = 4 * 3_600_000

/** Inserts sessions as the product stores them; returns the cookie of each, in the same order. */
export async function plantSessions(
  db: Knex,
  key: string,
  held: readonly Partial<SessionData>[],
): Promise<string[]> {
  const rows = held.map((values) => sessionRow(randomUUID(), values))
  await db.batchInsert('session', rows)
  return rows.map(({ sid }) => `${COOKIE}=${encodeURIComponent(signed(sid, key))}`)
}

function sessionRow(
  sid: string,
  values: Partial<SessionData>,
): { sid: string; sess: string; expire: string } {
  const cookie = { originalMaxAge: HOURS_MS, httpOnly: true, path: '/', sameSite: 'lax' }
  const expire = new Date(Date.now() + HOURS_MS).toISOString()
  const sess = { cookie: { ...cookie, expires: expire }, ...values, touchedAt: Date.now() }
  return { sid, sess: JSON.stringify(sess), expire }
}

/** Signs a session id as express-session does. */
function signed(sid: string, key: string): string {
  const mac = createHmac('sha256', key).update(sid).digest('base64').replace(/=+$/, '')
  return `s:${sid}.${mac}`
}

let addresses = 0

/** Address for X-Forwarded-For; each call gives another one. */
export function nextAddress(): string {
  addresses += 1
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}
