import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { exportFile, flowFiles } from '../../services/file-store.ts'
import { romeDay } from '../../domain/calendar.ts'
import { operatorCode } from '../../templates/format.ts'
import { aBegunPayment, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { PAYER } from '../setup/builders.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import {
  anOperatorWorld,
  ELENA,
  isOperatorPath,
  newDues,
  operatorAddress,
  PAOLO,
  SARA,
  type OperatorWorld,
} from '../setup/operators.ts'
import { routesOf } from '../setup/routes.ts'
import { buildRtFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'
const REGISTER = '/admin/accessi'

let site: Site
let world: OperatorWorld
let dueId: string
let paidId: string
let cartId: string
let receiptId: string
let paolo: Visitor
let sara: Visitor
let elena: Visitor

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  const { db } = site
  world = await anOperatorWorld(db)
  ;[dueId, paidId] = (await newDues(db, [9_001, 9_002])) as [string, string]
  await aPayment()
  await keep(flowFiles(world.flowId).zip)
  await keep(exportFile(world.exportId))
  await db('export').where({ id: world.exportId }).update({ state: 'running' })
  const ready = { base_name: 'C_X902-1001', zip_bytes: 3, rows: 0, ended_at: db.fn.now() }
  await db('export')
    .where({ id: world.exportId })
    .update({ state: 'ready', ...ready })
  paolo = await signInAs(db, site.visitor(), PAOLO)
  sara = await signInAs(db, site.visitor(), SARA)
  elena = await signInAs(db, site.visitor(), ELENA)
}, 60_000)
afterAll(() => site.close())

async function aPayment(): Promise<void> {
  const { db } = site
  const begun = await aBegunPayment(db, [paidId])
  ;({ cartId } = begun)
  const receipt = await buildRtFor(db, begun.attemptIds[0]!)
  const answer = await answerRt(db, US, receipt.envelope)
  receiptId = answer.tell!.receiptId
  await payCartActivities(db).settleCart(askAbout(cartId))
}

async function keep(key: string): Promise<void> {
  const path = site.files.path(key)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, 'zip')
}

interface Left {
  entity: string
  entity_id: string
  data: { by?: string; byId?: string; what: string; person?: string; detail?: string; enti: string[] }
}

/** Traces of accesses that are written while `act` runs. */
async function leftBy(act: () => Promise<unknown>): Promise<Left[]> {
  const events = () => site.db('event').where({ kind: 'accessed' }).orderBy('id')
  const { last } = (await events().clearOrder().max({ last: 'id' }).first()) as { last: number | null }
  await act()
  return (await events()
    .select('entity', 'entity_id', 'data')
    .where('id', '>', last ?? 0)) as Left[]
}

const idOf = async (table: string, where: object): Promise<string> =>
  ((await site.db(table).first('id').where(where)) as { id: string }).id

const linkIn = (html: string): string =>
  /href="([^"]+\/esportazioni\/[^"]+\.zip)"/
    .exec(html)![1]!
    .replaceAll('&amp;', '&')
    .replaceAll('&#x3D;', '=')

async function opened(visitor: Visitor, path: string): Promise<void> {
  const { status } = await visitor.download(path)
  expect([path, status]).toEqual([path, 200])
}

describe('what shows or gives personal data leaves one trace', () => {
  it.each<[string, () => Visitor, () => string, { what: string; entity: string; id: () => string }]>([
    ['a due', () => paolo, () => `${DUES}/${dueId}`, { what: 'due', entity: 'due', id: () => dueId }],
    [
      'the form that changes it',
      () => paolo,
      () => `${DUES}/${dueId}/modifica`,
      { what: 'due', entity: 'due', id: () => dueId },
    ],
    [
      'its notice',
      () => paolo,
      () => `${DUES}/${dueId}/avviso.pdf`,
      { what: 'notice', entity: 'due', id: () => dueId },
    ],
    [
      'its receipt',
      () => sara,
      () => `${DUES}/${paidId}/ricevute/${receiptId}.pdf`,
      { what: 'receipt', entity: 'due', id: () => paidId },
    ],
    [
      'a file of dues',
      () => sara,
      () => `/operatore/C_X902/flussi/${world.flowId}/file/originale`,
      { what: 'file', entity: 'flow', id: () => world.flowId },
    ],
    [
      'a payment',
      () => elena,
      () => `/supporto/pagamenti/${cartId}`,
      { what: 'payment', entity: 'cart', id: () => cartId },
    ],
    [
      'a document, masked',
      () => elena,
      () => `/supporto/pagamenti/${cartId}/xml/rt/${receiptId}`,
      { what: 'message', entity: 'cart', id: () => cartId },
    ],
    [
      'a document as it is',
      () => elena,
      () => `/supporto/pagamenti/${cartId}/xml/rt/${receiptId}/originale`,
      { what: 'document', entity: 'cart', id: () => cartId },
    ],
    [
      'a message of the journal',
      () => elena,
      () => `/admin/giornale/${world.messageId}`,
      { what: 'message', entity: 'cart', id: () => world.cartId },
    ],
  ])('%s', async (_, visitor, path, { what, entity, id }) => {
    const person = visitor() === paolo ? PAOLO : visitor() === sara ? SARA : ELENA
    const left = await leftBy(() => opened(visitor(), path()))
    expect(left).toEqual([
      {
        entity,
        entity_id: id(),
        data: expect.objectContaining({
          by: person.anagrafica,
          byId: await idOf('operator', { codice_fiscale: person.codiceFiscale }),
          what,
        }) as Left['data'],
      },
    ])
    expect(left[0]!.data.enti).toContain(
      await idOf('ente', id() === world.cartId ? { codice_fiscale: '99999902028' } : { cod_ipa: 'C_X902' }),
    )
  })

  it('an export', async () => {
    const link = linkIn((await paolo.get('/operatore/C_X902/esportazioni')).html)
    const [left] = await leftBy(() => opened(paolo, link))
    expect(left).toMatchObject({ entity: 'export', data: { by: 'Paolo Ferri', what: 'export' } })
  })

  it('a list of dues as a file, searched for a person or not', async () => {
    const [plain] = await leftBy(() => opened(paolo, `${DUES}.csv`))
    expect(plain!.data).toMatchObject({ what: 'csv', by: 'Paolo Ferri' })
    expect(plain!.data.person).toBeUndefined()
    const [searched] = await leftBy(() => opened(paolo, `${DUES}.csv?debitore=${PAYER.codice}`))
    expect(searched!.data.person).toBeDefined()
  })

  it('the page that asks before cancelling a due, and a form of a due with a mistake', async () => {
    const page = await paolo.get(`${DUES}/${dueId}`)
    expect(await leftBy(() => paolo.submit(page, '/conferma-annulla'))).toHaveLength(1)
    const form = await paolo.get(`${DUES}/${dueId}/modifica`)
    expect(await leftBy(() => paolo.submit(form, '/modifica', { importoDovuto: 'x' }))).toHaveLength(1)
  })

  it('a search for a person, whichever field the code is typed into, and never in clear', async () => {
    const hashes = new Set<string | undefined>()
    for (const [visitor, path] of [
      [paolo, `${DUES}?debitore=${PAYER.codice}`],
      [paolo, `${DUES}?debitore=bnc%20chr85h52m999m&vista=archivio`],
      [paolo, `${DUES}?causale=di+${PAYER.codice}`],
      [elena, `/supporto?q=${PAYER.codice}`],
      [elena, `${REGISTER}?persona=${PAYER.codice}`],
    ] as const) {
      const left = await leftBy(() => opened(visitor, path))
      expect([path, left.length]).toEqual([path, 1])
      hashes.add(left[0]!.data.person)
    }
    expect(hashes.size).toBe(1)
    expect([...hashes][0]).toMatch(/^[\w-]{43}$/)
    const [named] = await leftBy(() => opened(paolo, `${DUES}?debitore=Bianchi`))
    expect(named!.data.person).toMatch(/^[\w-]{43}$/)
    const { rows } = await site.db.raw<{ rows: object[] }>(
      `select from event where data::text ilike ? or data::text ilike '%bianchi%'`,
      [`%${PAYER.codice}%`],
    )
    expect(rows).toHaveLength(0)
    expect(site.logged.join()).not.toContain(PAYER.codice)
  })

  it('is written before the data leaves: without the trace nothing is shown', async () => {
    await site.db.raw(`alter table event add constraint no_trace check (kind <> 'accessed') not valid`)
    for (const [visitor, path] of [
      [paolo, `${DUES}/${dueId}`],
      [paolo, `${DUES}?debitore=${PAYER.codice}`],
      [paolo, `${DUES}.csv`],
      [elena, `/supporto/pagamenti/${cartId}`],
      [elena, `/admin/giornale/${world.messageId}`],
      [sara, `/operatore/C_X902/flussi/${world.flowId}/file/originale`],
    ] as const) {
      const { status, html } = await visitor.get(path)
      expect([path, status]).toEqual([path, 500])
      expect(html).not.toMatch(/Chiara|importoTotalePagato|^zip/)
    }
    await site.db.raw('alter table event drop constraint no_trace')
  })
})

it('every page of one due, payment, file or message leaves one, as the routers list them', async () => {
  const routes = routesOf(site.app).filter(
    ({ method, path }) =>
      method === 'get' && isOperatorPath(path) && /:(dueId|cartId|kind)|giornale\/:id/.test(path),
  )
  const shown: string[] = []
  for (const { path } of routes) {
    let status = 0
    const address = operatorAddress(path, world)
    const left = await leftBy(async () => ({ status } = await elena.download(address)))
    if (status !== 200) continue
    shown.push(path)
    expect([path, left.length]).toEqual([path, 1])
  }
  expect(shown.length).toBeGreaterThan(6)
})

it('lists without a search for a person leave none', async () => {
  for (const [visitor, path] of [
    [paolo, DUES],
    [paolo, `${DUES}?iuv=22000000000100009&causale=Luce`],
    [paolo, '/operatore/C_X902/esportazioni'],
    [paolo, '/operatore/C_X902/flussi'],
    [elena, '/supporto'],
    [elena, '/supporto?q=22000000000100009'],
    [elena, '/admin/giornale'],
    [elena, REGISTER],
    [elena, `${REGISTER}?operatore=Paolo`],
  ] as const)
    expect([path, await leftBy(() => opened(visitor, path))]).toEqual([path, []])
})

describe('the register of accesses', () => {
  const rowsOf = async (visitor: Visitor, query: Record<string, string>): Promise<string[]> => {
    const page = await visitor.get(`${REGISTER}?${new URLSearchParams(query).toString()}`)
    expect(page.status).toBe(200)
    return [...page.html.matchAll(/<tr><td[\s\S]*?<\/tr>/g)].map(([html]) => textOf({ ...page, html }).trim())
  }

  it('finds who searched for a person and who opened data of that person', async () => {
    await opened(paolo, `${DUES}/${dueId}`)
    await opened(elena, `/supporto/pagamenti/${cartId}`)
    const rows = await rowsOf(elena, { persona: PAYER.codice.toLowerCase() })
    for (const words of [
      'Ha cercato una persona',
      'Ha aperto un dovuto IUD NUOVO-9001',
      `Ha aperto un pagamento pagamento ${cartId}`,
      'Ha scaricato una ricevuta IUD NUOVO-9002',
    ])
      expect(rows.filter((row) => row.includes(words))).not.toEqual([])
    const paolosCode = operatorCode(world.operatorId)
    expect(rows.find((row) => row.includes('IUD NUOVO-9001'))).toMatch(
      new RegExp(`^\\d\\d/\\d\\d/\\d{4} [\\d:]+ Paolo Ferri \\(${paolosCode}\\) .* Comune di Pieve`),
    )
    expect(await rowsOf(elena, { persona: 'RSSMRA80A01M999D' })).toHaveLength(1)
    expect((await rowsOf(elena, { persona: 'Bianchi' })).some((row) => row.includes('Paolo Ferri'))).toBe(
      true,
    )
  })

  it('finds what an operator did, by name, fiscal code or the code of the pages', async () => {
    const found = await rowsOf(elena, { operatore: 'paolo ferri' })
    expect(found.length).toBeGreaterThan(5)
    for (const row of found) expect(row).toContain('Paolo Ferri')
    for (const operatore of [PAOLO.codiceFiscale, operatorCode(world.operatorId)])
      expect(await rowsOf(elena, { operatore })).toEqual(found)
    expect(await rowsOf(elena, { operatore: 'Nessuno' })).toEqual([])
  })

  it('finds what was done on a day', async () => {
    const today = romeDay(new Date().toISOString())
    expect((await rowsOf(elena, { dal: today, al: today })).length).toBeGreaterThan(10)
    expect(await rowsOf(elena, { al: '2020-01-01' })).toEqual([])
    expect(await rowsOf(elena, { dal: '2099-01-01' })).toEqual([])
  })

  it('shows an administrator of an ente only accesses to its data', async () => {
    const other = await idOf('ente', { cod_ipa: 'C_X901' })
    const [{ id }] = (await site
      .db('operator')
      .insert({ codice_fiscale: 'RVIMRC83C17M999W', name: 'Marta Riva' })
      .returning('id')) as [{ id: string }]
    await site.db('operator_grant').insert({ operator_id: id, ente_id: other, role: 'admin' })
    const marta = await signInAs(site.db, site.visitor(), {
      codiceFiscale: 'RVIMRC83C17M999W',
      anagrafica: 'Marta Riva',
      email: 'marta@example.org',
    })
    expect(await rowsOf(marta, {})).toEqual([])
    await opened(marta, '/operatore/C_X901/dovuti.csv')
    expect(await rowsOf(marta, {})).toEqual([expect.stringContaining('Marta Riva')])
    expect((await rowsOf(sara, {})).join()).not.toContain('Marta Riva')
    expect((await rowsOf(sara, { persona: PAYER.codice })).join()).toContain('IUD NUOVO-9001')
    expect((await rowsOf(marta, { persona: PAYER.codice })).join()).not.toContain('NUOVO')
    expect((await paolo.get(REGISTER)).status).toBe(404)
  })

  it('goes on page by page, and shows nothing twice', async () => {
    for (let n = 0; n < 60; n += 1) await opened(paolo, `${DUES}/${dueId}`)
    const { rows } = await site.db.raw<{ rows: { count: number }[] }>(
      `select count(*)::int as count from event where kind = 'accessed'`,
    )
    let count = 0
    for (let path: string | undefined = REGISTER; path !== undefined;) {
      const page = await elena.get(path)
      count += [...page.html.matchAll(/<tr><td/g)].length
      path = /href="([^"]+)" rel="next"/.exec(page.html)?.[1]?.replaceAll('&#x3D;', '=')
    }
    expect(count).toBe(rows[0]!.count)
  })

  it('is not shown in the history of a due or a payment', async () => {
    expect(textOf(await paolo.get(`${DUES}/${dueId}`))).not.toContain('accessed')
    expect(textOf(await elena.get(`/supporto/pagamenti/${cartId}`))).not.toContain('accessed')
  })
})
