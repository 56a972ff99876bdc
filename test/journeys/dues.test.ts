import { mayUseDueType } from '../../db/ente/due-type-access.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { groupNoticeNumber, iuv17 } from '../../domain/iuv.ts'
import { anOperatorWorld, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { typed, unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'

let site: Site
let paolo: Visitor
let sara: Visitor

beforeAll(async () => {
  site = await startSite()
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

interface Due {
  id: string
  iud: string
  iuv: string
  causale: string
  code: string
}

/** Payable dues of the ente, of types that Paolo may use or of types that he may not use. */
async function duesOf(isAllowed: boolean): Promise<Due[]> {
  const { rows } = await site.db.raw<{ rows: Due[] }>(
    `select d.id, d.iud, d.iuv, d.causale, t.code from due d join ente_due_type t on t.id = d.ente_due_type_id
     join ente e on e.id = d.ente_id
     where e.cod_ipa = 'C_X902' and d.state = 'payable' and d.iuv is not null
       and ${mayUseDueType('(select id from operator where codice_fiscale = ?)', 't.id')} = ? order by d.id`,
    [PAOLO.codiceFiscale, isAllowed],
  )
  return rows
}

const rowsOf = (page: Page): number => page.html.split('<tr>').length - 2

describe('the list of dues', () => {
  it('finds one due by IUV, by the number of its notice, by IUD, payer and causale', async () => {
    const [due] = await duesOf(true)
    const asks: Record<string, string>[] = [
      { iuv: due!.iuv },
      { iuv: `3${due!.iuv}` },
      { iud: due!.iud },
      { causale: due!.causale.slice(0, 20), tipo: due!.code },
    ]
    for (const ask of asks) {
      const page = await paolo.get(`${DUES}?${new URLSearchParams(ask).toString()}`)
      expect(page.html).toContain(due!.id)
    }
    expect(textOf(await paolo.get(`${DUES}?iuv=12345678901234567`))).toContain('Nessun dovuto')
  })

  describe('each filter finds the due that fits, and not the other', () => {
    const NUMBER = iuv17({ segregationCode: '22', sil: '09', progressive: 20 })
    const ASKS: [name: string, ask: Record<string, string>][] = [
      ['IUV', { iuv: NUMBER }],
      ['notice number', { iuv: `3${NUMBER}` }],
      ['notice number in groups', { iuv: groupNoticeNumber(`3${NUMBER}`) }],
      ['IUD', { iud: 'NUOVO-20' }],
      ['payer code', { debitore: 'mronna90b68m999g' }],
      ['payer name', { debitore: 'moro ann' }],
      ['causale', { causale: 'ZOPP' }],
      ['causale with a sign of patterns', { causale: '50%' }],
      ['IUF', { flusso: 'ricerca1' }],
      ['file name', { flusso: 'C_X902-RICERCA1-1_3.zip' }],
      ['type', { tipo: 'COSAP_TOSAP' }],
      ['state: can be paid', { stato: 'payable', iud: 'NUOVO-20' }],
      ['due date from', { dal: '2099-06-15' }],
      ['due date to', { dal: '2099-06-15', al: '2099-06-15' }],
      ['amount from', { 'importo-da': '7.654,32' }],
      ['amount to', { 'importo-da': '7654,32', 'importo-a': '7654,32' }],
    ]
    let one: string
    let other: string

    beforeAll(async () => {
      const { flowId } = await anOperatorWorld(site.db)
      await site
        .db('flow')
        .where({ id: flowId })
        .update({ iuf: 'RICERCA1', base_name: 'C_X902-RICERCA1-1_3' })
      const pagatore = { tipo: 'F', codice: 'MRONNA90B68M999G', anagrafica: 'Anna Moro' }
      const values = () => ({
        causale: 'Passo zoppo, 50% del canone',
        pagatore_codice: pagatore.codice,
        pagatore: JSON.stringify(pagatore),
        due_on: '2099-06-15',
        importo_cents: 765_432,
        flow_id: flowId,
        flow_row: 1,
      })
      one = (await newDues(site.db, [20], { code: 'COSAP_TOSAP', values }))[0]!
      other = (await newDues(site.db, [21], { values: () => ({ due_on: '2098-01-01' }) }))[0]!
    })

    it.each(ASKS)('%s', async (_, ask) => {
      const { html } = await paolo.get(`${DUES}?${new URLSearchParams(ask).toString()}`)
      expect([html.includes(one), html.includes(other)]).toEqual([true, false])
    })

    it.each(ASKS)('%s, in the CSV', async (_, ask) => {
      const { bytes } = await paolo.download(`${DUES}.csv?${new URLSearchParams(ask).toString()}`)
      const text = bytes.toString()
      expect([text.includes('NUOVO-20;'), text.includes('NUOVO-21;')]).toEqual([true, false])
    })

    it.each([
      ['just after the due date', { dal: '2099-06-16' }],
      ['just before the due date', { dal: '2099-01-01', al: '2099-06-14' }],
      ['a cent more', { 'importo-da': '7654,33' }],
      ['a cent less', { 'importo-da': '7000', 'importo-a': '7654,31' }],
      ['a part of an IUV', { iuv: NUMBER.slice(0, -1) }],
      ['another state', { iud: 'NUOVO-20', stato: 'expired' }],
    ])('and not by %s', async (_, ask) => {
      const { html } = await paolo.get(`${DUES}?${new URLSearchParams(ask as never).toString()}`)
      expect(html).not.toContain(one)
    })

    it('by each state, online and in the archive, and there by the day of the last change', async () => {
      const states = ['payable', 'expired', 'paying', 'paid', 'cancelled']
      const values = () => ({ causale: 'Stati diversi' })
      const ids = await newDues(site.db, [30, 31, 32, 33, 34], { values })
      const set = (id: string, values: object) => site.db('due').where({ id }).update(values)
      await set(ids[1]!, { due_on: '2020-01-01' })
      await set(ids[2]!, { state: 'paying' })
      await set(ids[3]!, { state: 'paid' })
      await set(ids[4]!, { state: 'cancelled', cancelled_reason: 'operator' })
      const today = romeDay(new Date().toISOString())
      for (const [at, stato] of states.entries()) {
        const vista = at < 3 ? 'online' : 'archivio'
        const days = at < 3 ? {} : { dal: today, al: today }
        const ask = new URLSearchParams({ vista, stato, causale: 'stati', ...days })
        const { html } = await paolo.get(`${DUES}?${ask.toString()}`)
        expect([stato, ids.map((id) => html.includes(id))]).toEqual([stato, states.map((_, n) => n === at)])
      }
      const tomorrow = new URLSearchParams({ vista: 'archivio', causale: 'stati', dal: addDays(today, 1) })
      expect(textOf(await paolo.get(`${DUES}?${tomorrow.toString()}`))).toContain('Nessun dovuto')
    })
  })

  it('goes on page after page with its filters in the address, each due once, for whoever opens it', async () => {
    const numbers = Array.from({ length: 60 }, (_, n) => 100 + n)
    const ids = await newDues(site.db, numbers, { values: () => ({ causale: 'Pagina & pagina' }) })
    const found: string[] = []
    let address: string | undefined =
      `${DUES}?${new URLSearchParams({ causale: 'pagina & pag', tipo: 'LUCE_VOTIVA' }).toString()}`
    let pages = 0
    for (; address !== undefined; pages++) {
      const page = await paolo.get(address)
      const shown = [
        ...page.html.matchAll(/<tr>.*?<td data-label="Causale"><a href="[^"]*\/([0-9a-f-]{36})"/g),
      ].map(([, id]) => id!)
      const sameForSara = await sara.get(address)
      for (const id of shown) expect(sameForSara.html).toContain(id)
      found.push(...shown)
      expect(page.html).toContain('value="pagina &amp; pag"')
      const next = /href="([^"]*)" rel="next"/.exec(page.html)?.[1]
      const previous = /href="([^"]*)" rel="prev"/.exec(page.html)?.[1]
      expect(previous === undefined).toBe(pages === 0)
      address = next === undefined ? undefined : unescaped(next)
      // A new due must not move the rows of the next page.
      await newDues(site.db, [200 + pages], { values: () => ({ causale: 'Pagina & pagina' }) })
    }
    expect(pages).toBe(3)
    expect(found).toEqual([...ids].sort().reverse())
  })

  it('keeps what can be paid and the archive apart', async () => {
    const [due] = await duesOf(true)
    expect((await paolo.get(`${DUES}?vista=archivio&iud=${due!.iud}`)).html).not.toContain(due!.id)
  })

  it('has only the types an operator was given; an administrator sees all', async () => {
    const [hidden] = await duesOf(false)
    expect(hidden).toBeDefined()
    const path = `${DUES}?iud=${hidden!.iud}`
    expect((await paolo.get(path)).html).not.toContain(hidden!.id)
    expect((await paolo.get(`${DUES}/${hidden!.id}`)).status).toBe(404)
    expect((await sara.get(path)).html).toContain(hidden!.id)
    expect((await sara.get(`${DUES}/${hidden!.id}`)).status).toBe(200)
  })

  it('filters by amount and by day, and keeps the filters in the address of the CSV', async () => {
    const page = await sara.get(`${DUES}?importo-da=10%2C00&importo-a=1.000%2C00`)
    expect(rowsOf(page)).toBeGreaterThan(0)
    expect(unescaped(page.html)).toContain('.csv?importo-da=10%2C00&importo-a=')
    expect(textOf(await sara.get(`${DUES}?dal=2999-01-01`))).toContain('Nessun dovuto')
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    // A line end inside a cell would begin a new row, whose first cell could be a formula.
    ['\t=1', "'=1"],
    ['\r=1', "'=1"],
    ['Luce\r=1', 'Luce =1'],
    ['Luce\n=1', 'Luce =1'],
    ['Luce;=1', '"Luce;=1"'],
  ])('is given as CSV in which nothing acts as a formula: %j', async (text, cell) => {
    const [due] = await duesOf(true)
    const dues = () => site.db('due').where({ id: due!.id })
    const { pagatore } = (await dues().first('pagatore')) as { pagatore: object }
    const write = (causale: string, anagrafica: object) =>
      dues().update({ causale, pagatore: JSON.stringify({ ...pagatore, ...anagrafica }) })
    await write(text, { anagrafica: text })
    const { bytes, name } = await paolo.download(`${DUES}.csv?iud=${due!.iud}`)
    expect(name).toBe('dovuti-C_X902.csv')
    const lines = bytes.toString('utf8').split('\r\n')
    expect(lines[0]).toMatch(/^\ufeffIUD;IUV;Codice fiscale;/)
    expect(lines[1]).toContain(`;${cell};${cell};`)
    expect(lines.slice(2)).toEqual([''])
    await write(due!.causale, {})
  })

  it('is written as CSV page by page: nothing but one page is ever in memory', async () => {
    const numbers = Array.from({ length: 2_500 }, (_, n) => 1_000 + n)
    await newDues(site.db, numbers, { values: () => ({ causale: 'Molti dovuti' }) })
    const limits: unknown[] = []
    const watch = ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
      if (sql.includes('from due d join') && sql.includes('order by d.id desc')) limits.push(bindings.at(-1))
    }
    site.db.on('query', watch)
    const { status, bytes } = await paolo.download(`${DUES}.csv?causale=Molti`)
    site.db.removeListener('query', watch)
    const lines = bytes.toString().trimEnd().split('\r\n')
    expect([status, lines.length, new Set(lines).size]).toEqual([200, 2_501, 2_501])
    expect(limits).toEqual([1_000, 1_000, 1_000])
  })
})

describe('a due', () => {
  const DATED = { values: () => ({ due_on: '2099-01-31' }) }

  it('is changed with the checks of a file, and says who changed what', async () => {
    const [, due] = await duesOf(true)
    await site.db('due').where({ id: due!.id }).update({ due_on: '2099-01-31' })
    const path = `${DUES}/${due!.id}`
    const form = await paolo.get(`${path}/modifica`)
    const wrong = await paolo.submit(form, '/modifica', { ...typed(form), importoDovuto: '10.5' })
    expect(wrong.status).toBe(422)
    expect(textOf(wrong)).toContain('Scrivi l’importo con la virgola, per esempio 10,50.')
    const saved = await paolo.submit(form, '/modifica', { ...typed(form), importoDovuto: '77,70' })
    expect([saved.status, saved.status === 422 ? textOf(saved).slice(0, 600) : '']).toEqual([303, ''])
    const page = textOf(await paolo.get(path))
    expect(page).toContain('77,70 €')
    expect(page).toMatch(/Modificato da Paolo Ferri: importo da .* a 77,70 €/)
  })

  it('changed by two at once: the second sees what changed, with both values, and keeps what they typed', async () => {
    const [, , due] = await duesOf(true)
    const path = `${DUES}/${due!.id}/modifica`
    const [first, second] = await Promise.all([paolo.get(path), sara.get(path)])
    const theirs = { ...typed(first), causaleVersamento: 'Prima', dataEsecuzionePagamento: '2099-11-30' }
    expect((await paolo.submit(first, '/modifica', theirs)).status).toBe(303)
    const mine = { ...typed(second), causaleVersamento: 'Seconda', importoDovuto: '66,60' }
    const stale = await sara.submit(second, '/modifica', mine)
    expect(stale.status).toBe(409)
    expect(textOf(stale)).toContain('Le tue modifiche non sono state registrate. Nel frattempo è cambiato')
    expect(textOf(stale)).toContain(`Causale: prima ${due!.causale}, ora Prima`)
    expect(textOf(stale)).toMatch(/Scadenza: prima [\d/–]+, ora 30\/11\/2099/)
    // A field that only the second operator changed is not listed as changed by somebody else.
    expect(textOf(stale)).not.toContain('Importo: prima')
    expect(stale.html).toContain('value="Seconda"')
    expect(stale.html).toContain('value="66,60"')
    const row = () => site.db('due').first('causale', 'importo_cents').where({ id: due!.id })
    expect(await row()).toMatchObject({ causale: 'Prima' })
    expect((await sara.submit(stale, '/modifica', typed(stale))).status).toBe(303)
    expect(await row()).toEqual({ causale: 'Seconda', importo_cents: 6660 })
  })

  it('a form that was wrong first is stale all the same, when somebody changed the due meanwhile', async () => {
    const [id] = (await newDues(site.db, [10], DATED)) as [string]
    const path = `${DUES}/${id}/modifica`
    const form = await sara.get(path)
    const long = 'lunga '.repeat(50).trim()
    await paolo.submit(await paolo.get(path), '/modifica', { ...typed(form), causaleVersamento: long })
    const wrong = await sara.submit(form, '/modifica', { ...typed(form), importoDovuto: '10.5' })
    expect(wrong.status).toBe(422)
    const stale = await sara.submit(wrong, '/modifica', { ...typed(wrong), importoDovuto: '10,50' })
    expect(stale.status).toBe(409)
    expect(textOf(stale)).toContain('Causale: prima Luce 10, ora un testo lungo')
    expect(await site.db('due').first('causale').where({ id })).toEqual({ causale: long })
  })

  it('whose payment began meanwhile cannot be changed, and the page says so', async () => {
    const [id] = (await newDues(site.db, [11], DATED)) as [string]
    const form = await sara.get(`${DUES}/${id}/modifica`)
    await site.db('due').where({ id }).update({ state: 'paying' })
    const answer = await sara.submit(form, '/modifica', typed(form))
    expect(answer.status).toBe(409)
    expect(textOf(answer)).toContain('Stato: prima Da pagare, ora Pagamento iniziato')
  })

  it('is cancelled once; who is late is told what it is now', async () => {
    const dues = await duesOf(true)
    const due = dues.at(-1)!
    const path = `${DUES}/${due.id}`
    const question = await paolo.submit(await paolo.get(path), '/conferma-annulla')
    await site.db('due').where({ id: due.id }).update({ state: 'paying' })
    const late = await paolo.submit(question, '/annulla')
    expect(late.status).toBe(409)
    expect(textOf(late)).toContain('Il dovuto non è stato annullato: ora il suo stato è “Pagamento iniziato”')
    await site.db('due').where({ id: due.id }).update({ state: 'payable' })
    expect((await paolo.submit(question, '/annulla')).status).toBe(303)
    const gone = textOf(await paolo.get(path))
    expect(gone).toContain('Annullato da un operatore')
    // Who asked comes before what followed.
    expect(gone).toMatch(/Annullamento chiesto da Paolo Ferri(?! \() .*Annullato/)
    const edit = await paolo.get(`${path}/modifica`)
    const told = await paolo.get(edit.location!)
    expect([told.status, textOf(told)]).toEqual([
      409,
      expect.stringContaining('Il dovuto non è stato modificato: ora il suo stato è “Annullato”'),
    ])
    // The page shows the message once, and no address can make it show the message.
    for (const typed of [edit.location!, `${path}?modifica=no`]) {
      const page = await paolo.get(typed)
      expect([page.status, textOf(page)]).toEqual([
        200,
        expect.not.stringContaining('non è stato modificato'),
      ])
    }
  })

  it('that was cancelled meanwhile cannot be saved again: the form and the confirmation show its state', async () => {
    const due = (await duesOf(true))[0]!
    const path = `${DUES}/${due.id}`
    const [page, form] = [await paolo.get(path), await paolo.get(`${path}/modifica`)]
    await site.db('due').where({ id: due.id }).update({ state: 'cancelled', cancelled_reason: 'operator' })
    const stale = await paolo.submit(form, '/modifica', { causaleVersamento: 'Troppo tardi' })
    expect(stale.status).toBe(409)
    expect(textOf(stale)).toContain('Il dovuto non si può più modificare.')
    expect(textOf(stale)).not.toContain('salva di nuovo')
    const question = await paolo.submit(page, '/conferma-annulla')
    expect([question.status, textOf(question)]).toEqual([
      409,
      expect.stringContaining('Il dovuto non è stato annullato: ora il suo stato è “Annullato”'),
    ])
  })

  it.each([
    ['cart_abandoned', 'Annullato perché non è più in nessun carrello'],
    ['row', 'Annullato da una riga di un flusso (azione A)'],
  ])('that was cancelled says why: %s', async (reason, words) => {
    const due = (await duesOf(true)).at(-1)!
    await site.db('due').where({ id: due.id }).update({ state: 'cancelled', cancelled_reason: reason })
    expect(textOf(await paolo.get(`${DUES}/${due.id}`))).toContain(words)
  })

  it('shows the number of its notice in groups, and gives the script the whole number; a due without one shows none', async () => {
    const [due] = await duesOf(true)
    const page = await paolo.get(`${DUES}/${due!.id}`)
    expect(page.html).toContain(`data-copy="3${due!.iuv}"`)
    expect(textOf(page)).toContain(`Codice avviso ${groupNoticeNumber(`3${due!.iuv}`)}`)
    expect(page.html).toContain('<script src="/assets/own/copy.js" defer>')
    for (const [n, iuv] of [
      [12, null],
      [13, 'RF18220000000000000000001'],
    ] as const) {
      const [id] = await newDues(site.db, [n], { values: () => ({ iuv }) })
      expect((await paolo.get(`${DUES}/${id}`)).html).not.toMatch(/data-copy|copy\.js/)
    }
  })

  it('has its notice as a document', async () => {
    const [due] = await duesOf(true)
    const { status, bytes } = await paolo.download(`${DUES}/${due!.id}/avviso.pdf`)
    expect([status, bytes.subarray(0, 4).toString()]).toEqual([200, '%PDF'])
  })
})

it('an operator of no ente, of another ente and nobody at all see nothing', async () => {
  const [due] = await duesOf(true)
  const citizen = await signInAs(site.db, site.visitor(), {
    codiceFiscale: 'BNCCHR85H52M999M',
    anagrafica: 'Chiara Bianchi',
    email: undefined,
  })
  expect((await citizen.get(DUES)).status).toBe(403)
  expect((await site.visitor().get(`${DUES}/${due!.id}`)).location).toContain('/accedi?')
  expect((await paolo.get(`/operatore/C_X903/dovuti/${due!.id}`)).status).toBe(404)
  expect((await sara.get(`/operatore/C_X903/dovuti/${due!.id}`)).status).toBe(404)
  expect((await sara.get('/operatore/C_X903/dovuti')).status).toBe(200)
})
