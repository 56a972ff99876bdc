import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookExport, endExport } from '../../db/export/export.ts'
import { findFlow } from '../../db/flow/flow.ts'
import { insertReports } from '../../db/flow/outcome.ts'
import { confirming, saveEnte } from '../setup/administration.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { anOperatorWorld, ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const X902 = '/admin/enti/C_X902'
const X903 = '/admin/enti/C_X903'

let site: Site
let sara: Visitor
let elena: Visitor

beforeAll(async () => {
  site = await startSite()
  sara = await signInAs(site.db, site.visitor(), SARA)
  elena = await signInAs(site.db, site.visitor(), ELENA)
})
afterAll(() => site.close())

interface Person {
  id: string
  name: string
  email: string | null
}

const personOf = (codiceFiscale: string): Promise<Person> =>
  site
    .db('operator')
    .first('id', 'name', 'email')
    .where({ codice_fiscale: codiceFiscale }) as unknown as Promise<Person>

const idOfEnte = async (codIpa: string): Promise<string> =>
  ((await site.db('ente').first('id').where({ cod_ipa: codIpa })) as { id: string }).id

async function grant(by: Visitor, ente: string, fields: Record<string, string>): Promise<Page> {
  const path = `${ente}/operatori`
  const answer = await by.submit(await by.get(path), path, { ruolo: 'operator', ...fields })
  expect(answer.status).toBe(303)
  return by.get(new URL(answer.location!).pathname + new URL(answer.location!).search)
}

/** The code that pages show beside the name of an operator: the end of the id. */
const codeOf = ({ id }: Person): string => id.slice(-8).toUpperCase()

describe('a grant', () => {
  it('never renames a known person, and the page says that the name stays', async () => {
    const page = await grant(sara, X903, {
      'codice-fiscale': PAOLO.codiceFiscale,
      nome: 'Qualcun Altro',
      email: 'paolo@x903.example',
    })
    expect(await personOf(PAOLO.codiceFiscale)).toMatchObject({ name: 'Paolo Ferri' })
    expect(textOf(page)).toContain('è già conosciuta come Paolo Ferri: il suo nome non è cambiato')
    expect(textOf(page)).not.toContain('Qualcun Altro')
    // The page shows the message once, and no address can make it show the message.
    const { id } = await personOf(PAOLO.codiceFiscale)
    const path = `${X903}/operatori`
    for (const typed of [path, `${path}?conosciuta=${id}`])
      expect(textOf(await sara.get(typed))).not.toContain('già conosciuta')
    // Who works for the ente already is not let in again: what he may do is changed in place.
    const again = { 'codice-fiscale': PAOLO.codiceFiscale, nome: 'Paolo Ferri', ruolo: 'admin' }
    const refused = await sara.submit(await sara.get(path), path, again)
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining('È già abilitata')])
    expect(await site.db('operator_grant').where({ operator_id: id, role: 'admin' })).toEqual([])
  })

  it('stores the name of a person who is not known yet', async () => {
    await grant(sara, X903, {
      'codice-fiscale': 'RVIMRC83C17M999W',
      nome: 'Marco Riva',
      email: 'm@x903.example',
    })
    expect(await personOf('RVIMRC83C17M999W')).toMatchObject({ name: 'Marco Riva', email: null })
  })

  it('to oneself under another name puts no other person into the register', async () => {
    const path = `${X902}/operatori`
    const fields = { 'codice-fiscale': SARA.codiceFiscale, nome: 'Elena Conti', ruolo: 'admin' }
    expect((await sara.submit(await sara.get(path), path, fields)).status).toBe(422)
    expect((await saveEnte(sara, X902, { phone: '0422333333' })).status).toBe(303)
    const register = textOf(await elena.get(X902))
    const me = await personOf(SARA.codiceFiscale)
    expect(register).toContain(`Sara Gallo (${codeOf(me)}) Telefono: 0422000202 → 0422333333`)
    expect(register).not.toContain('Elena Conti (')
  })
})

describe('a name', () => {
  it('is changed by an administrator of the region; the register keeps the name of that day with the same code', async () => {
    const me = await personOf(SARA.codiceFiscale)
    const path = `/admin/operatori/${me.id}`
    expect((await sara.get(path)).status).toBe(404)
    const saved = await elena.submit(await elena.get(path), path, { name: 'Sara Gallo Neri' })
    expect(saved.status).toBe(303)
    expect((await saveEnte(sara, X902, { phone: '0422444444' })).status).toBe(303)
    const register = textOf(await sara.get(X902))
    expect(register).toContain(`Sara Gallo (${codeOf(me)}) Telefono: 0422000202 → 0422333333`)
    expect(register).toContain(`Sara Gallo Neri (${codeOf(me)}) Telefono: 0422333333 → 0422444444`)
    const page = textOf(await elena.get(path))
    expect(page).toContain('Nome e cognome: Sara Gallo → Sara Gallo Neri')
    expect(textOf(await elena.get(`${X902}/operatori`))).toContain(codeOf(me))
  })
})

describe('an address', () => {
  async function readyExport(enteId: string, operatorId: string): Promise<string[]> {
    const id = await bookExport(site.db, {
      enteId,
      operatorId,
      kind: 'expired',
      dueOn: '2026-01-31',
      dueTypes: [],
    })
    await site.db('export').where({ id }).update({ state: 'running' })
    const files = { csvBytes: 1, zipBytes: 1, sha256: Buffer.alloc(32), baseName: id }
    const written = { rows: 0, skipped: 0, dueTypes: [], ...files }
    await endExport(site.db, id, written, 'mypay.example')
    return site.db('email').where({ export_id: id }).pluck('address') as Promise<string[]>
  }

  it('given by one ente receives no mail of another, neither of exports nor of files', async () => {
    const [x901, x902] = [await idOfEnte('C_X901'), await idOfEnte('C_X902')]
    const luca = { 'codice-fiscale': 'VRDLCU80A01M999X', nome: 'Luca Verdi' }
    await grant(elena, '/admin/enti/C_X902', { ...luca, email: 'luca@x902.example' })
    await grant(elena, '/admin/enti/C_X901', luca)
    const { id } = await personOf(luca['codice-fiscale'])
    expect(await readyExport(x902, id)).toEqual(['luca@x902.example'])
    expect(await readyExport(x901, id)).toEqual([])
    const { flowId } = await anOperatorWorld(site.db)
    await site.db('flow').where({ id: flowId }).update({ operator_id: id, rows_rejected: 0, rows_read: 1 })
    const reports = async (enteId: string): Promise<string[]> => {
      await site.db('flow').where({ id: flowId }).update({ ente_id: enteId })
      await site.db('email').where({ flow_id: flowId }).delete()
      await insertReports(site.db, (await findFlow(site.db, flowId))!, 'mypay.example')
      return site.db('email').where({ flow_id: flowId }).pluck('address') as Promise<string[]>
    }
    expect(await reports(x902)).toEqual(['luca@x902.example'])
    expect(await reports(x901)).toEqual([])
    expect(textOf(await elena.get('/admin/enti/C_X901/operatori'))).not.toContain('luca@x902.example')
  })

  it('goes with its grant: who no longer works for an ente receives none of its mails', async () => {
    const { id } = await personOf('VRDLCU80A01M999X')
    await confirming(elena, await elena.submit(await elena.get(`${X902}/operatori`), `/${id}/togli`))
    expect(await readyExport(await idOfEnte('C_X902'), id)).toEqual([])
  })

  it('of the region receives what an administrator of the region asked for', async () => {
    const { id } = await personOf(ELENA.codiceFiscale)
    expect(await readyExport(await idOfEnte('C_X901'), id)).toEqual(['elena.conti@example.org'])
  })
})
