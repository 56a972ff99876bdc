import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { aFlowWorld, type FlowWorld } from '../flows/world.ts'
import { textOf } from './citizen-site.ts'
import { signInAs } from './session.ts'
import type { Stack } from './stack.ts'
import { createVisitor, type Page, type Visitor } from './visitor.ts'
import { waitUntil } from './wait.ts'

const PERSON = { anagrafica: 'Olga Operatrice', email: 'olga@example.org' }

/** A statement of the samples, and the flow that it names. */
export const sample = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/tesoreria/${name}`, import.meta.url))
export const SAMPLE_FLOW = '2025-07-14ABI99999-0000000000012'
export const OPI_SAMPLE = 'GDC-2025071699999000000000001.xml'

/** An ente with an operator who reads, and may load, statements of its bank. */
export interface Bank extends FlowWorld {
  stack: Stack
  operator: Visitor
  path: string
  domain: string
}

let enti = 0
/** Each test has an ente of its own; the samples name their ente by its fiscal code, which is put in. */
export async function aBank(stack: Stack, { reconciles = true } = {}): Promise<Bank> {
  const domain = String(90_000_000_000 + ++enti)
  const ente = await aFlowWorld(stack.db, { codIpa: `C_B${enti}`, codiceFiscale: domain })
  await stack
    .db('operator_grant')
    .where({ operator_id: ente.operatorId })
    .update({ may_reconcile: reconciles })
  return {
    ...ente,
    stack,
    domain,
    operator: await signedIn(stack, ente.operatorId),
    path: `/operatore/C_B${enti}/tesoreria`,
  }
}

async function signedIn(stack: Stack, operatorId: string): Promise<Visitor> {
  const { codice_fiscale: codiceFiscale } = (await stack
    .db('operator')
    .first('codice_fiscale')
    .where({ id: operatorId })) as { codice_fiscale: string }
  return signInAs(stack.db, createVisitor(stack.publicUrl), { ...PERSON, codiceFiscale })
}

export const opiOf = ({ domain }: Bank): Buffer =>
  Buffer.from(sample(OPI_SAMPLE).toString().replaceAll('99999900014', domain))

/** Sends a statement; returns the address of its page. */
export async function sendStatement(
  { operator, path }: Bank,
  bytes: Buffer,
  { name = 'banca.xml', fields = {} }: { name?: string; fields?: Record<string, string> } = {},
): Promise<string> {
  const page = await operator.upload(await operator.get(path), path, { name, bytes }, fields)
  expect(page.status, textOf(page)).toBe(303)
  return new URL(page.location!).pathname
}

export const stateOfFile = async ({ stack }: Bank, file: string): Promise<string> =>
  (
    (await stack
      .db('treasury_file')
      .first('state')
      .where({ id: file.split('/').at(-1) })) as { state: string }
  ).state

/** Waits until a statement is in a state and the credits of its ente are tied. */
export async function settled(bank: Bank, file: string, state = 'loaded'): Promise<Page> {
  await waitUntil(async () => ((await stateOfFile(bank, file)) === state ? true : undefined), 30_000)
  await tied(bank)
  return bank.operator.get(file)
}

/** Waits until every credit and every flow of the ente was looked at. */
export const tied = ({ stack, enteId }: Bank): Promise<true> =>
  waitUntil(async () => {
    const credits = await stack.db('treasury_credit').where({ ente_id: enteId, needs_tie: true })
    return credits.length === 0 || undefined
  }, 30_000)

export async function load(bank: Bank, bytes: Buffer, given: { name?: string } = {}): Promise<string> {
  const file = await sendStatement(bank, bytes, given)
  await settled(bank, file)
  return file
}

/** Stores a flow of the ente as a fetch does. A known id gets its next revision. */
export async function aFlow(
  { stack, enteId, domain }: Bank,
  {
    id = SAMPLE_FLOW,
    cents = 141_345,
    psp = '60000000001',
    on = '2025-07-14',
    regulation = null as string | null,
    revision = 1,
  } = {},
): Promise<string> {
  return stack.db.transaction(async (trx) => {
    await trx('reporting_flow').where({ domain, flow_id: id, psp_id: psp }).update({ is_current: false })
    const [row] = (await trx('reporting_flow')
      .insert({
        ente_id: enteId,
        domain,
        flow_id: id,
        psp_id: psp,
        revision,
        source: 'rest',
        flow_at: on,
        regulated_on: on,
        regulation,
        declared_cents: cents,
        rows_cents: cents,
        header: Buffer.from('{}'),
      })
      .returning('id')) as { id: string }[]
    await trx('reporting_flow')
      .where({ id: row!.id })
      .update({ state: 'stored', is_current: true, stored_at: trx.fn.now() })
    return row!.id
  })
}

export interface CreditRow {
  id: string
  cents: number
  reversed_cents: number
  twin_id: string | null
  is_seen: boolean
  rule: string | null
}
export const creditsOf = async ({ stack, enteId }: Bank): Promise<CreditRow[]> =>
  (await stack.db('treasury_credit').where({ ente_id: enteId }).orderBy('cents', 'desc')) as CreditRow[]

export const countedCents = async (bank: Bank): Promise<number[]> =>
  (await creditsOf(bank))
    .filter(({ twin_id, cents }) => twin_id === null && cents > 0)
    .map(({ cents }) => cents)

export interface TieRow {
  id: string
  credit_id: string
  state: string
  reason: string
  flow_id: string | null
  psp_id: string | null
  decided_by: string | null
}
export const tiesOf = async ({ stack, enteId }: Bank): Promise<TieRow[]> =>
  (await stack
    .db('treasury_tie as t')
    .join('treasury_credit as c', 'c.id', 't.credit_id')
    .select('t.*')
    .where('c.ente_id', enteId)
    .orderBy('t.id')) as TieRow[]
