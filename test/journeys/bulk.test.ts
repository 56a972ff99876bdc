import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { workAct } from '../setup/bulk.ts'
import { newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'
const ACTS = '/operatore/C_X902/operazioni'

let site: Site
let paolo: Visitor
let sara: Visitor
let next = 1000

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

/** Dues that a search by this causale finds. */
async function dues(count: number, causale: string, code = 'LUCE_VOTIVA'): Promise<string[]> {
  const progressives = Array.from({ length: count }, () => next++)
  return newDues(site.db, progressives, { code, values: () => ({ causale }) })
}

const listOf = (causale: string, visitor = paolo): Promise<Page> =>
  visitor.get(`${DUES}?${new URLSearchParams({ causale }).toString()}`)

/** Asks for an act on the whole result of a search, up to the page of confirmation. */
const askAll = async (causale: string, atto: string, visitor = paolo): Promise<Page> =>
  visitor.submit(await listOf(causale, visitor), '/molti/conferma', { atto, chi: 'tutti' })

const confirm = (page: Page, fields: Record<string, string> = {}, visitor = paolo): Promise<Page> =>
  visitor.submit(page, '/dovuti/molti', fields)

const idOf = ({ location }: Page): string => location!.split('/').at(-1)!

const states = async (ids: readonly string[]): Promise<Record<string, number>> => {
  const found = (await site
    .db('due')
    .whereIn('id', [...ids])
    .pluck('state')) as string[]
  return Object.fromEntries(
    [...new Set(found)].sort().map((one) => [one, found.filter((s) => s === one).length]),
  )
}

describe('500 dues are cancelled', () => {
  it('after their number is typed; what is paid meanwhile stays, and the page says what was left and why', async () => {
    const ids = await dues(500, 'CINQUECENTO')
    await site.db('due').where({ id: ids[0] }).update({ state: 'paying' })
    const list = await listOf('CINQUECENTO')
    expect(textOf(list)).toContain('Continua con tutto il risultato (500)')
    const question = await askAll('CINQUECENTO', 'cancel')
    expect(question.status).toBe(200)
    expect(textOf(question)).toContain('499 dovuti da annullare, 9.231,50 € in tutto')
    expect(textOf(question)).toContain('1 dovuto, 18,50 €: pagamento in corso')

    const wrong = await confirm(question, { numero: '500' })
    expect(wrong.status).toBe(422)
    expect(wrong.html).toMatch(/id="numero-errore"/)
    expect(textOf(wrong)).toContain('I dovuti da annullare sono 499: scrivi questo numero.')
    expect(await states(ids)).toEqual({ payable: 499, paying: 1 })

    const asked = await confirm(wrong, { numero: '499' })
    expect(asked.status).toBe(303)
    const actId = idOf(asked)
    expect(site.processes.told).toContain(`bulk ${actId}`)
    expect(textOf(await paolo.get(`${ACTS}/${actId}`))).toMatch(/In attesa.*1 dovuti su 500/)
    await site.db('due').where({ id: ids[1] }).update({ state: 'paying' })
    await workAct(site, actId)
    expect(await states(ids)).toEqual({ cancelled: 498, paying: 2 })
    const page = textOf(await paolo.get(`${ACTS}/${actId}`))
    expect(page).toMatch(/Finita.*Fatti 498 Importo dei fatti 9\.213,00 € Lasciati 2/)
    expect(page).toContain('2: pagamento in corso')
    const due = textOf(await paolo.get(`${DUES}/${ids[2]}`))
    expect(due).toMatch(
      /Annullamento chiesto da Paolo Ferri \(\w+\): con l’operazione n\. \d+ su molti dovuti/,
    )
    const csv = (await paolo.download(`${ACTS}/${actId}/lasciati.csv`)).bytes.toString()
    expect(csv.trim().split('\r\n')).toHaveLength(3)
    expect(csv).toContain('pagamento in corso')
  })
})
