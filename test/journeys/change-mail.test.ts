import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sweepOnce } from '../../workers/sweep.ts'
import { confirming, saveEnte } from '../setup/administration.ts'
import { mailsTo } from '../setup/mailbox.ts'
import { ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const MAINTAINER = 'manutenzione@mypay.example'
const ENTE = '/admin/enti/C_X902'

let stack: Stack
let sara: Visitor
let elena: Visitor
beforeAll(async () => {
  stack = await startStack({ seed: true, maintainer: MAINTAINER })
  sara = await signInAs(stack.db, createVisitor(stack.publicUrl), SARA)
  elena = await signInAs(stack.db, createVisitor(stack.publicUrl), ELENA)
})
afterAll(() => stack.close())

const written = (): Promise<{ id: string; state: string }[]> =>
  stack.db('email').select('id', 'state').where({ kind: 'change' }).orderBy('id')
const sweep = () =>
  sweepOnce({ ...stack, log: pino({ level: 'silent' }), grace: { receipt: 0, check: 0, mail: 0 } })

async function change(visitor: Visitor, path: string, fields: Record<string, string>): Promise<void> {
  const saved =
    path === ENTE
      ? await saveEnte(visitor, ENTE, fields)
      : await visitor.submit(await visitor.get(path), path, fields)
  expect(saved.status).toBe(303)
}

it('what an administrator of an ente changes is told to the maintainer once, field by field, before and after', async () => {
  await change(sara, ENTE, { phone: '0422111111', info: 'Sportello. '.repeat(80).trim(), site: '' })
  expect(await written()).toHaveLength(1)
  await Promise.all([sweep(), sweep()])
  await waitUntil(async () => (await written()).every(({ state }) => state === 'sent'))
  await sweep()
  const mails = await mailsTo(stack.simulator.url, MAINTAINER)
  expect(mails).toHaveLength(1)
  const [mail] = mails
  for (const part of [
    'Modifica della configurazione',
    'Telefono',
    '0422000202',
    '0422111111',
    'Informazioni per i cittadini',
    '…',
    `${stack.publicUrl}${ENTE}`,
  ])
    expect(mail).toContain(part)
  expect(mail).toMatch(/Sara Gallo \([0-9A-F]{8}\) ha modificato/)
  // The mail shortens long values and leaves out unchanged ones.
  expect(mail).not.toContain('Sportello. '.repeat(20))
  expect(mail).not.toContain('Denominazione')
})

it('saving without a change sends no mail', async () => {
  const before = await written()
  await change(sara, ENTE, {})
  expect(await written()).toEqual(before)
})

it('types that are changed or chosen, and people who are let in or out, are told too, one mail each', async () => {
  const before = (await written()).length
  await change(sara, `${ENTE}/tipi/DIRITTI_VARI`, { print_due_on: 'false' })
  await sara.submit(await sara.get(`${ENTE}/tipi`), '/tipi/VERBALE_AMMINISTRATIVO/scegli')
  await change(sara, `${ENTE}/operatori`, {
    'codice-fiscale': 'RVIMRC83C17M999W',
    nome: 'Marco Riva',
    ruolo: 'operator',
  })
  const { id } = (await stack.db('operator').first('id').where({ codice_fiscale: PAOLO.codiceFiscale })) as {
    id: string
  }
  await confirming(sara, await sara.submit(await sara.get(`${ENTE}/operatori`), `/${id}/togli`))
  expect(await written()).toHaveLength(before + 4)
  await sweep()
  await waitUntil(async () => (await written()).every(({ state }) => state === 'sent'))
  const mails = (await mailsTo(stack.simulator.url, MAINTAINER)).join()
  for (const part of [
    'La scadenza si stampa sull’avviso',
    'tipo dovuto scelto',
    'abilitato un operatore',
    'tolta un’abilitazione',
  ])
    expect(mails).toContain(part)
  // The mail does not name the person who was let in; the page does, for readers who may see it.
  expect(mails).not.toMatch(/RVIMRC83C17M999W|Marco Riva/)
})

it('a change of an account is mailed to the administrators of the ente and of the region, with what to do and until when', async () => {
  await change(sara, ENTE, { iban: 'IT32I9999954321000000000002' })
  await sweep()
  await waitUntil(async () => (await written()).every(({ state }) => state === 'sent'))
  for (const address of ['sara.gallo@example.org', 'elena.conti@example.org', MAINTAINER]) {
    const mail = (await mailsTo(stack.simulator.url, address)).find((text) =>
      text.includes('È stato chiesto un cambio di conto'),
    )!
    expect(mail).toMatch(
      /Sara Gallo \([0-9A-F]{8}\) ha chiesto il .* di cambiare un conto di Comune di Pieve/,
    )
    expect(mail).toMatch(/ogni amministratore può ritirarlo; altrimenti vale dal \d\d\/\d\d\/\d{4}/)
    for (const part of [
      'Oggi',
      'IT12Z9999961020000000020201',
      'IT32I9999954321000000000002',
      `${stack.publicUrl}${ENTE}`,
    ])
      expect(mail).toContain(part)
  }
  await elena.submit(await elena.get(ENTE), '/ritira')
  await sweep()
  await waitUntil(async () => (await written()).every(({ state }) => state === 'sent'))
  const mails = await mailsTo(stack.simulator.url, 'sara.gallo@example.org')
  expect(mails.join()).toMatch(/Elena Conti \([0-9A-F]{8}\) ha ritirato .* chiesto da Sara Gallo/)
})

it('what an administrator of the region changes is told to nobody', async () => {
  const before = await written()
  await change(elena, ENTE, { phone: '0422222222' })
  expect(await written()).toEqual(before)
})
