import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { typed, unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'
const NEW = `${DUES}/nuovo`
const PAYER = { codiceIdentificativoUnivoco: 'bnc chr 85h52 m999m', anagraficaPagatore: 'Chiara Bianchi' }
const RIGHTS = { 'modulo-diritto': 'copia-di-atti', 'modulo-nota': 'prot. 12', 'modulo-importo': '12,34' }

let site: Site
let paolo: Visitor
let sara: Visitor

beforeAll(async () => {
  site = await startSite()
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

interface Row {
  id: string
  iud: string
  iuv: string
  importo_cents: number
  causale: string
  bilancio: string | null
  due_on: string | null
  pagatore: Record<string, string>
}

const opened = (code: string, by = sara): Promise<Page> => by.get(`${NEW}?tipo=${code}`)
const send = (page: Page, fields: Record<string, string> = {}, by = sara): Promise<Page> =>
  by.submit(page, '/nuovo', { ...typed(page), ...fields })
const press = (page: Page, azione: string, fields: Record<string, string> = {}): Promise<Page> =>
  send(page, { ...fields, azione })
const duesNamed = (anagrafica: string): Promise<Row[]> =>
  site.db('due').whereRaw(`pagatore ->> 'anagrafica' = ?`, [anagrafica]).orderBy('created_at') as never
const DATED = { dataEsecuzionePagamento: '2099-12-31' }

/** Fills a new due of DIRITTI_VARI for a person of this name and sends it. */
const made = async (name: string, more: Record<string, string> = {}): Promise<Page> =>
  send(await opened('DIRITTI_VARI'), { ...RIGHTS, ...PAYER, ...DATED, anagraficaPagatore: name, ...more })

/** The name of the option with this label, because the seeds make names from labels. */
const optionOf = (page: Page, label: string): string =>
  new RegExp(`<option value="([^"]*)"[^>]*>${label}<`).exec(page.html)![1]!

describe('a due at the counter', () => {
  it('begins with its type, and asks only what that type needs', async () => {
    const types = await paolo.get(NEW)
    expect(textOf(types)).toContain('Scegli il tipo dovuto')
    expect(unescaped(types.html)).toContain(`href="${NEW}?tipo=DIRITTI_VARI"`)
    expect(types.html).not.toContain('RETTA_ASILO_NIDO')
    const form = await opened('DIRITTI_VARI', paolo)
    const open = form.html.replace(/<details[\s\S]*?<\/details>/g, '')
    const labels = [...open.matchAll(/<label class="mypay-label" for="([^"]+)"/g)].map(([, id]) => id)
    expect(labels).toEqual([
      'modulo-diritto',
      'modulo-nota',
      'modulo-importo',
      'dataEsecuzionePagamento',
      'codiceIdentificativoUnivoco',
      'anagraficaPagatore',
    ])
    expect(typed(form)).toMatchObject({
      datiSpecificiRiscossione: '9/0105107TS/',
      flgGeneraIuv: 'true',
      IUD: '',
    })
  })

  it('is made and printed: the type, four fields, and the notice is the next step', async () => {
    const form = await opened('DIRITTI_VARI', paolo)
    const diritto = optionOf(form, 'Copia di atti')
    const saved = await send(form, { ...RIGHTS, 'modulo-diritto': diritto, ...PAYER, ...DATED }, paolo)
    expect([saved.status, saved.status === 422 ? textOf(saved) : '']).toEqual([303, ''])
    const page = await paolo.get(saved.location!)
    expect(textOf(page)).toContain('Il dovuto è creato. Il prossimo passo: stampa l’avviso.')
    const print = /class="btn btn-primary" href="([^"]+)"/.exec(page.html)![1]!
    expect(page.html).toMatch(/class="btn btn-primary"[^>]*>Stampa l’avviso</)
    const { status, bytes } = await paolo.download(print)
    expect([status, bytes.subarray(0, 4).toString()]).toEqual([200, '%PDF'])
    expect(unescaped(page.html)).toContain(`href="${NEW}?tipo=DIRITTI_VARI"`)
    const [due] = await duesNamed('Chiara Bianchi').then((rows) => rows.slice(-1))
    expect(due).toMatchObject({
      importo_cents: 1234,
      causale: 'Diritti Copia di atti prot. 12',
      due_on: '2099-12-31',
    })
    expect(due!.pagatore).toMatchObject({ tipo: 'F', codice: 'BNCCHR85H52M999M', nazione: 'IT' })
    expect([due!.iud, due!.iuv]).toEqual([
      expect.stringMatching(/^000[0-9a-f]{32}$/),
      expect.stringMatching(/^2200\d{13}$/),
    ])
  })

  it('sent twice is one due; the form with other values is another one', async () => {
    const form = await opened('DIRITTI_VARI')
    const diritto = { 'modulo-diritto': optionOf(form, 'Segreteria') }
    const fields = { ...RIGHTS, ...diritto, ...PAYER, ...DATED, anagraficaPagatore: 'Due Volte' }
    const both = await Promise.all([send(form, fields), send(form, fields)])
    expect(both.map(({ status }) => status)).toEqual([303, 303])
    expect(both[0].location).toBe(both[1].location)
    expect(await duesNamed('Due Volte')).toHaveLength(1)
    const other = await send(form, { ...fields, 'modulo-importo': '99,00' })
    expect(other.location).not.toBe(both[0].location)
    expect((await duesNamed('Due Volte')).map(({ importo_cents: cents }) => cents)).toEqual([1234, 9900])
  })

  it('says of an organisation what its code says, and takes a person without a code only where the type does', async () => {
    const diritto = { 'modulo-diritto': optionOf(await opened('DIRITTI_VARI'), 'Segreteria') }
    await made('Ditta Srl', { ...diritto, codiceIdentificativoUnivoco: '99999902028' })
    expect((await duesNamed('Ditta Srl'))[0]!.pagatore['tipo']).toBe('G')
    const nobody = { ...diritto, tipoIdentificativoUnivoco: 'senza-codice', codiceIdentificativoUnivoco: '' }
    const refused = await made('Senza Codice', nobody)
    expect(refused.status).toBe(422)
    expect(await duesNamed('Senza Codice')).toEqual([])
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ anonymous_payer: true })
    expect(textOf(await opened('DIRITTI_VARI'))).toContain('una persona che non ha il codice fiscale')
    expect((await made('Senza Codice', nobody)).status).toBe(303)
    const [due] = await duesNamed('Senza Codice')
    expect(due!.pagatore['codice']).toBe('ANONIMO')
    const edit = await sara.get(`${DUES}/${due!.id}/modifica`)
    expect(typed(edit)).toMatchObject({
      tipoIdentificativoUnivoco: 'senza-codice',
      codiceIdentificativoUnivoco: '',
    })
    expect(
      (await sara.submit(edit, '/modifica', { ...typed(edit), causaleVersamento: 'Altra' })).status,
    ).toBe(303)
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ anonymous_payer: false })
  })

  it('tells which last character a fiscal code would have', async () => {
    const wrong = await made('Chiara', { codiceIdentificativoUnivoco: 'BNCCHR85H52M999A' })
    expect(textOf(wrong)).toContain(
      'con i primi 15 caratteri che hai scritto l’ultimo sarebbe M, e non A. Guarda la tessera',
    )
  })

  it('keeps what was typed when the type is changed, and when it is changed back', async () => {
    const first = await opened('DIRITTI_VARI')
    const other = await press(first, 'tipo', { ...RIGHTS, ...PAYER, altroTipo: 'MENSA_SCOLASTICA' })
    expect([other.status, textOf(other)]).toEqual([200, expect.stringContaining('Nuovo dovuto: Mensa')])
    expect(typed(other)).toMatchObject({ ...PAYER, datiSpecificiRiscossione: '9/0107101TS/' })
    const back = await press(other, 'tipo', { altroTipo: 'DIRITTI_VARI' })
    expect(typed(back)).toMatchObject({ ...PAYER, 'modulo-nota': 'prot. 12', 'modulo-importo': '12,34' })
    expect(typed(back)).toMatchObject({ datiSpecificiRiscossione: '9/0105107TS/' })
    // A chosen type counts although its button was not pressed: nothing is saved under the old one.
    const unpressed = await send(back, { altroTipo: 'MENSA_SCOLASTICA' })
    expect([unpressed.status, textOf(unpressed)]).toEqual([
      200,
      expect.stringContaining('Nuovo dovuto: Mensa'),
    ])
  })

  it('whose type was taken away meanwhile is chosen again, and nothing is stored', async () => {
    const form = await opened('DIRITTI_VARI')
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ active: false })
    const answer = await send(form, { ...RIGHTS, ...PAYER, ...DATED, anagraficaPagatore: 'Tolto Tipo' })
    expect([answer.status, textOf(answer)]).toEqual([
      422,
      expect.stringContaining('Scegli un altro tipo dovuto'),
    ])
    expect(await duesNamed('Tolto Tipo')).toEqual([])
    const other = await send(answer, { azione: 'tipo', altroTipo: 'MENSA_SCOLASTICA' })
    expect(typed(other)).toMatchObject({ ...PAYER, anagraficaPagatore: 'Tolto Tipo' })
    await site.db('ente_due_type').where({ code: 'DIRITTI_VARI' }).update({ active: true })
  })

  it('opens the folded part that has an error, and only that', async () => {
    const wrong = await made('Chiara', { capPagatore: '30-121' })
    expect(wrong.status).toBe(422)
    const opened = [...wrong.html.matchAll(/<details class="mypay-fold" open>\s*<summary>([^<]+)/g)]
    expect(opened.map(([, title]) => unescaped(title!))).toEqual(['Indirizzo ed e-mail di chi deve pagare'])
    expect(wrong.html).toContain('<a href="#capPagatore">Scrivi il CAP')
    expect(wrong.html).toContain('<title>Errore: Nuovo dovuto: Diritti vari - MyPay</title>')
  })

  it('tells everything that is wrong at once: what is missing, what cannot be read, what the rules refuse', async () => {
    const byHand = await press(await opened('DIRITTI_VARI'), 'mano')
    const wrong = await send(byHand, {
      importoDovuto: '',
      causaleVersamento: 'Prova',
      dataEsecuzionePagamento: '',
      codiceIdentificativoUnivoco: 'BNCCHR85H52M999A',
      anagraficaPagatore: '',
      capPagatore: '30-121',
    })
    const told = [...wrong.html.matchAll(/<a href="#([^"]+)">/g)].map(([, id]) => id)
    expect(told).toEqual(
      expect.arrayContaining([
        'importoDovuto',
        'dataEsecuzionePagamento',
        'codiceIdentificativoUnivoco',
        'anagraficaPagatore',
        'capPagatore',
      ]),
    )
    expect(wrong.status).toBe(422)
  })

  it('with a day that has passed: refused where the date binds, otherwise asked about, and nothing typed is lost', async () => {
    const type = site.db('ente_due_type').where({ code: 'DIRITTI_VARI' })
    const before = (await type.clone().first('due_on_binding')) as object
    const diritto = { 'modulo-diritto': optionOf(await opened('DIRITTI_VARI'), 'Segreteria') }
    const past = { ...diritto, dataEsecuzionePagamento: '2020-01-31' }
    await type.clone().update({ due_on_binding: true })
    const refused = await made('Data Passata', past)
    expect([refused.status, textOf(refused)]).toEqual([
      422,
      expect.stringContaining('Scrivi una scadenza da oggi in poi.'),
    ])
    await type.clone().update({ due_on_binding: false })
    const asked = await made('Data Passata', past)
    expect(textOf(asked)).toContain('La scadenza che hai scritto, 31/01/2020, è già passata. È giusta?')
    expect(await duesNamed('Data Passata')).toEqual([])
    const back = await press(asked, 'correggi')
    expect(typed(back)).toMatchObject({
      ...past,
      anagraficaPagatore: 'Data Passata',
      'modulo-nota': 'prot. 12',
    })
    // Another day is asked about anew.
    const other = await send(back, { dataEsecuzionePagamento: '2020-02-01' })
    expect(textOf(other)).toContain('01/02/2020, è già passata')
    const saved = await send(other)
    expect(saved.status).toBe(303)
    const [due] = await duesNamed('Data Passata')
    expect(due!.due_on).toBe('2020-02-01')
    // A change that keeps the day is not asked about; one that sets another past day is.
    const edit = await sara.get(`${DUES}/${due!.id}/modifica`)
    const kept = await sara.submit(edit, '/modifica', { ...typed(edit), causaleVersamento: 'Altra causale' })
    expect(kept.status).toBe(303)
    const again = await sara.get(`${DUES}/${due!.id}/modifica`)
    const moved = { ...typed(again), dataEsecuzionePagamento: '2020-03-01' }
    const question = await sara.submit(again, '/modifica', moved)
    expect(textOf(question)).toContain('01/03/2020, è già passata')
    expect((await sara.submit(question, '/modifica', typed(question))).status).toBe(303)
    expect((await duesNamed('Data Passata'))[0]!.due_on).toBe('2020-03-01')
    await type.clone().update({ due_on_binding: true })
    expect(textOf(await sara.get(`${DUES}?q=data+passata`))).toContain('Scaduto non si può più pagare')
    await type.clone().update(before)
  })

  it('that is changed after its notice was given says what to do with the paper; otherwise it does not', async () => {
    const diritto = { 'modulo-diritto': optionOf(await opened('DIRITTI_VARI'), 'Segreteria') }
    const page = await sara.get((await made('Avviso Dato', diritto)).location!)
    const [due] = await duesNamed('Avviso Dato')
    const change = async (fields: Record<string, string>): Promise<string> => {
      const edit = await sara.get(`${DUES}/${due!.id}/modifica`)
      const saved = await sara.submit(edit, '/modifica', { ...typed(edit), ...fields })
      return textOf(await sara.get(saved.location!))
    }
    expect(await change({ importoDovuto: '20,00' })).not.toContain('ritiralo')
    await sara.download(/class="btn btn-primary" href="([^"]+)"/.exec(page.html)![1]!)
    expect(await change({ importoDovuto: '21,00' })).toContain(
      'L’avviso già dato riporta i dati di prima (20,00 €): ritiralo e stampa quello nuovo. Il codice avviso resta lo stesso',
    )
    expect(await change({ mailPagatore: 'avviso@example.org' })).not.toContain('ritiralo')
  })

  it('says who made it, without an address when none was given, and names its type by its amount', async () => {
    const diritto = { 'modulo-diritto': optionOf(await opened('DIRITTI_VARI'), 'Segreteria') }
    const page = await sara.get((await made('Senza Indirizzo', diritto)).location!)
    expect(textOf(page)).toMatch(/Creato allo sportello da Sara Gallo(?! \()/)
    expect(page.html).not.toContain('<dt>Indirizzo<')
    expect(textOf(await sara.get(NEW))).toMatch(/Diritti vari importo (da scrivere|fisso|calcolato)/)
  })

  it('of a type without a search is found by words among many', async () => {
    const many = Array.from({ length: 9 }, (_, n) => `PROVA_${n}`)
    const [{ ente_id: enteId }] = (await site
      .db('ente_due_type as t')
      .join('ente as e', 'e.id', 't.ente_id')
      .where({ cod_ipa: 'C_X902' })
      .select('ente_id')) as [{ ente_id: string }]
    const model = (await site.db('ente_due_type').where({ ente_id: enteId }).first()) as Record<
      string,
      unknown
    >
    await site
      .db('due_type')
      .insert(many.map((code) => ({ code, name: code, dati_specifici_riscossione: '9/X/' })))
    await site.db('ente_due_type').insert(
      many.map((code, n) => ({
        ente_id: enteId,
        code,
        name: `Città ${n}`,
        active: true,
        dati_specifici_riscossione: '9/0105107TS/',
        form: JSON.stringify(model['form']),
      })),
    )
    const found = await sara.get(`${NEW}?cerca=citta+3`)
    expect([...unescaped(found.html).matchAll(/\?tipo=(\w+)/g)].map(([, code]) => code)).toEqual(['PROVA_3'])
    expect(textOf(await sara.get(`${NEW}?cerca=zzz`))).toContain('Nessun tipo dovuto contiene «zzz»')
    await site.db('ente_due_type').whereIn('code', many).del()
    await site.db('due_type').whereIn('code', many).del()
  })
})

describe('the bilancio of a due', () => {
  const BY_HAND = { importoDovuto: '30,00', causaleVersamento: 'A mano', ...PAYER, ...DATED }
  const byHand = async (): Promise<Page> => press(await opened('DIRITTI_VARI'), 'mano')
  const line = (row: number, capitolo: string, importo: string) => ({
    [`bilancio-${row}-capitolo`]: capitolo,
    [`bilancio-${row}-importo`]: importo,
  })

  it('is a table: rows come and go without loss, the sum is compared, one row may take the rest', async () => {
    const one = await press(await byHand(), 'riga', BY_HAND)
    const two = await press(one, 'riga', line(0, 'E1', '10,00'))
    expect(textOf(two)).toContain(
      'Le righe sommano 10,00 €. Mancano 20,00 € all’importo del dovuto, 30,00 €.',
    )
    const three = await press(two, 'riga', line(1, 'E2', '25,00'))
    expect(textOf(three)).toContain('Sono 5,00 € più dell’importo del dovuto, 30,00 €.')
    const wrong = await send(three, line(2, 'E3', ''))
    expect([wrong.status, textOf(wrong)]).toEqual([
      422,
      expect.stringContaining('le righe sommano già 35,00 € su 30,00 €'),
    ])
    const gone = await press(wrong, 'togli-riga:1')
    expect(typed(gone)).toMatchObject({ ...BY_HAND, ...line(0, 'E1', '10,00'), ...line(1, 'E3', '') })
    const saved = await send(gone)
    expect(saved.status).toBe(303)
    const due = (await site.db('due').where({ causale: 'A mano' }).first()) as Row
    expect(due.bilancio).toBe(
      '<bilancio><capitolo><codCapitolo>E1</codCapitolo><accertamento><importo>10.00</importo></accertamento></capitolo>' +
        '<capitolo><codCapitolo>E3</codCapitolo><accertamento><importo>20.00</importo></accertamento></capitolo></bilancio>',
    )
    const page = await sara.get(saved.location!)
    expect(page.html).not.toContain('codCapitolo')
    expect(textOf(page)).toMatch(
      /Bilancio Bilancio Capitolo Ufficio Accertamento Importo E1 .*10,00 € E3 .*20,00 €/,
    )
  })

  it.each([
    [
      'two rows without amount',
      { ...line(0, 'E1', ''), ...line(1, 'E2', '') },
      'Scrivi l’importo della riga 2',
    ],
    ['no chapter', { ...line(0, '', '30,00') }, 'Scrivi il capitolo della riga 1'],
    ['a wrong amount', { ...line(0, 'E1', '10.5') }, 'Scrivi l’importo della riga 1'],
    ['a chapter too long', { ...line(0, 'E'.repeat(13), '30,00') }, 'Accorcia il capitolo della riga 1'],
    ['what nobody sees', { ...line(0, 'E\u202e1', '30,00') }, 'Riscrivi il capitolo della riga 1'],
    ['another sum', { ...line(0, 'E1', '29,99') }, 'le righe sommano 29,99 €, il dovuto è di 30,00 €'],
  ])('is refused beside its cell: %s', async (_, cells, words) => {
    const form = await press(await press(await byHand(), 'riga'), 'riga')
    const answer = await send(form, { ...BY_HAND, ...cells })
    expect([answer.status, textOf(answer)]).toEqual([422, expect.stringContaining(words)])
    expect(typed(answer)).toMatchObject(cells)
  })

  it('that the type has is computed, or proposed when amount and causale are typed', async () => {
    const type = site.db('ente_due_type').where({ code: 'DIRITTI_VARI' })
    const { form } = (await type.clone().first('form')) as { form: object }
    const bilancio = [
      { capitolo: 'E3010', ufficio: 'SEG', importo: '2' },
      { capitolo: 'E3011', importo: 'resto' },
    ]
    await type.clone().update({ form: JSON.stringify({ ...form, bilancio }) })
    const page = await opened('DIRITTI_VARI')
    expect(textOf(page)).toContain('Il bilancio lo calcola il tipo dovuto')
    const diritto = { 'modulo-diritto': optionOf(page, 'Segreteria') }
    expect((await made('Con Bilancio', diritto)).status).toBe(303)
    expect((await duesNamed('Con Bilancio'))[0]!.bilancio).toContain('<importo>10.34</importo>')
    const typing = await press(page, 'mano', { ...RIGHTS, ...diritto, ...PAYER, ...DATED })
    expect(typed(typing)).toMatchObject({
      importoDovuto: '12,34',
      causaleVersamento: 'Diritti Segreteria prot. 12',
      ...line(0, 'E3010', '2,00'),
      ...line(1, 'E3011', '10,34'),
    })
    const none = await send(typing, { 'bilancio-righe': '0' })
    expect(textOf(none)).toContain('Aggiungi almeno una riga di bilancio')
    await type.clone().update({ form: JSON.stringify(form) })
  })

  it('that a file brought stays as it was written when its lines do not change', async () => {
    const xml =
      '<bilancio> <capitolo><codCapitolo>E9</codCapitolo><accertamento><importo>4.00</importo></accertamento>' +
      '<accertamento><codAccertamento>A1</codAccertamento><importo>8.34</importo></accertamento></capitolo></bilancio>'
    const diritto = { 'modulo-diritto': optionOf(await opened('DIRITTI_VARI'), 'Segreteria') }
    await made('Dal File', diritto)
    const [due] = await duesNamed('Dal File')
    const dues = () => site.db('due').where({ id: due!.id })
    await dues().update({ bilancio: xml })
    const path = `${DUES}/${due!.id}/modifica`
    const edit = await sara.get(path)
    expect(typed(edit)).toMatchObject({ ...line(0, 'E9', '4,00'), ...line(1, 'E9', '8,34') })
    expect((await sara.submit(edit, '/modifica', { ...typed(edit), causaleVersamento: 'Mia' })).status).toBe(
      303,
    )
    expect(await dues().first('causale', 'bilancio')).toEqual({ causale: 'Mia', bilancio: xml })
    const again = await sara.get(path)
    await sara.submit(again, '/modifica', { ...typed(again), ...line(0, 'E8', '4,00') })
    expect(((await dues().first('bilancio')) as Row).bilancio).toMatch(
      /^<bilancio><capitolo><codCapitolo>E8</,
    )
  })
})
