import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import { typed, unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const PAOLO = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const SARA = { codiceFiscale: 'GLLSRA78E45M999O', anagrafica: 'Sara Gallo', email: 'sara@example.org' }
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

/** Dues of the ente that can be paid, of the types that Paolo may use or may not. */
async function duesOf(isAllowed: boolean): Promise<Due[]> {
  const { rows } = await site.db.raw<{ rows: Due[] }>(
    `select d.id, d.iud, d.iuv, d.causale, t.code from dovuto d join ente_tipo_dovuto t on t.id = d.ente_tipo_dovuto_id
     join ente e on e.id = d.ente_id
     where e.cod_ipa = 'C_X902' and d.state = 'payable' and d.iuv is not null
       and may_use_tipo((select id from operator where codice_fiscale = ?), t.id) = ? order by d.id`,
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

  it('is given as CSV in which nothing acts as a formula', async () => {
    const [due] = await duesOf(true)
    await site.db('dovuto').where({ id: due!.id }).update({ causale: '=1+1' })
    const { bytes, name } = await paolo.download(`${DUES}.csv?iud=${due!.iud}`)
    expect(name).toBe('dovuti-C_X902.csv')
    const lines = bytes.toString('utf8').split('\r\n')
    expect(lines[0]).toContain('IUD;IUV;Codice fiscale')
    expect(lines[1]).toContain(";'=1+1;")
    await site.db('dovuto').where({ id: due!.id }).update({ causale: due!.causale })
  })
})

describe('a due', () => {
  it('is changed with the checks of a file, and says who changed what', async () => {
    const [, due] = await duesOf(true)
    await site.db('dovuto').where({ id: due!.id }).update({ due_on: '2099-01-31' })
    const path = `${DUES}/${due!.id}`
    const form = await paolo.get(`${path}/modifica`)
    const wrong = await paolo.submit(form, '/modifica', { ...typed(form), importoDovuto: '10.5' })
    expect(wrong.status).toBe(422)
    expect(textOf(wrong)).toContain('Scrivi l’importo con la virgola')
    const saved = await paolo.submit(form, '/modifica', { ...typed(form), importoDovuto: '77,70' })
    expect([saved.status, saved.status === 422 ? textOf(saved).slice(0, 600) : '']).toEqual([303, ''])
    const page = textOf(await paolo.get(path))
    expect(page).toContain('77,70 €')
    expect(page).toMatch(/Modificato da Paolo Ferri: importo da .* a 77,70 €/)
  })

  it('changed by two at once: the second is told what changed and nothing of his is written', async () => {
    const [, , due] = await duesOf(true)
    const path = `${DUES}/${due!.id}/modifica`
    const [first, second] = await Promise.all([paolo.get(path), sara.get(path)])
    expect(
      (await paolo.submit(first, '/modifica', { ...typed(first), causaleVersamento: 'Prima' })).status,
    ).toBe(303)
    const stale = await sara.submit(second, '/modifica', { ...typed(second), causaleVersamento: 'Seconda' })
    expect(stale.status).toBe(409)
    expect(textOf(stale)).toContain('Causale: Prima')
    expect(stale.html).toContain('value="Seconda"')
    const again = await sara.submit(stale, '/modifica', { ...typed(stale), causaleVersamento: 'Seconda' })
    expect(again.status).toBe(303)
    const row = (await site.db('dovuto').first('causale').where({ id: due!.id })) as { causale: string }
    expect(row.causale).toBe('Seconda')
  })

  it('is inserted with a number of its own, and found', async () => {
    const form = await paolo.get(`${DUES}/nuovo`)
    const saved = await paolo.submit(form, '/nuovo', {
      tipoDovuto: 'DIRITTI_VARI',
      importoDovuto: '12,34',
      causaleVersamento: 'Copia conforme',
      datiSpecificiRiscossione: '9/0105107TS/COPIA',
      dataEsecuzionePagamento: '2099-12-31',
      flgGeneraIuv: 'true',
      tipoIdentificativoUnivoco: 'F',
      codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
      anagraficaPagatore: 'Chiara Bianchi',
      nazionePagatore: 'IT',
      flagMultiBeneficiario: 'false',
    })
    expect(saved.status).toBe(303)
    expect(
      textOf(await paolo.get(new URL(saved.location!).pathname + new URL(saved.location!).search)),
    ).toContain('12,34')
    const row = (await site.db('dovuto').first('iud', 'iuv').where({ causale: 'Copia conforme' })) as Due
    expect(row.iud).toMatch(/^000[0-9a-f]{32}$/)
    expect(row.iuv).toMatch(/^2200\d{13}$/)
  })

  it('is cancelled once; who is late is told what it is now', async () => {
    const dues = await duesOf(true)
    const due = dues.at(-1)!
    const path = `${DUES}/${due.id}`
    const question = await paolo.submit(await paolo.get(path), '/conferma-annulla')
    await site.db('dovuto').where({ id: due.id }).update({ state: 'paying' })
    const late = await paolo.submit(question, '/annulla')
    expect(late.status).toBe(409)
    expect(textOf(late)).toContain('Il dovuto non è stato annullato: ora il suo stato è “Pagamento iniziato”')
    await site.db('dovuto').where({ id: due.id }).update({ state: 'payable' })
    expect((await paolo.submit(question, '/annulla')).status).toBe(303)
    expect(textOf(await paolo.get(path))).toContain('Annullato da un operatore')
    expect((await paolo.get(`${path}/modifica`)).status).toBe(409)
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
