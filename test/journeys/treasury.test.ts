import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zipOf } from '../flows/zip.ts'
import {
  aBank,
  aFlow,
  countedCents,
  creditsOf,
  load,
  OPI_SAMPLE,
  opiOf,
  sample,
  SAMPLE_FLOW,
  sendStatement,
  settled,
  stateOfFile,
  tied,
  tiesOf,
} from '../setup/bank.ts'
import { textOf } from '../setup/citizen-site.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import type { Page } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const CAMT = 'camt.053.001.08.xml'
const CSV = 'giornale_cassa_1_0.csv'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({})
})
afterAll(() => stack.close())

describe('a statement', () => {
  it('is loaded: its credits are shown and tied to the flow that their text names; a storno takes its credit back', async () => {
    const bank = await aBank(stack)
    const flowId = await aFlow(bank)
    const file = await load(bank, opiOf(bank))
    const page = await bank.operator.get(file)
    expect(textOf(page)).toContain('Caricato')
    expect(textOf(page)).toContain('non è firmato')
    expect(await countedCents(bank)).toEqual([141_345, 7_730])
    expect((await creditsOf(bank)).at(-1)).toMatchObject({ cents: 0, reversed_cents: 50_000 })
    const ties = await tiesOf(bank)
    expect(ties.map(({ state, flow_id, reason }) => ({ state, flow_id, reason }))).toEqual([
      { state: 'certain', flow_id: SAMPLE_FLOW, reason: 'id' },
    ])
    const credit = await bank.operator.get(`${bank.path}/accrediti/${ties[0]!.credit_id}`)
    expect(textOf(credit)).toContain('Spiegato')
    expect(credit.html).toContain(`/rendicontazione/${flowId}"`)
    const flow = await bank.operator.get(`/operatore/${bank.codIpa}/rendicontazione/${flowId}`)
    expect(textOf(flow)).toContain('accreditato per intero')
    const open = await bank.operator.get(`${bank.path}/accrediti?stato=open`)
    expect(textOf(open)).toContain('77,30')
    expect(textOf(open)).not.toContain('1.413,45')
    const byText = await bank.operator.get(`${bank.path}/accrediti?testo=DEPOSITO`)
    expect(textOf(byText)).toContain('Stornato')
  })

  it('counts once when it is sent again, in a zip, or in another form', async () => {
    const bank = await aBank(stack)
    const file = await load(bank, opiOf(bank))
    const again = await bank.operator.upload(await bank.operator.get(bank.path), bank.path, {
      name: 'altro.xml',
      bytes: opiOf(bank),
    })
    expect(again.status).toBe(422)
    expect(again.html).toContain(`href="${file}"`)
    const zipped = await load(bank, await zipOf({ 'pagina-1.xml': opiOf(bank) }), { name: 'giornale.zip' })
    expect(textOf(await bank.operator.get(zipped))).toMatch(/Di cui nuovi\s*0/)
    await load(bank, sample(CAMT))
    expect(await countedCents(bank)).toEqual([141_345, 7_730])
    expect((await creditsOf(bank)).filter(({ twin_id }) => twin_id !== null)).toHaveLength(1)
  })

  it('lists the rows that cannot be read and loads the others; two credits of one flow are certain together', async () => {
    const bank = await aBank(stack)
    await aFlow(bank)
    const page = await settled(bank, await sendStatement(bank, sample(CSV), { name: 'cassa.csv' }))
    expect(textOf(page)).toContain('dataContabile non è un giorno che esiste')
    expect(await countedCents(bank)).toEqual([100_000, 41_345, 15_000, 3_600])
    expect((await tiesOf(bank)).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
      'certain parts',
      'certain parts',
    ])
  })

  it('of another ente, of no bank, and a broken archive are refused with what to do', async () => {
    const bank = await aBank(stack)
    for (const [bytes, words] of [
      [sample(OPI_SAMPLE), 'Il file è dell’ente con codice fiscale “99999900014”'],
      [Buffer.from('<?xml version="1.0"?><altro/>'), 'Il file non è né un giornale di cassa'],
      [Buffer.from('<?xml version="1.0"?><flusso_giornale_di_cassa><testata'), 'L’XML è rotto'],
      [Buffer.from('PK\u0003\u0004 rotto'), 'Lo ZIP non si apre'],
    ] as const) {
      const page = await settled(bank, await sendStatement(bank, bytes), 'refused')
      expect(textOf(page)).toContain(words)
    }
    expect(await creditsOf(bank)).toEqual([])
  })

  it('whose columns nobody knows asks for them once', async () => {
    const bank = await aBank(stack)
    const csv = (n: number): Buffer =>
      Buffer.from(
        `anno;num;giorno;chi;cosa;quanto;valuta\n2025;${n};2025-07-15;BANCA;RIMBORSO;10.00;2025-07-15\n`,
      )
    const file = await sendStatement(bank, csv(1), { name: 'suo.csv' })
    const page = await settled(bank, file, 'asking')
    const fields = {
      year: '0',
      number: '1',
      bookedOn: '2',
      sender: '3',
      text: '4',
      amount: '5',
      valueOn: '6',
    }
    const wrong = await bank.operator.submit(page, `${file}/colonne`, { ...fields, amount: '4' })
    expect(textOf(wrong)).toContain('già scelta')
    expect((await bank.operator.submit(wrong, `${file}/colonne`, fields)).status).toBe(303)
    await settled(bank, file)
    await load(bank, csv(2), { name: 'dopo.csv' })
    expect(await countedCents(bank)).toEqual([1_000, 1_000])
  }, 60_000)

  it('is withdrawn whole: what another file has stays, the rest goes with its ties, as an event', async () => {
    const bank = await aBank(stack)
    await aFlow(bank)
    const opi = await load(bank, opiOf(bank))
    await load(bank, sample(CAMT))
    const ask = await bank.operator.submit(await bank.operator.get(opi), `${opi}/ritira`)
    expect(textOf(ask)).toContain('Ritirare il file?')
    expect((await bank.operator.submit(ask, `${opi}/ritira`)).status).toBe(303)
    await tied(bank)
    expect(await stateOfFile(bank, opi)).toBe('withdrawn')
    expect(await countedCents(bank)).toEqual([141_345])
    const ties = await tiesOf(bank)
    expect(ties.map(({ state }) => state).sort()).toEqual(['certain', 'dropped'])
    const events = await stack
      .db('event')
      .where({ entity: 'treasury_file', entity_id: opi.split('/').at(-1)!, kind: 'withdrawn' })
    expect(events).toHaveLength(1)
    await load(bank, opiOf(bank))
    expect(await countedCents(bank)).toEqual([141_345, 7_730])
  })
})

describe('a credit', () => {
  it('that came before its flow is tied when the flow comes by a fetch', async () => {
    const bank = await aBank(stack)
    await load(bank, opiOf(bank))
    expect((await creditsOf(bank))[0]!.rule).toBe('id_unknown')
    stack.simulator.publish({
      flows: [
        {
          domain: bank.domain,
          fdr: SAMPLE_FLOW,
          rows: [{ iuv: '12010000000000138', pay: '1413.45', iur: `IUR-${randomUUID()}` }],
        },
      ],
    })
    const list = `/operatore/${bank.codIpa}/rendicontazione`
    await bank.operator.submit(await bank.operator.get(list), `${list}/scarica`)
    await waitUntil(
      async () => ((await tiesOf(bank)).some(({ state }) => state === 'certain') ? true : undefined),
      30_000,
    )
  })

  it('with another amount is proposed: a person confirms and takes back, each an event; a machine does not write over it', async () => {
    const bank = await aBank(stack)
    await aFlow(bank, { cents: 141_000 })
    await load(bank, opiOf(bank))
    const [tie] = await tiesOf(bank)
    expect(tie).toMatchObject({ state: 'proposed', reason: 'other_amount' })
    const credit = `${bank.path}/accrediti/${tie!.credit_id}`
    const decide = async (esito: string): Promise<Page> =>
      bank.operator.submit(await bank.operator.get(credit), `${credit}/legami/${tie!.id}`, { esito })
    expect((await decide('conferma')).status).toBe(303)
    expect((await tiesOf(bank))[0]).toMatchObject({ state: 'accepted', decided_by: bank.operatorId })
    await load(bank, Buffer.from(opiOf(bank).toString().replace('0001209', '0001210')))
    expect((await tiesOf(bank))[0]!.state).toBe('accepted')
    await decide('annulla')
    expect((await tiesOf(bank))[0]).toMatchObject({ state: 'proposed', decided_by: null })
    await decide('rifiuta')
    expect((await tiesOf(bank))[0]!.state).toBe('refused')
    expect(textOf(await decide('conferma').then(() => bank.operator.get(credit)))).toContain('Rifiutato')
    const kinds = await stack
      .db('event')
      .where({ entity: 'treasury_credit', entity_id: tie!.credit_id })
      .orderBy('id')
      .pluck('kind')
    expect(kinds).toEqual(['tie_conferma', 'tie_annulla', 'tie_rifiuta'])
  })

  it('is decided with all others of one reason at once', async () => {
    const bank = await aBank(stack)
    await aFlow(bank, { cents: 141_000 })
    await load(bank, opiOf(bank))
    const list = `${bank.path}/proposte`
    const asked = await bank.operator.submit(await bank.operator.get(list), '/proposte', {
      motivo: 'other_amount',
      esito: 'conferma',
    })
    expect(textOf(asked)).toContain('Confermare tutte')
    expect((await bank.operator.submit(asked, '/proposte')).status).toBe(303)
    expect((await tiesOf(bank))[0]!.state).toBe('accepted')
    expect(textOf(await bank.operator.get(list))).toContain('Nulla da decidere')
  })
})

describe('who paid a transfer', () => {
  it('is found from a damaged text; a payer of a type that is not granted is not named', async () => {
    const bank = await aBank(stack)
    const flowId = await aFlow(bank)
    const types = (await stack
      .db('ente_due_type')
      .where({ ente_id: bank.enteId })
      .whereIn('code', ['LUCE_VOTIVA', 'TIPO_SENZA_PERMESSO'])
      .orderBy('code')
      .pluck('id')) as string[]
    for (const [at, name] of ['Bianchi Chiara', 'Neri Segreto'].entries()) {
      const iuv = `1201000000000013${at}`
      await stack.db('due').insert({
        ente_id: bank.enteId,
        ente_due_type_id: types[at],
        iud: `IUD-${at}`,
        iuv,
        importo_cents: 1_000,
        causale: `Causale ${at}`,
        pagatore_codice: 'BNCCHR85H52M999M',
        pagatore: JSON.stringify({ anagrafica: name }),
      })
      await stack.db('reported_row').insert({
        reporting_flow_id: flowId,
        page: 1,
        position: at + 1,
        code: 'EXECUTED',
        domain: bank.domain,
        iuv,
        iur: `IUR-${at}`,
        importo_cents: 1_000,
        paid_on: '2025-07-13',
      })
    }
    const path = `${bank.path}/chi-ha-pagato`
    const found = await bank.operator.submit(await bank.operator.get(path), '/chi-ha-pagato', {
      testo: 'ACCREDITI VARI /PUR/LGPE- RIV\nERSAMENTO/URI/2025-07- 14abi99999-0000000\n000012 ORD. BANCA',
    })
    expect(found.html).toContain(`/rendicontazione/${flowId}"`)
    expect(found.html).toContain('Bianchi Chiara')
    expect(found.html).not.toContain('Neri Segreto')
    expect(textOf(found)).toContain('di un tipo dovuto che non usi')
    const none = await bank.operator.submit(found, '/chi-ha-pagato', { testo: 'RIMBORSO SPESE' })
    expect(textOf(none)).toContain('non c’è l’identificativo')
  })
})

describe('without the grant', () => {
  it('an operator reads and neither loads nor decides', async () => {
    const bank = await aBank(stack)
    await aFlow(bank, { cents: 141_000 })
    const file = await load(bank, opiOf(bank))
    const page = await bank.operator.get(file)
    await stack.db('operator_grant').where({ operator_id: bank.operatorId }).update({ may_reconcile: false })
    const [tie] = await tiesOf(bank)
    const credit = `${bank.path}/accrediti/${tie!.credit_id}`
    expect((await bank.operator.get(credit)).html).not.toContain('legami')
    expect((await bank.operator.get(bank.path)).html).not.toContain('type="file"')
    expect((await bank.operator.submit(page, `${file}/ritira`)).status).toBe(404)
    for (const action of [`${credit}/legami/${tie!.id}`, `${bank.path}/proposte`, `${file}/colonne`]) {
      const token = /name="_csrf" value="([^"]+)"/.exec(page.html)![1]!
      const answer = await fetch(new URL(action, stack.publicUrl), {
        method: 'POST',
        headers: { cookie: bank.operator.cookie() },
        body: new URLSearchParams({ _csrf: token, esito: 'conferma', motivo: 'other_amount' }),
        redirect: 'manual',
      })
      expect(answer.status, action).toBe(404)
    }
    expect((await tiesOf(bank))[0]!.state).toBe('proposed')
    expect(await stateOfFile(bank, file)).toBe('loaded')
  })
})
