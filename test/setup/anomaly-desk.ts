import type { Knex } from 'knex'
import { expect } from 'vitest'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import { textOf } from './citizen-site.ts'
import type { Visitor } from './visitor.ts'
import { waitUntil } from './wait.ts'

/** A person at a desk of anomalies. */
export interface Clerk {
  visitor: Visitor
  /** The list of anomalies that this person works with. */
  desk: string
}

/** Submits a form of a page, and returns the text of the page to which it leads. */
export async function submitted(
  visitor: Visitor,
  path: string,
  form: string,
  fields: Record<string, string> = {},
): Promise<string> {
  const sent = await visitor.submit(await visitor.get(path), form, fields)
  expect(sent.status, textOf(sent)).toBe(303)
  return textOf(await visitor.get(sent.location!))
}

const REASON = 'verificato con il PSP'

/** Accepts an anomaly on its page, with a reason. */
export const accept = ({ visitor, desk }: Clerk, id: string): Promise<string> =>
  submitted(visitor, `${desk}/${id}`, '/accetta', { 'motivo-accetta': REASON })

/** Says that its money is to go back; the other person approves; then it went back. */
export async function giveBack(asks: Clerk, approves: Clerk, id: string): Promise<void> {
  const path = `${asks.desk}/${id}`
  const asked = await submitted(asks.visitor, path, '/da-restituire', { 'motivo-da-restituire': REASON })
  expect(asked).toContain('serve l’approvazione di una seconda persona')
  await submitted(approves.visitor, `${approves.desk}/${id}`, '/approva')
  await submitted(asks.visitor, path, '/restituito', { 'riferimento-restituito': `CRO ${id.slice(-6)}` })
}

/** Pays another due with its money; the other person approves. */
export async function payAnother(asks: Clerk, approves: Clerk, id: string, dueId: string): Promise<void> {
  const fields = { 'dovuto-attribuisci': dueId, 'motivo-attribuisci': REASON }
  await submitted(asks.visitor, `${asks.desk}/${id}`, '/attribuisci', fields)
  await submitted(approves.visitor, `${approves.desk}/${id}`, '/approva')
}

/** Makes its due payable again; the other person approves. */
export async function freeDue(asks: Clerk, approves: Clerk, id: string): Promise<void> {
  const fields = { 'motivo-rendi-pagabile': REASON }
  await submitted(asks.visitor, `${asks.desk}/${id}`, '/rendi-pagabile', fields)
  await submitted(approves.visitor, `${approves.desk}/${id}`, '/approva')
}

/** Accepts the payment that a flow reports, on its own page, to which the page of the anomaly leads. */
export async function acceptPayment({ visitor, desk }: Clerk, id: string): Promise<void> {
  const { html } = await visitor.get(`${desk}/${id}`)
  const href = /href="([^"]+\/riconciliazione\/[^"?#]+)"/.exec(html)?.[1]
  if (href === undefined) throw new Error(`no payment on the page of ${id}`)
  await submitted(visitor, href, '/accetta', { 'motivo-accetta': REASON })
}

/** Does something, and returns the id of the open anomaly of a kind that it raised. */
export async function raisedBy(
  db: Knex,
  kind: AnomalyKind,
  act: () => Promise<unknown>,
  where: Record<string, unknown> = {},
): Promise<string> {
  const before = (await db('anomaly').where({ kind, state: 'open' }).pluck('id')) as string[]
  await act()
  const found = () =>
    db('anomaly')
      .first('id')
      .where({ kind, state: 'open', ...where })
      .whereNotIn('id', before) as Promise<{ id: string } | undefined>
  return (await waitUntil(found)).id
}
