import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { stateOf } from '../setup/begun.ts'
import { aCart } from '../setup/builders.ts'
import { textOf } from '../setup/citizen-site.ts'
import { CODE, newDues, PAOLO } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const DUES = `/operatore/${CODE}/dovuti`
const BUTTON = 'Chiedi la ricevuta a pagoPA'
const STILL = 'La ricevuta non è ancora arrivata. Continuiamo a chiederla noi a pagoPA'

let stack: Stack
let paolo: Visitor
let numbers = 700

beforeAll(async () => {
  stack = await startStack({ seed: true })
  paolo = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
})
afterAll(() => stack.close())

// The node makes the receipt but does not push it, so that only a question gets it.
beforeEach(() => stack.simulator.behave({ clear: true, rules: [{ operation: 'rt', kind: 'on_request' }] }))

/** Begins the payment of a new due. */
async function begun(): Promise<{ id: string; idSession: string }> {
  const [id] = (await newDues(stack.db, [++numbers])) as [string]
  const cartId = await aCart(stack.db, [id])
  const answer = await stack.processes.begin(cartId, { nonce: randomUUID(), replicaConfirmed: true }, 20_000)
  if (answer.kind !== 'redirect') throw new Error(`not begun: ${answer.kind}`)
  return { id, idSession: new URL(answer.url).searchParams.get('idSession')! }
}

const asked = (): number => stack.simulator.state().calls['nodoChiediStatoRPT'] ?? 0

/** Presses the button as an operator; returns the address of the next page. */
async function press(id: string): Promise<string> {
  const page = await paolo.get(`${DUES}/${id}`)
  expect(textOf(page)).toContain(BUTTON)
  const answer = await paolo.submit(page, '/chiedi-ricevuta')
  expect(answer.status).toBe(303)
  return answer.location!
}

/** The same; returns the text of the next page. */
const ask = async (id: string): Promise<string> => textOf(await paolo.get(await press(id)))

it('the receipt that did not arrive is asked for once, and the due is paid, with its receipt', async () => {
  const { id, idSession } = await begun()
  await stack.simulator.pay(idSession, 'OK')
  expect(await stateOf(stack.db, 'due', id)).toBe('paying')
  const before = asked()
  const page = await ask(id)
  expect(asked() - before).toBe(1)
  expect(page).not.toContain(STILL)
  expect(page).not.toContain(BUTTON)
  expect(page).toMatch(/€ Pagato/)
  const { html } = await paolo.get(`${DUES}/${id}`)
  const receipt = /href="([^"]+\/ricevute\/[^"]+\.pdf)"/.exec(html)![1]!
  const { status, bytes } = await paolo.download(receipt)
  expect([status, bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
})

it('the messages of a due are listed with their outcome, and no address in full', async () => {
  const { id, idSession } = await begun()
  await stack.simulator.pay(idSession, 'OK')
  await ask(id)
  const page = await waitUntil(async () => {
    const read = await paolo.get(`${DUES}/${id}`)
    return read.html.includes('>inviata<') && read
  })
  // A message and a mail are named by what they say.
  expect(textOf(page)).toMatch(/A pagoPA richiesta di pagamento nodoInviaCarrelloRPT OK/)
  expect(textOf(page)).toMatch(/E-mail al cittadino ricevuta \w\*\*\*@\S+ inviata/)
  expect(textOf(page)).toMatch(
    /Che cosa dire al cittadino .*L’importo è stato pagato all’ente\. .*e-mail con la ricevuta è partita il .* verso \w\*\*\*@.*“I tuoi pagamenti”/,
  )
  const addresses = (await stack.db('email').pluck('address')) as string[]
  expect(addresses.length).toBeGreaterThan(0)
  // Only the list of messages is checked, because the facts of the due contain the payer's address.
  const messages = page.html.split('Messaggi</h2>')[1]!
  for (const address of addresses) expect(messages).not.toContain(address)
})

it('while there is none the page says that we go on asking, and each press of the button asks again', async () => {
  const { id } = await begun()
  const before = asked()
  expect(await ask(id)).toContain(STILL)
  expect(await ask(id)).toContain(STILL)
  expect(asked() - before).toBe(2)
  expect(await stateOf(stack.db, 'due', id)).toBe('paying')
  // The page says it once, and no address makes it say so.
  for (const path of [`${DUES}/${id}`, `${DUES}/${id}?chiesta=si`])
    expect(textOf(await paolo.get(path))).not.toContain(STILL)
})

it('a double click asks once', async () => {
  const { id } = await begun()
  const page = await paolo.get(`${DUES}/${id}`)
  const before = asked()
  const answers = await Promise.all([1, 2].map(() => paolo.submit(page, '/chiedi-ricevuta')))
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  expect(asked() - before).toBe(1)
})

it('a node that does not answer leaves the due as it was, and the page says that we go on asking', async () => {
  const { id, idSession } = await begun()
  stack.simulator.behave({ rules: [{ operation: 'nodoChiediStatoRPT', kind: 'timeout', ms: 60_000 }] })
  await stack.simulator.pay(idSession, 'OK')
  expect(await ask(id)).toContain(STILL)
  expect(await stateOf(stack.db, 'due', id)).toBe('paying')
  stack.simulator.behave({ clear: true })
  const next = await press(id)
  await waitUntil(async () => (await stateOf(stack.db, 'due', id)) === 'paid')
  expect(textOf(await paolo.get(next))).not.toContain(STILL)
})
