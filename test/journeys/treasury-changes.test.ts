import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockTreasury } from '../../db/treasury/lock.ts'
import {
  aBank,
  aFlow,
  countedCents,
  creditsOf,
  load,
  OPI_SAMPLE,
  opiOf,
  SAMPLE_FLOW,
  sendStatement,
  settled,
  tied,
  tiesOf,
  type Bank,
} from '../setup/bank.ts'
import { textOf } from '../setup/citizen-site.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { waitUntil } from '../setup/wait.ts'

/** What changes after the bank's money was tied, and the statements of a postal account. */

let stack: Stack
beforeAll(async () => {
  stack = await startStack({})
})
afterAll(() => stack.close())

/** A PSP publishes a flow of one payment, again as its next revision, and it is fetched. */
async function published(bank: Bank, pay: string, psp = '60000000001'): Promise<void> {
  const rows = [{ iuv: '12010000000000138', pay, iur: `IUR-${randomUUID()}` }]
  stack.simulator.publish({
    flows: [{ domain: bank.domain, psp, fdr: SAMPLE_FLOW, header: { regulationDate: '2025-07-14' }, rows }],
  })
  const list = `/operatore/${bank.codIpa}/rendicontazione`
  const before = (await stack.db('reporting_run').pluck('id')) as string[]
  await bank.operator.submit(await bank.operator.get(list), `${list}/scarica`)
  await waitUntil(
    () => stack.db('reporting_run').whereNotIn('id', before).whereNotNull('outcome').first(),
    30_000,
  )
  await waitUntil(async () => {
    const flows = { ente_id: bank.enteId, needs_tie: true, state: 'stored' }
    return (await stack.db('reporting_flow').where(flows)).length === 0 || undefined
  }, 30_000)
  await tied(bank)
}

const standing = async (bank: Bank): Promise<string[]> =>
  (await tiesOf(bank)).map(({ state, reason, psp_id }) => `${state} ${reason} ${psp_id}`)
const creditPage = async (bank: Bank): Promise<string> => {
  const [credit] = await creditsOf(bank)
  return textOf(await bank.operator.get(`${bank.path}/accrediti/${credit!.id}`))
}
const decide = async (bank: Bank, esito: string): Promise<void> => {
  const [tie] = await tiesOf(bank)
  const credit = `${bank.path}/accrediti/${tie!.credit_id}`
  const page = await bank.operator.get(credit)
  expect((await bank.operator.submit(page, `${credit}/legami/${tie!.id}`, { esito })).status).toBe(303)
}

/** The sample with other words in its first movement. */
const changed = (bank: Bank, changes: [from: string, to: string][]): Buffer =>
  Buffer.from(changes.reduce((text, [from, to]) => text.replace(from, to), opiOf(bank).toString()))
const LATER: [string, string] = ['2025-07-16T02:31:45', '2025-07-17T02:31:45']
const EARLIER: [string, string] = ['2025-07-16T02:31:45', '2025-07-15T02:31:45']

describe('a new revision of a flow that is tied', () => {
  it('with another total is no longer certain, and is certain again when the next one corrects it', async () => {
    const bank = await aBank(stack)
    await published(bank, '1413.45')
    await load(bank, opiOf(bank))
    expect(await standing(bank)).toEqual(['certain id 60000000001'])
    await published(bank, '1400.00')
    expect(await standing(bank)).toEqual(['proposed other_amount 60000000001'])
    expect(await creditPage(bank)).toMatch(/Da decidere .*Importo dichiarato 1\.400,00 € Differenza 13,45 €/)
    await published(bank, '1413.45')
    expect(await standing(bank)).toEqual(['certain id 60000000001'])
    expect(await countedCents(bank)).toEqual([141_345, 7_730])
  })

  it('does not change what a person confirmed', async () => {
    const bank = await aBank(stack)
    await published(bank, '1410.00')
    await load(bank, opiOf(bank))
    await decide(bank, 'conferma')
    await published(bank, '1411.00')
    expect((await tiesOf(bank))[0]).toMatchObject({ state: 'accepted', decided_by: bank.operatorId })
    expect(await creditPage(bank)).toContain('Spiegato')
  })

  it('that a person refused and that fits now stays refused, and the page says that it is contradicted', async () => {
    const bank = await aBank(stack)
    await published(bank, '1410.00')
    await load(bank, opiOf(bank))
    await decide(bank, 'rifiuta')
    await published(bank, '1413.45')
    expect((await tiesOf(bank))[0]).toMatchObject({ state: 'refused', decided_by: bank.operatorId })
    expect(await creditPage(bank)).toContain(
      'Una persona ha deciso altro da ciò che la causale e l’importo dicono',
    )
    await decide(bank, 'annulla')
    await tied(bank)
    expect(await standing(bank)).toEqual(['certain id 60000000001'])
  })
})

describe('one flow id of two PSPs', () => {
  it('is the one whose amount is equal; where no amount is, both are proposed', async () => {
    const bank = await aBank(stack)
    await published(bank, '1413.45', '70000000002')
    await published(bank, '99.00', '60000000001')
    await load(bank, opiOf(bank))
    expect((await standing(bank)).filter((one) => one.startsWith('certain'))).toEqual([
      'certain id 70000000002',
    ])
    await published(bank, '1.00', '70000000002')
    expect((await standing(bank)).filter((one) => one.startsWith('proposed')).sort()).toEqual([
      'proposed two_readings 60000000001',
      'proposed two_readings 70000000002',
    ])
    expect(await creditPage(bank)).toContain('un identificativo che due PSP hanno usato')
  })
})

describe('a correction of a bill', () => {
  it('takes the place of what the bank said before, in whichever order the files come', async () => {
    for (const order of [[0, 1] as const, [1, 0] as const]) {
      const bank = await aBank(stack)
      await aFlow(bank)
      const files = [opiOf(bank), changed(bank, [LATER, ['<importo>1413.45', '<importo>1410.00']])]
      for (const at of order) await load(bank, files[at]!, { name: `${at}.xml` })
      expect(await countedCents(bank)).toEqual([141_000, 7_730])
      expect(await standing(bank)).toContain('proposed other_amount 60000000001')
      expect(await creditPage(bank)).toContain('1.410,00 €')
    }
  })

  it('that is older than what is known changes nothing', async () => {
    const bank = await aBank(stack)
    await aFlow(bank)
    await load(bank, opiOf(bank))
    await load(bank, changed(bank, [EARLIER, ['<importo>1413.45', '<importo>1410.00']]))
    expect(await countedCents(bank)).toEqual([141_345, 7_730])
    expect(await standing(bank)).toEqual(['certain id 60000000001'])
  })

  it('by a storno of a part leaves the rest, of the whole leaves nothing, and its tie goes', async () => {
    const bank = await aBank(stack)
    await aFlow(bank)
    await load(bank, opiOf(bank))
    const storno = (importo: string, number: string) =>
      changed(bank, [LATER, ['ESEGUITO', 'STORNATO'], ['1413.45', importo], ['0000811', number]])
    await load(bank, storno('-13.45', '0000911'))
    expect(await countedCents(bank)).toEqual([140_000, 7_730])
    expect(await standing(bank)).toContain('proposed other_amount 60000000001')
    const whole = await load(bank, storno('1400.00', '0000912'))
    expect(await countedCents(bank)).toEqual([7_730])
    expect((await tiesOf(bank)).every(({ state }) => state === 'dropped')).toBe(true)
    const credits = textOf(await bank.operator.get(`${bank.path}/accrediti`))
    expect(credits).toContain('Stornato')
    // The file of the storno was loaded by mistake.
    const ask = await bank.operator.submit(await bank.operator.get(whole), `${whole}/ritira`)
    await bank.operator.submit(ask, `${whole}/ritira`)
    await tied(bank)
    expect(await countedCents(bank)).toEqual([140_000, 7_730])
  })
})

function aPromise(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

describe('a statement whose columns are named', () => {
  it('while the credits of its ente are still tied is read all the same', async () => {
    const bank = await aBank(stack)
    const { promise: released, resolve: release } = aPromise()
    const { promise: held, resolve: hold } = aPromise()
    const lock = stack.db.transaction(async (trx) => {
      await lockTreasury(trx, bank.enteId)
      hold()
      await released
    })
    await held
    const csv = 'anno;num;giorno;chi;cosa;quanto;valuta\n2025;1;2025-07-15;BANCA;RIMBORSO;10.00;2025-07-15\n'
    const file = await sendStatement(bank, Buffer.from(csv), { name: 'suo.csv' })
    const page = await settled(bank, file, 'asking')
    const names = ['year', 'number', 'bookedOn', 'sender', 'text', 'amount', 'valueOn']
    const fields = Object.fromEntries(names.map((name, at) => [name, String(at)]))
    expect((await bank.operator.submit(page, `${file}/colonne`, fields)).status).toBe(303)
    release()
    await lock
    await settled(bank, file)
    expect(await countedCents(bank)).toEqual([1_000])
  })
})

describe('a statement of a postal account', () => {
  const IBAN = 'IT60X0542811101000000123456'
  const postal = (lines: string[], iban = IBAN): Buffer =>
    Buffer.from(
      [
        `Conto;${iban};EUR`,
        'Data contabile;Data valuta;Codice causale;Causale;Divisa;Addebito;Accredito;;Descrizione',
        ...lines,
        'Totale;;;;;;;;',
      ].join('\r\n'),
      'latin1',
    )
  const PAID = `15/07/2025;15/07/2025;48;ACCREDITO BOLLETTINO;EUR;;1.413,45;;/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${SAMPLE_FLOW}`
  const OTHER = '15/07/2025;16/07/2025;48;BONIFICO;EUR;;20,00;;CONTRIBUTO LIBERTÀ'
  const OUT = '15/07/2025;15/07/2025;50;COMMISSIONI;EUR;1,00;;;SPESE'

  it('is loaded through the page, its credits are tied, what goes out is passed over, and again counts once', async () => {
    const bank = await aBank(stack)
    const flowId = await aFlow(bank)
    const page = await settled(
      bank,
      await sendStatement(bank, postal([PAID, OTHER, OUT]), { name: 'poste.csv' }),
    )
    expect(textOf(page)).toContain('Estratto conto postale')
    expect(await countedCents(bank)).toEqual([141_345, 2_000])
    expect(await standing(bank)).toEqual(['certain id 60000000001'])
    const flow = await bank.operator.get(`/operatore/${bank.codIpa}/rendicontazione/${flowId}`)
    expect(textOf(flow)).toContain('accreditato per intero')
    expect(textOf(await bank.operator.get(`${bank.path}/accrediti`))).toContain('CONTRIBUTO LIBERTÀ')
    await load(bank, postal([OTHER, PAID]), { name: 'poste-2.csv' })
    // The journal of the treasurer has the first of them too.
    await load(bank, opiOf(bank), { name: OPI_SAMPLE })
    expect(await countedCents(bank)).toEqual([141_345, 7_730, 2_000])
  })

  it('two equal credits of one file are two, and a line that cannot be read is listed', async () => {
    const bank = await aBank(stack)
    const bad = OTHER.replace('20,00', '20,0x')
    const page = await settled(
      bank,
      await sendStatement(bank, postal([OTHER, OTHER, bad]), { name: 'p.csv' }),
    )
    expect(await countedCents(bank)).toEqual([2_000, 2_000])
    expect(textOf(page)).toMatch(/5 accredito non è un importo/)
  })
})
