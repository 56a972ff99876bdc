import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findOperator } from '../../db/ente/operator.ts'
import { saveSearch, savedSearches } from '../../db/due/saved-searches.ts'
import { confirming } from '../setup/administration.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const ENTE = '/admin/enti/C_X902'
const PEOPLE = `${ENTE}/operatori`

let site: Site
let enteId: string
let paoloId: string
let paolo: Visitor
let sara: Visitor
let elena: Visitor
let types: string[]

const idOf = async (table: string, where: object): Promise<string> =>
  ((await site.db(table).first('id').where(where)) as { id: string }).id

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  enteId = await idOf('ente', { cod_ipa: 'C_X902' })
  paoloId = await idOf('operator', { codice_fiscale: PAOLO.codiceFiscale })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
  elena = await signInAs(site.db, site.visitor(), ELENA)
  types = await typesNow()
})
afterAll(() => site.close())

const grant = () => site.db('operator_grant').where({ operator_id: paoloId, ente_id: enteId })
const typesNow = (): Promise<string[]> =>
  site
    .db('operator_due_type as p')
    .join('ente_due_type as t', 't.id', 'p.ente_due_type_id')
    .where({ 'p.operator_id': paoloId, 'p.ente_id': enteId })
    .orderBy('t.code')
    .pluck('t.code') as Promise<string[]>

let before: { role: string; email: string | null }
beforeEach(async () => {
  before = (await grant().first('role', 'email')) as typeof before
})
afterEach(async () => {
  await site
    .db('operator_grant')
    .insert({ operator_id: paoloId, ente_id: enteId, ...before })
    .onConflict(['operator_id', 'ente_id'])
    .merge(before)
  await site.db('operator_due_type').where({ operator_id: paoloId, ente_id: enteId }).delete()
  await site.db.raw(
    `insert into operator_due_type (operator_id, ente_id, ente_due_type_id)
     select ?, ente_id, id from ente_due_type where ente_id = ? and code = any (?)`,
    [paoloId, enteId, types],
  )
})

/** The form of Paolo on the page of the operators, as a browser sends it with other values. */
const change = (
  by: Visitor,
  page: Page,
  {
    role = 'operator',
    email = '',
    codes = types,
    reconciles = false,
  }: { role?: string; email?: string; codes?: readonly string[]; reconciles?: boolean },
): Promise<Page> =>
  by.submit(page, `/operatori/${paoloId}`, [
    [`ruolo-${paoloId}`, role],
    [`email-${paoloId}`, email],
    ...codes.map((code): [string, string] => ['tipi', code]),
    ...(reconciles ? [['riconciliazione', 'si'] as [string, string]] : []),
  ])

describe('a grant that is changed in place', () => {
  it('lets an operator reconcile and takes it away again, each time in the registers', async () => {
    const mayNow = async (): Promise<boolean> =>
      (await findOperator(site.db, PAOLO.codiceFiscale))?.grants[0]?.mayReconcile === true
    expect(await mayNow()).toBe(false)
    const page = await sara.get(PEOPLE)
    expect((await change(sara, page, { reconciles: true })).status).toBe(303)
    expect(await mayNow()).toBe(true)
    expect((await change(sara, await sara.get(PEOPLE), {})).status).toBe(303)
    expect(await mayNow()).toBe(false)
    const changes = site
      .db('event')
      .whereRaw(`data -> 'changes' -> 0 ->> 'column' = 'grant_reconciles'`)
      .where({ entity: 'operator', entity_id: paoloId })
    expect(await changes).toHaveLength(2)
  })

  it('takes a type away and gives another one, at once, without being given anew', async () => {
    const [kept, ...lost] = types
    const other = (await site
      .db('ente_due_type')
      .where({ ente_id: enteId })
      .whereNotIn('code', types)
      .pluck('code')) as string[]
    const saved = await change(sara, await sara.get(PEOPLE), {
      codes: [kept!, other[0]!],
      email: 'paolo@x902.example',
    })
    expect(saved.status).toBe(303)
    expect(await typesNow()).toEqual([kept!, other[0]!].sort((a, b) => a.localeCompare(b)))
    expect(lost.length).toBeGreaterThan(0)
    const page = textOf(await sara.get(PEOPLE))
    expect(page).toContain('L’abilitazione è cambiata e vale da subito.')
    expect(page).toContain('paolo@x902.example')
    expect(textOf(await sara.get(ENTE))).toMatch(
      /Sara Gallo .* cambiata un’abilitazione: Tipi dovuto dell’operatore: /,
    )
    expect(await site.db('operator').first('email').where({ id: paoloId })).toEqual({ email: null })
  })

  it('makes an administrator of an operator, and back; the pages of administration open and close with it', async () => {
    expect((await paolo.get(ENTE)).status).toBe(404)
    expect((await change(sara, await sara.get(PEOPLE), { role: 'admin' })).status).toBe(303)
    expect([(await paolo.get(ENTE)).status, await typesNow()]).toEqual([200, []])
    expect(textOf(await sara.get(ENTE))).toContain('Ruolo: Operatore → Amministratore')
    expect((await change(sara, await sara.get(PEOPLE), { codes: types })).status).toBe(303)
    expect([(await paolo.get(ENTE)).status, await typesNow()]).toEqual([404, types])
  })

  it('is changed by the address alone, and the register does not name it', async () => {
    expect((await change(sara, await sara.get(PEOPLE), { email: 'nuova@x902.example' })).status).toBe(303)
    expect(await grant().first('email')).toEqual({ email: 'nuova@x902.example' })
    const register = textOf(await sara.get(ENTE))
    expect(register).toContain('cambiata l’e-mail di un’abilitazione')
    expect(register).not.toContain('nuova@x902.example')
  })

  it('writes nothing when nothing was changed', async () => {
    const events = () => site.db('event').where({ entity_id: enteId }).count()
    const count: unknown = await events()
    const { email } = (await grant().first('email')) as { email: string | null }
    expect((await change(sara, await sara.get(PEOPLE), { email: email ?? '' })).status).toBe(303)
    expect(await events()).toEqual(count)
  })

  it('that somebody else has changed meanwhile comes back with what was typed and what it is now', async () => {
    const mine = await sara.get(PEOPLE)
    expect((await change(elena, await elena.get(PEOPLE), { codes: types.slice(0, 1) })).status).toBe(303)
    const stale = await change(sara, mine, { role: 'admin', email: 'mia@x902.example' })
    expect([stale.status, textOf(stale)]).toEqual([
      409,
      expect.stringContaining(`Adesso è: Operatore, tipi dovuto: ${types[0]}.`),
    ])
    expect(stale.html).toContain('value="mia@x902.example"')
    expect(await grant().first('role')).toEqual({ role: 'operator' })
    expect((await change(sara, stale, { role: 'admin', email: 'mia@x902.example' })).status).toBe(303)
    expect(await grant().first('role')).toEqual({ role: 'admin' })
  })

  it('with two administrators at once becomes what one of them wrote, whole', async () => {
    const [one, other] = [await sara.get(PEOPLE), await elena.get(PEOPLE)]
    const answers = await Promise.all([
      change(sara, one, { codes: types.slice(0, 1), email: 'a@x902.example' }),
      change(elena, other, { codes: types.slice(1), email: 'b@x902.example' }),
    ])
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 409])
    const { email } = (await grant().first('email')) as { email: string }
    expect(await typesNow()).toEqual(email === 'a@x902.example' ? types.slice(0, 1) : types.slice(1))
  })

  it('of a person who was removed meanwhile is not given back', async () => {
    const page = await sara.get(PEOPLE)
    await grant().delete()
    expect((await change(sara, page, { role: 'admin' })).status).toBe(409)
    expect(await grant()).toEqual([])
  })

  it.each([
    [{ email: 'nessuna chiocciola' }, 'Scrivi l’indirizzo e-mail come nome@example.it'],
    [{ role: 'padrone' }, 'Scegli «'],
  ])('with %j is refused in the form of that person, which stays open', async (fields, words) => {
    const refused = await change(sara, await sara.get(PEOPLE), fields)
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining(words)])
    expect(refused.html.match(/<details[^>]* open>/g)).toHaveLength(1)
    expect(await typesNow()).toEqual(types)
  })

  it('gives no type of another ente, and is no business of who administers another one or none', async () => {
    expect((await change(sara, await sara.get(PEOPLE), { codes: [...types, 'ALTROVE'] })).status).toBe(303)
    expect(await typesNow()).toEqual(types)
    const page = await sara.get(PEOPLE)
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await paolo.get('/operatore/C_X902/dovuti')).html)![1]!
    const forged = await paolo.submit(page, `/operatori/${paoloId}`, {
      _csrf: csrf,
      [`ruolo-${paoloId}`]: 'admin',
    })
    expect([forged.status, await grant().first('role')]).toEqual([404, { role: 'operator' }])
    const elsewhere = { ...page, html: page.html.replaceAll('C_X902', 'C_X901') }
    expect((await change(sara, elsewhere, { role: 'admin' })).status).toBe(404)
  })
})

describe('a person who is removed', () => {
  const remove = async (by: Visitor, id: string): Promise<Page> =>
    by.submit(await by.get(PEOPLE), `/${id}/togli`)

  it('is named before, with what follows, and stays when the administrator goes back', async () => {
    const question = await remove(sara, paoloId)
    expect(textOf(question)).toContain('Togli Paolo Ferri da questo ente?')
    expect(textOf(question)).toContain('le sue ricerche salvate si cancellano')
    expect(textOf(question)).not.toContain('È l’unico amministratore')
    expect((await paolo.get('/operatore/C_X902/dovuti')).status).toBe(200)
    expect((await confirming(sara, question)).status).toBe(303)
    expect((await paolo.get('/operatore/C_X902/dovuti')).status).toBe(403)
    // The same form again, as from a second tab.
    expect((await confirming(sara, question)).status).toBe(303)
  })

  it('who is the only administrator, or the one who asks, is told', async () => {
    const sarasId = await idOf('operator', { codice_fiscale: SARA.codiceFiscale })
    const question = textOf(await remove(sara, sarasId))
    expect(question).toContain('È l’unico amministratore')
    expect(question).toContain('Sei tu')
  })

  it('loses the searches kept at this ente, and no others', async () => {
    const by = { id: paoloId, name: 'Paolo Ferri' }
    const x903 = await idOf('ente', { cod_ipa: 'C_X903' })
    const sarasId = await idOf('operator', { codice_fiscale: SARA.codiceFiscale })
    const search = { name: 'Anna', query: 'nome=Moro' }
    await saveSearch(site.db, { enteId, by }, search)
    await saveSearch(site.db, { enteId: x903, by }, search)
    await saveSearch(site.db, { enteId, by: { id: sarasId, name: 'Sara Gallo' } }, search)
    await confirming(sara, await remove(sara, paoloId))
    const kept = (operatorId: string, at: string) => savedSearches(site.db, { enteId: at, operatorId })
    expect(await kept(paoloId, enteId)).toEqual([])
    expect([await kept(paoloId, x903), await kept(sarasId, enteId)]).toEqual([
      [expect.objectContaining(search)],
      [expect.objectContaining(search)],
    ])
  })

  it('keeps the searches as an administrator of the region, who may still enter', async () => {
    const elenasId = await idOf('operator', { codice_fiscale: ELENA.codiceFiscale })
    await site.db('operator_grant').insert({ operator_id: elenasId, ente_id: enteId, role: 'operator' })
    await saveSearch(
      site.db,
      { enteId, by: { id: elenasId, name: 'Elena Conti' } },
      { name: 'Mia', query: 'q=1' },
    )
    await confirming(sara, await remove(sara, elenasId))
    expect(await site.db('operator_grant').where({ operator_id: elenasId })).toEqual([])
    expect(await savedSearches(site.db, { enteId, operatorId: elenasId })).toHaveLength(1)
  })
})
