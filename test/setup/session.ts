import type { Knex } from 'knex'
import type { SessionData } from 'express-session'
import type { Citizen } from '../../api/middleware/session.ts'
import { SIGN_IN } from '../../api/access/sign-in-rules.ts'
import type { Page, Visitor } from './visitor.ts'

/** Changes values of the session that a visitor already has. */
export async function changeSession(db: Knex, visitor: Visitor, values: Partial<SessionData>): Promise<void> {
  const sid = /mypay=s%3A([^.]+)\./.exec(visitor.cookie())![1]!
  await db.raw(`update session set sess = (sess::jsonb || ?::jsonb)::json where sid = ?`, [
    JSON.stringify(values),
    decodeURIComponent(sid),
  ])
}

/** Signs a visitor in without the identity provider, which has tests of its own. */
export async function signInAs(
  db: Knex,
  visitor: Visitor,
  citizen: Citizen,
  level = SIGN_IN.staffLevel,
): Promise<Visitor> {
  // A session starts at the first page with a form.
  await visitor.get('/avviso')
  await db.raw(
    `insert into citizen_account (codice_fiscale, email) values (?, ?) on conflict (codice_fiscale) do nothing`,
    [citizen.codiceFiscale, citizen.email ?? null],
  )
  await changeSession(db, visitor, { citizen, level })
  return visitor
}

/** Follows redirects between our pages and the provider's, at most 12, until an answer is no redirect. */
export async function follow(visitor: Visitor, first: Page): Promise<Page> {
  let page = first
  for (let step = 0; page.location !== undefined && step < 12; step++) page = await visitor.get(page.location)
  return page
}

/** Signs in through the provider, from the page that asks for it; returns the last page. */
export async function signIn(
  visitor: Visitor,
  person: string,
  from = '/accedi',
  /** Level that the provider gives; empty: the level that was requested. */
  level = '',
): Promise<Page> {
  const choice = await follow(visitor, await visitor.get(from))
  const answer = { persona: person, livello: level }
  return follow(visitor, await visitor.submit(choice, new URL(choice.url).pathname, answer))
}
