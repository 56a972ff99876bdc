import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formDefinitionSchema, type FormDefinitionInput } from '../../domain/form/definition.ts'
import { seedTributi } from '../../domain/seed/tributi.ts'
import { CHIARA, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const MENSA = '/enti/C_X901/spontaneo/MENSA_SCOLASTICA'
const PUPILS = {
  scuola: 'primaria-don-milani',
  'alunni.0.codice': 'M-1042',
  'alunni.0.fascia': 'b',
  'alunni.0.pasti': '20',
}

let site: Site
let sent = 0

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())

type Fields = Record<string, string>

/** The values of the fields of a page as a browser would send them. */
function shownIn(page: Page): Fields {
  const inputs = [...page.html.matchAll(/<input\b[^>]*>/g)].flatMap(([tag]) => {
    const name = /name="([^"]+)"/.exec(tag)?.[1]
    const value = /value="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&#x27;', "'")
    return name && name !== '_csrf' ? [[name, value ?? '']] : []
  })
  const selects = [...page.html.matchAll(/<select\b[^>]*name="([^"]+)"[\s\S]*?<\/select>/g)].map(
    ([tag, name]) => [name, /<option value="([^"]*)" selected/.exec(tag)?.[1] ?? ''],
  )
  return Object.fromEntries([...inputs, ...selects]) as Fields
}

const press = (visitor: Visitor, page: Page, path: string, fields: Fields, azione?: string): Promise<Page> =>
  visitor.submit(page, path, { ...shownIn(page), ...fields, ...(azione === undefined ? {} : { azione }) })

async function confirmed(visitor: Visitor, page: Page): Promise<Page> {
  expect(page.location).toMatch(/mail-inviata$/)
  const { secret } = (await site.db('email').orderBy('created_at', 'desc').first('secret')) as {
    secret: string
  }
  const done = await visitor.submit(await visitor.get(`/conferma/${secret}`), `/conferma/${secret}`)
  return visitor.get(done.location!)
}

const payer = (): Fields => ({ ...CHIARA, 'e-mail': `form${++sent}@example.org` })

describe('a form whose rows repeat and whose amount is worked out', () => {
  it('adds and removes rows, shows the amount, and pays what the server works out', async () => {
    const visitor = site.visitor()
    const empty = await visitor.get(MENSA)
    expect(textOf(empty)).toMatch(/Alunno 1.*Aggiungi: Alunno.*Compila i campi e premi “Calcola l’importo”/)
    const two = await press(visitor, empty, MENSA, PUPILS, 'aggiungi:alunni')
    expect([two.status, two.html.includes('name="alunni.1.pasti"')]).toEqual([200, true])
    expect(shownIn(two)).toMatchObject({ ...PUPILS, alunni: '2' })
    const second = { 'alunni.1.codice': 'M-2000', 'alunni.1.fascia': 'a', 'alunni.1.pasti': '10' }
    const three = await press(visitor, two, MENSA, second, 'aggiungi:alunni')
    expect(three.html).not.toContain('aggiungi:alunni')
    const back = await press(visitor, three, MENSA, {}, 'togli:alunni:0')
    expect(shownIn(back)).toMatchObject({ alunni: '2', 'alunni.0.codice': 'M-2000', 'alunni.1.codice': '' })
    const wrong = await press(visitor, back, MENSA, {}, 'calcola')
    expect(wrong.status).toBe(422)
    expect(textOf(wrong)).toContain('Alunno 2, Numero di pasti: compila questo campo')
    const one = await press(visitor, wrong, MENSA, {}, 'togli:alunni:1')
    const computed = await press(visitor, one, MENSA, {}, 'calcola')
    expect(textOf(computed)).toContain('Importo 21,00 €')
    const done = await press(visitor, computed, MENSA, { ...payer(), importo: '0,01' })
    const cart = await confirmed(visitor, done)
    expect(textOf(cart)).toMatch(
      /Mensa scolastica Primaria Don Milani - pasti 10 - codici M-2000.*Totale 21,00 €/,
    )
    const due = (await site
      .db('due')
      .orderBy('created_at', 'desc')
      .first('bilancio', 'importo_cents')) as object
    expect(due).toEqual({
      importo_cents: 2100,
      bilancio:
        '<bilancio><capitolo><codCapitolo>E3010</codCapitolo><codUfficio>SCUOLA</codUfficio><accertamento><importo>18.90</importo></accertamento></capitolo>' +
        '<capitolo><codCapitolo>E3011</codCapitolo><codUfficio>SCUOLA</codUfficio><accertamento><codAccertamento>IVA</codAccertamento><importo>2.10</importo></accertamento></capitolo></bilancio>',
    })
  })

  it('keeps every value when something is wrong, and says it in the language of the page', async () => {
    const visitor = site.visitor()
    await visitor.get('/?lingua=de')
    const page = await press(visitor, await visitor.get(MENSA), MENSA, { ...PUPILS, 'alunni.0.pasti': '999' })
    expect([page.status, textOf(page)]).toEqual([
      422,
      expect.stringContaining(
        'Schüler 1, Anzahl der Mahlzeiten: schreiben Sie eine ganze Zahl von 1 bis 200',
      ),
    ])
    expect(shownIn(page)).toMatchObject({ ...PUPILS, 'alunni.0.pasti': '999' })
  })
})

describe('a choice that depends on another', () => {
  const LUCE = '/enti/C_X901/spontaneo/LUCE_VOTIVA'

  it('says what to choose first, and works without scripts', async () => {
    const visitor = site.visitor()
    const page = await visitor.get(LUCE)
    expect(textOf(page)).toContain('Scegli prima “Cimitero”, poi premi “Aggiorna le scelte”')
    expect(page.html).not.toContain('value="unico"')
    const early = await press(visitor, page, LUCE, { ...payer() })
    expect(textOf(early)).toContain('Settore: scegli prima “Cimitero”, poi premi “Aggiorna le scelte”')
    const chosen = await press(visitor, page, LUCE, { cimitero: 'san-biagio' }, 'aggiorna')
    expect(chosen.html).toContain('value="unico"')
    const fields = { settore: 'a', 'lampade.0.numero': '12/B', anno: '2026' }
    const wrong = await press(visitor, chosen, LUCE, { ...fields, ...payer() })
    expect(textOf(wrong)).toContain('Settore: scegli una delle voci dell’elenco')
    const done = await press(visitor, wrong, LUCE, { settore: 'unico' })
    expect(textOf(await confirmed(visitor, done))).toMatch(/lampade n\. 12\/B.*Totale 18,50 €/)
  })
})

describe('a notice to pay later', () => {
  it('is prepared with a number of the ente, printed, found by its number, and cancelled while nobody pays it', async () => {
    const visitor = site.visitor()
    const done = await press(visitor, await visitor.get(MENSA), MENSA, { ...PUPILS, ...payer() }, 'avviso')
    const page = await confirmed(visitor, done)
    expect(page.url).toBe(`${site.url}/avviso/esito`)
    expect(textOf(page)).toMatch(/Da pagare.*Mensa scolastica.*87,00 €/)
    const href = /href="(\/avvisi\/[^"]+)"/
      .exec(page.html)![1]!
      .replaceAll('&#x3D;', '=')
      .replaceAll('&amp;', '&')
    expect((await visitor.get(href)).status).toBe(200)
    const { iuv } = (await site.db('due').orderBy('created_at', 'desc').first('iuv')) as { iuv: string }
    expect(iuv).toMatch(/^1100\d{13}$/)
    const other = site.visitor()
    const found = { 'codice-avviso': `3${iuv}`, 'intestatario-codice': CHIARA['intestatario-codice'] }
    await other.submit(await other.get('/avviso'), '/avviso', found)
    expect(textOf(await other.get('/avviso/esito'))).toContain('Da pagare')
    const gone = await visitor.submit(page, '/avviso/annulla', { posto: '0' })
    expect(textOf(await visitor.get(gone.location!))).toContain('Annullato')
    expect(await site.db('due').where({ iuv }).first('state', 'cancelled_reason')).toEqual({
      state: 'cancelled',
      cancelled_reason: 'payer',
    })
  })

  it('of who signed in needs no link; what somebody is paying is not cancelled, nor what the ente loaded', async () => {
    const chiara = {
      codiceFiscale: 'BNCCHR85H52M999M',
      anagrafica: 'Chiara Bianchi',
      email: 'chiara@example.org',
    }
    const visitor = await signInAs(site.db, site.visitor(), chiara)
    const done = await press(visitor, await visitor.get(MENSA), MENSA, PUPILS, 'avviso')
    expect(done.location).toBe(`${site.url}/avviso/esito`)
    const page = await visitor.get('/avviso/esito')
    const due = (await site.db('due').orderBy('created_at', 'desc').first('id')) as { id: string }
    await site.db('due').where(due).update({ state: 'paying' })
    await visitor.submit(page, '/avviso/annulla', { posto: '0' })
    expect(await site.db('due').where(due).first('state')).toEqual({ state: 'paying' })
    const loaded = { 'codice-avviso': '22000000000000101', 'intestatario-codice': chiara.codiceFiscale }
    const iuv = ((await site.db('due').where({ iud: 'LUCE_VOTIVA-000001' }).first('iuv')) as { iuv: string })
      .iuv
    await visitor.submit(await visitor.get('/area'), '/esci').catch(() => undefined)
    const stranger = site.visitor()
    await stranger.submit(await stranger.get('/avviso'), '/avviso', { ...loaded, 'codice-avviso': iuv })
    const shown = await stranger.get('/avviso/esito')
    expect(shown.html).not.toContain('/avviso/annulla')
    await site.db('due').where({ iuv }).update({ spontaneous: false })
    const forced = await stranger.submit(
      { ...shown, html: shown.html.replaceAll('/avviso/paga', '/avviso/annulla') },
      '/avviso/annulla',
      { posto: '0' },
    )
    expect(forced.status).toBeLessThan(400)
    expect(await site.db('due').where({ iuv }).first('state')).toEqual({ state: 'payable' })
  })

  it('is not offered where the type does not print notices', async () => {
    const tipo = site.db('ente_due_type').where({ code: 'DIRITTI_VARI' })
    await tipo.clone().update({ notice_enabled: false })
    const page = await site.visitor().get('/enti/C_X901/spontaneo/DIRITTI_VARI')
    expect(page.html).not.toContain('value="avviso"')
    await tipo.clone().update({ notice_enabled: true })
  })
})

describe('a payer without a fiscal code', () => {
  it('is accepted only where the type says so', async () => {
    const path = '/enti/C_X901/spontaneo/DIRITTI_VARI'
    const fields = { diritto: 'segreteria', nota: 'x', importo: '5,00', 'intestatario-nome': 'Hans Müller' }
    const visitor = site.visitor()
    const refused = await press(visitor, await visitor.get(path), path, {
      ...fields,
      'e-mail': 'hans@example.org',
    })
    expect(textOf(refused)).toContain('Codice fiscale o partita IVA: scrivi i 16 caratteri')
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ anonymous_payer: true })
    const done = await press(visitor, await visitor.get(path), path, {
      ...fields,
      'e-mail': 'hans@example.org',
    })
    expect(textOf(await confirmed(visitor, done))).toContain('intestato a Hans Müller')
    expect(await site.db('due').orderBy('created_at', 'desc').first('pagatore_codice')).toEqual({
      pagatore_codice: 'ANONIMO',
    })
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ anonymous_payer: false })
  })
})

describe('the forms of the eleven tributes', () => {
  it.each(seedTributi)(
    '$code is shown, refuses an empty form, and names every field it wants',
    async ({ code, form }) => {
      const visitor = site.visitor()
      const path = `/enti/C_X901/spontaneo/${code}`
      const page = await visitor.get(path)
      expect(page.status).toBe(200)
      const answer = await visitor.submit(page, path, {})
      expect(answer.status).toBe(422)
      const wanted = formDefinitionSchema
        .parse(form satisfies FormDefinitionInput)
        .fields.filter((field) => 'required' in field && field.required)
      for (const { id } of wanted) expect(answer.html).toContain(`href="#${id}"`)
    },
  )
})
