import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findApproval } from '../../db/ente/approval.ts'
import type { Author } from '../../db/ente/configured.ts'
import { flowSettings } from '../../db/flow/flow.ts'
import { findNoticeDocuments } from '../../db/due/notice-document.ts'
import { settleApproval } from '../../db/ente/settle-approval.ts'
import { operatorCode } from '../../templates/format.ts'
import { sweepOnce } from '../../workers/sweep.ts'
import type { Processes } from '../../workflows/processes.ts'
import { startSite, textOf, withCart, type Site } from '../setup/citizen-site.ts'
import { ELENA, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const MAINTAINER = 'manutenzione@mypay.example'
const MARTA = { codiceFiscale: 'RVIMRC83C17M999W', anagrafica: 'Marta Riva', email: 'marta@example.org' }
/** Page of the ente whose forms the citizens of these tests fill in. */
const ENTE = '/admin/enti/C_X901'
const OLD = 'IT89T9999960000000010101'
const NEW = 'IT32I9999954321000000000002'
const POSTAL = 'IT22D0760112345001000000202'
const POST = { maintainer: MAINTAINER, mailHost: 'mypay.example' }

let site: Site
let enteId: string
let sara: Visitor
let marta: Visitor
let elena: Visitor

beforeAll(async () => {
  site = await startSite({ maintainer: MAINTAINER })
  enteId = await idOf('ente', { cod_ipa: 'C_X901' })
  const [{ id }] = (await site
    .db('operator')
    .insert({ codice_fiscale: MARTA.codiceFiscale, name: MARTA.anagrafica })
    .returning('id')) as [{ id: string }]
  const admin = { ente_id: enteId, role: 'admin' }
  await site.db('operator_grant').insert([
    { ...admin, operator_id: id, email: 'marta@x901.example' },
    {
      ...admin,
      operator_id: await idOf('operator', { codice_fiscale: SARA.codiceFiscale }),
      email: 'sara@x901.example',
    },
  ])
  sara = await signInAs(site.db, site.visitor(), SARA)
  marta = await signInAs(site.db, site.visitor(), MARTA)
  elena = await signInAs(site.db, site.visitor(), ELENA)
}, 60_000)
afterAll(() => site.close())

beforeEach(async () => {
  await site.db('ente').where({ id: enteId }).update({ iban: OLD })
  await site.db('approval').delete()
  await site.db('email').where({ kind: 'change' }).delete()
})

const idOf = async (table: string, where: object): Promise<string> =>
  ((await site.db(table).first('id').where(where)) as { id: string }).id

const save = async (by: Visitor, path: string, fields: Record<string, string>): Promise<Page> =>
  by.submit(await by.get(path), path, fields)

const ibanNow = async (): Promise<string> =>
  ((await site.db('ente').first('iban').where({ id: enteId })) as { iban: string }).iban

async function asked(fields: Record<string, string> = { iban: NEW }): Promise<string> {
  expect((await save(sara, ENTE, fields)).status).toBe(303)
  return idOf('approval', { state: 'waiting' })
}

const stateOf = async (id: string): Promise<string> => (await findApproval(site.db, id))!.state

const steps = async (about: string): Promise<unknown[]> =>
  (
    (await site
      .db('event')
      .where({ entity_id: about, kind: 'configured' })
      .whereRaw(`data ->> 'what' like 'account %'`)
      .orderBy('id')
      .pluck('data')) as { what: string }[]
  ).map(({ what }) => what)

const told = async (): Promise<string[]> =>
  (await site.db('email').where({ kind: 'change' }).orderBy('address').pluck('address')) as string[]

const EVERYBODY = ['elena.conti@example.org', MAINTAINER, 'marta@x901.example', 'sara@x901.example']

const letTimePass = (id: string) =>
  site
    .db('approval')
    .where({ id })
    .update({ due_at: site.db.raw(`now() - interval '1 second'`) })

const sweep = () =>
  sweepOnce({
    db: site.db,
    processes: site.processes as unknown as Processes,
    files: site.files,
    noticesPerMinute: 600,
    post: POST,
    log: pino({ level: 'silent' }),
    grace: { receipt: 0, check: 0, mail: 999 },
  })

describe('an account that an administrator of an ente changes', () => {
  it('waits while the rest is saved, and payments keep the old account', async () => {
    const id = await asked({ iban: NEW, phone: '0421999999' })
    expect(await site.db('ente').first('iban', 'phone').where({ id: enteId })).toEqual({
      iban: OLD,
      phone: '0421999999',
    })
    await withCart(site, { nota: 'conto' })
    const [share] = (await site
      .db('due_share')
      .where({ ente_id: enteId })
      .orderBy('created_at', 'desc')
      .limit(1)
      .select('iban')) as [{ iban: string }]
    expect(share.iban).toBe(OLD)
    const settings = await flowSettings(site.db, { enteId })
    expect(settings.dueTypes.get('DIRITTI_VARI')!.iban).toBe(OLD)
    for (const page of [await marta.get(ENTE), await elena.get(ENTE)]) {
      expect(textOf(page)).toContain(`Oggi ${OLD} Diventerà ${NEW} Al più tardi dal`)
      expect(textOf(page)).toMatch(/cambio di conto chiesto, vale dal \d.*: IBAN di accredito: IT89.* → IT32/)
    }
    const { rows } = await site.db.raw<{ rows: { hours: number }[] }>(
      `select extract(epoch from due_at - asked_at)::int / 3600 as hours from approval where id = ?`,
      [id],
    )
    expect(rows[0]!.hours).toBe(72)
    expect(await told()).toEqual([...EVERYBODY, MAINTAINER].sort())
  })

  it('is never approved by the person who asked, even without the button', async () => {
    const id = await asked()
    const page = await sara.get(ENTE)
    expect(page.html).not.toContain(`${id}/approva`)
    const form = await marta.get(ENTE)
    expect((await marta.submit(form, `${id}/approva`, { _csrf: 'x' })).status).toBe(403)
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.html)![1]!
    const forged = { ...page, html: `<form action="${ENTE}/richieste/${id}/approva"></form>` }
    expect((await sara.submit(forged, '/approva', { _csrf: csrf })).status).toBe(403)
    expect([await stateOf(id), await ibanNow()]).toEqual(['waiting', OLD])
  })

  it.each([
    ['another administrator of the ente', () => marta],
    ['an administrator of the region', () => elena],
  ])('changes when %s approves, and everybody is told', async (_, visitor) => {
    const id = await asked()
    await site.db('email').where({ kind: 'change' }).delete()
    const page = await visitor().get(ENTE)
    expect((await visitor().submit(page, `${id}/approva`)).status).toBe(303)
    expect([await stateOf(id), await ibanNow()]).toEqual(['approved', NEW])
    expect(await told()).toEqual(EVERYBODY)
    const sarasCode = operatorCode(await idOf('operator', { codice_fiscale: SARA.codiceFiscale }))
    expect(textOf(await visitor().get(ENTE))).toContain(
      `cambio di conto approvato, chiesto da Sara Gallo (${sarasCode}): IBAN di accredito: ${OLD} → ${NEW}`,
    )
    // A second click, on a page of before the approval, changes nothing.
    expect((await visitor().submit(page, `${id}/ritira`)).status).toBe(409)
    expect(await ibanNow()).toBe(NEW)
  })

  it.each([
    ['who asked', () => sara],
    ['another administrator of the ente', () => marta],
    ['an administrator of the region', () => elena],
  ])('stays as it was when %s withdraws the change', async (_, visitor) => {
    const id = await asked()
    await site.db('email').where({ kind: 'change' }).delete()
    expect((await visitor().submit(await visitor().get(ENTE), `${id}/ritira`)).status).toBe(303)
    expect([await stateOf(id), await ibanNow()]).toEqual(['withdrawn', OLD])
    expect(await told()).toEqual(EVERYBODY)
    await letTimePass(id)
    await sweep()
    expect(await ibanNow()).toBe(OLD)
  })

  it('changes once by itself after its time, even when several workers sweep', async () => {
    const id = await asked()
    await sweep()
    expect(await ibanNow()).toBe(OLD)
    const before = (await steps(enteId)).length
    await letTimePass(id)
    await site.db('email').where({ kind: 'change' }).delete()
    await Promise.all([sweep(), sweep(), sweep()])
    await sweep()
    expect([await stateOf(id), await ibanNow()]).toEqual(['elapsed', NEW])
    expect((await steps(enteId)).slice(before)).toEqual(['account elapsed'])
    expect(await told()).toEqual(EVERYBODY)
    expect(textOf(await marta.get(ENTE))).toContain(
      'sistema cambio di conto avvenuto: sono passati tre giorni',
    )
  })

  it('has one open request at a time; another account of the ente can have its own', async () => {
    const id = await asked()
    const again = await save(sara, ENTE, { iban: 'IT61H9999912345000000000001', phone: '0421888888' })
    expect(again.status).toBe(422)
    expect(textOf(again)).toContain('C’è già un cambio in attesa')
    expect(await site.db('ente').where({ id: enteId, phone: '0421888888' })).toEqual([])
    expect((await save(marta, ENTE, { iban_postale: POSTAL })).status).toBe(303)
    expect(await site.db('approval').where({ state: 'waiting' }).orderBy('asked_at').pluck('target')).toEqual(
      ['iban', 'iban_postale'],
    )
    expect((await findApproval(site.db, id))!.to).toBe(NEW)
  })

  it('of a type of due waits too, and the pages of the ente and of the type show it', async () => {
    const tipo = `${ENTE}/tipi/DIRITTI_VARI`
    const row = { ente_id: enteId, code: 'DIRITTI_VARI' }
    const dueId = await idOf('due', { ente_due_type_id: await idOf('ente_due_type', row) })
    await site.db('due').where({ id: dueId }).update({ iuv: '12000000000099971' })
    expect(
      (await save(sara, tipo, { iban_accredito: NEW, iban_postale: POSTAL, postal_account: '1000000999' }))
        .status,
    ).toBe(303)
    expect(
      await site.db('ente_due_type').first('iban_accredito', 'iban_postale', 'postal_account').where(row),
    ).toEqual({
      iban_accredito: null,
      iban_postale: null,
      postal_account: null,
    })
    expect((await findNoticeDocuments(site.db, [dueId]))[0]!.conto).toBeNull()
    for (const path of [ENTE, tipo]) {
      const page = textOf(await marta.get(path))
      expect(page).toContain(`Oggi – Diventerà ${NEW}`)
      expect(page).toContain(`Oggi – Diventerà ${POSTAL}`)
      expect(page).toContain('Oggi – Diventerà 1000000999')
    }
    const postal = await idOf('approval', { target: 'postal_account' })
    await marta.submit(await marta.get(ENTE), `${postal}/approva`)
    expect((await findNoticeDocuments(site.db, [dueId]))[0]!.conto).toBe('1000000999')
    await site.db('ente_due_type').where(row).update({ postal_account: null })
  })

  it('does not exist for administrators of another ente', async () => {
    const id = await asked()
    const page = await elena.get(ENTE)
    const elsewhere = { ...page, html: page.html.replaceAll('C_X901', 'C_X902') }
    expect((await elena.submit(elsewhere, `${id}/approva`)).status).toBe(404)
    expect(await stateOf(id)).toBe('waiting')
  })
})

describe('an account that needs no second person', () => {
  it('is changed by the region at once, with a mail to everybody, and ends a waiting request', async () => {
    const id = await asked()
    await site.db('email').where({ kind: 'change' }).delete()
    const other = 'IT61H9999912345000000000001'
    expect((await save(elena, ENTE, { iban: other })).status).toBe(303)
    expect([await stateOf(id), await ibanNow()]).toEqual(['overtaken', other])
    expect(await told()).toEqual([...EVERYBODY, ...EVERYBODY].sort())
    expect(textOf(await sara.get(ENTE))).toContain(`IBAN di accredito: ${OLD} → ${other}`)
  })

  it('is that of an ente that was never open; one that was open and went back waits', async () => {
    const path = '/admin/enti/C_X902'
    const ente = () => site.db('ente').where({ cod_ipa: 'C_X902' })
    const before = (await ente().first('iban')) as { iban: string }
    await site.db.raw('alter table ente disable trigger guard_move')
    await ente().update({ state: 'INSERITO', version: 0 })
    await site.db.raw('alter table ente enable trigger guard_move')
    expect((await save(sara, path, { iban: NEW })).status).toBe(303)
    expect(await ente().first('iban')).toEqual({ iban: NEW })
    expect(await told()).toEqual([MAINTAINER])
    await ente().update({ state: 'PRE-ESERCIZIO' })
    await ente().update({ state: 'INSERITO' })
    expect((await save(sara, path, { iban: before.iban })).status).toBe(303)
    expect(await ente().first('iban')).toEqual({ iban: NEW })
    expect(await site.db('approval').where({ state: 'waiting' })).toHaveLength(1)
  })
})

describe('a request that several people end at once', () => {
  const author = async (person: typeof SARA): Promise<Author> => ({
    id: await idOf('operator', { codice_fiscale: person.codiceFiscale }),
    name: person.anagrafica,
    isPlatform: person === ELENA,
    post: POST,
  })

  it.each([
    ['two approvals', 'approved', 'approved'],
    ['an approval and a withdrawal', 'approved', 'withdrawn'],
    ['an approval and its time', 'approved', 'elapsed'],
    ['a withdrawal and its time', 'withdrawn', 'elapsed'],
  ] as const)('ends once: %s', async (_, one, other) => {
    const [first, second] = [await author(MARTA), await author(ELENA)]
    for (let round = 0; round < 5; round += 1) {
      await site.db('approval').delete()
      await site.db('ente').where({ id: enteId }).update({ iban: OLD })
      const id = await asked()
      await letTimePass(id)
      const before = (await steps(enteId)).length
      const states = await Promise.all([
        settleApproval(site.db, { id, wanted: one, by: first, post: POST }),
        settleApproval(site.db, {
          id,
          wanted: other,
          by: other === 'elapsed' ? undefined : second,
          post: POST,
        }),
      ])
      const state = await stateOf(id)
      expect(states).toEqual([state, state])
      expect((await steps(enteId)).slice(before)).toEqual([`account ${state}`])
      expect(await ibanNow()).toBe(state === 'withdrawn' ? OLD : NEW)
    }
  })

  it('with the region changing the account directly: one of the two values, and a state that says which', async () => {
    const by = await author(MARTA)
    const other = 'IT61H9999912345000000000001'
    for (let round = 0; round < 5; round += 1) {
      await site.db('approval').delete()
      await site.db('ente').where({ id: enteId }).update({ iban: OLD })
      const id = await asked()
      const page = await elena.get(ENTE)
      const [saved] = await Promise.all([
        elena.submit(page, ENTE, { iban: other }),
        settleApproval(site.db, { id, wanted: 'approved', by, post: POST }),
      ])
      const state = await stateOf(id)
      expect([saved.status, state, await ibanNow()]).toEqual(
        state === 'approved' ? [409, 'approved', NEW] : [303, 'overtaken', other],
      )
    }
  })

  it('the database refuses an approval by the person who asked, and a second request for the same account', async () => {
    const id = await asked()
    const me = await author(SARA)
    expect(await settleApproval(site.db, { id, wanted: 'approved', by: me, post: POST })).toBe('waiting')
    await expect(
      site.db('approval').where({ id }).update({
        state: 'approved',
        decided_by: me.id,
        decided_by_name: me.name,
        decided_at: site.db.fn.now(),
      }),
    ).rejects.toMatchObject({ code: '23514' })
    const { rows } = await site.db.raw<{ rows: object[] }>('select * from approval where id = ?', [id])
    const { id: _, ...same } = rows[0] as Record<string, unknown>
    await expect(
      site.db('approval').insert({ ...same, from_value: '"x"', to_value: '"y"' }),
    ).rejects.toMatchObject({ code: '23505' })
  })
})
