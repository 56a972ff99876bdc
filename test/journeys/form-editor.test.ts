import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { seedTributi } from '../../domain/seed/tributi.ts'
import { CHIARA, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const TIPO = '/admin/enti/C_X902/tipi/TRASPORTO_SCOLASTICO'
const EDITOR = `${TIPO}/modulo`
const FORM = '/enti/C_X902/spontaneo/TRASPORTO_SCOLASTICO'
const SEED = formDefinitionSchema.parse(seedTributi.find(({ code }) => code === 'TRASPORTO_SCOLASTICO')!.form)
const firstOf = (at: number): string => {
  const field = SEED.fields[at]!
  return field.kind === 'choice' ? field.options[0]!.value : ''
}
const RIDE = { linea: firstOf(0), utente: 'T-1', periodo: firstOf(2) }
const PRICE = 'm-prezzo.importo.3'

let site: Site
let elena: Visitor

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  elena = await signInAs(site.db, site.visitor(), ELENA)
  const types = await elena.get('/admin/enti/C_X902/tipi')
  if (types.html.includes('/TRASPORTO_SCOLASTICO/scegli'))
    await elena.submit(types, '/TRASPORTO_SCOLASTICO/scegli')
})
afterAll(() => site.close())

const row = () =>
  site.db('ente_due_type').where({
    code: 'TRASPORTO_SCOLASTICO',
    ente_id: site.db('ente').select('id').where({ cod_ipa: 'C_X902' }),
  })
beforeEach(async () => {
  // A session keeps what is not saved yet, so each test begins with one of its own.
  elena = await signInAs(site.db, site.visitor(), ELENA)
  const written = await row().update({
    active: true,
    spontaneous: true,
    due_on_binding: false,
    form: JSON.stringify(SEED),
  })
  expect(written).toBe(1)
})
const stored = async (): Promise<unknown> => ((await row().first('form')) as { form: unknown }).form
const changes = async (): Promise<number> => {
  const { id } = (await row().first('id')) as { id: string }
  const [{ count }] = (await site.db('event').where({ entity_id: id }).count()) as [{ count: string }]
  return Number(count)
}

/** Everything that a browser sends of the editor, whichever button is pressed. */
function inputsOf({ html }: Page): Record<string, string> {
  const form = [...html.matchAll(/<form\b[\s\S]*?<\/form>/g)]
    .map(([text]) => text)
    .find((text) => text.includes('m-json'))!
  const inputs = [...form.matchAll(/<input\b[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"/g)]
  const selects = [...form.matchAll(/<select\b[^>]*?name="([^"]+)"[\s\S]*?<\/select>/g)].map(
    ([text, name]) => [text, name, /<option value="([^"]*)" selected/.exec(text)?.[1] ?? ''],
  )
  const text = /<textarea\b[^>]*>([\s\S]*?)<\/textarea>/.exec(form)![1]!
  const pairs = [...inputs, ...selects].map(([, name, value]) => [name!, unescaped(value!)])
  return { ...(Object.fromEntries(pairs) as Record<string, string>), 'm-json': unescaped(text) }
}

async function press(
  page: Page,
  azione: string,
  typed: Record<string, string> = {},
  who = elena,
): Promise<Page> {
  const drawn = await who.submit(page, '/modulo', { ...inputsOf(page), ...typed, azione })
  expect([drawn.status, new URL(drawn.location!).pathname]).toEqual([303, EDITOR])
  return who.get(drawn.location!)
}
const save = (page: Page, typed: Record<string, string> = {}, who = elena): Promise<Page> =>
  press(page, 'm:salva', typed, who)
const confirm = (page: Page, who = elena): Promise<Page> => who.submit(page, '/modulo')

describe('a price', () => {
  it('is changed in its table: asked about with before and after, then valid for citizens, and not for dues that exist', async () => {
    const dues = (): Promise<unknown[]> =>
      site.db('due').select('id', 'importo_cents', 'causale').orderBy('id')
    const before = await dues()
    const question = await save(await elena.get(EDITOR), { [PRICE]: '130,50' })
    expect([question.status, textOf(question)]).toEqual([
      200,
      expect.stringContaining('Tariffa del periodo, importo 120,00 € → 130,50 €'),
    ])
    expect(textOf(question)).toContain('I dovuti già creati e gli avvisi già stampati non cambiano')
    expect(await stored()).toEqual(SEED)
    const saved = await confirm(question)
    expect(new URL(saved.location!).pathname).toBe(TIPO)
    const page = textOf(await elena.get(TIPO))
    expect(page).toContain('Il modulo è salvato. I dovuti già creati non cambiano.')
    expect(page).toContain('Tariffa del periodo, importo: 120,00 € → 130,50 €')
    expect(textOf(await site.visitor().get(FORM))).toContain('130,50')
    expect(await dues()).toEqual(before)
  })

  it('that cannot be is refused beside it, and nothing that was typed is lost', async () => {
    for (const wrong of ['0', '12,345', '-5', '1e3', 'dodici', '']) {
      const refused = await save(await elena.get(EDITOR), {
        [PRICE]: wrong,
        'm-causale': 'Scuolabus ${periodo}',
      })
      expect([wrong, refused.status, inputsOf(refused)[PRICE]]).toEqual([wrong, 422, wrong])
      expect(refused.html).toMatch(new RegExp(`id="${PRICE}-errore"`))
      expect(inputsOf(refused)['m-causale']).toBe('Scuolabus ${periodo}')
    }
    expect(await stored()).toEqual(SEED)
  })

  it('that texts of the form still name is warned of', async () => {
    await row().update({
      form: JSON.stringify(SEED).replace('Tariffa del periodo', 'Tariffa, 120,00 € a periodo'),
    })
    const question = await save(await elena.get(EDITOR), { [PRICE]: '130' })
    expect(textOf(question)).toContain(
      'nomina ancora il prezzo di prima, 120,00: “Tariffa, 120,00 € a periodo”',
    )
  })
})

describe('the editor', () => {
  it('changes, adds, moves and takes away fields; all of it is stored only when it is saved', async () => {
    let page = await elena.get(EDITOR)
    page = await press(page, 'm:apri:0')
    expect(inputsOf(page)['m-campo.label.it']).toBe(SEED.fields[0]!.label)
    page = await press(page, 'm:vocenuova:0:0', {
      'm-campo.label.it': 'Linea del bus',
      'm-nuova-voce.0': 'Linea D - Colline',
    })
    page = await press(page, 'm:aggiungi', { 'm-nuovo-tipo': 'number', 'm-nuovo-nome': 'Numero di fratelli' })
    page = await press(page, 'm:chiudi', { 'm-campo.max': '9', 'm-campo.required': 'false' })
    page = await press(page, 'm:giu:0')
    page = await press(page, 'm:togli:1')
    expect(textOf(page)).toContain('La causale nomina un campo che non c’è')
    page = await press(page, 'm:anteprima', { 'm-causale': 'Scuolabus ${utente} ${periodo}' })
    expect(textOf(page)).not.toContain('La causale nomina un campo che non c’è')
    expect(await stored()).toEqual(SEED)
    const question = await save(page)
    for (const part of ['Linea, tolto', 'Numero di fratelli, aggiunto', 'causale'])
      expect(textOf(question)).toContain(part)
    expect((await confirm(question)).status).toBe(303)
    expect(await stored()).toMatchObject({
      fields: [
        { id: 'utente' },
        { id: 'periodo' },
        { kind: 'number', id: 'numeroDiFratelli', max: 9, required: false },
        { id: 'importo' },
      ],
      causale: 'Scuolabus ${utente} ${periodo}',
    })
  })

  it('saves nothing when nothing was changed', async () => {
    const before = await changes()
    const page = await save(await elena.get(EDITOR))
    expect([page.status, textOf(page)]).toEqual([200, expect.stringContaining('Non c’è niente da salvare')])
    expect(await changes()).toBe(before)
  })

  it('goes back from the question with everything that was changed', async () => {
    const question = await save(await elena.get(EDITOR), { [PRICE]: '99' })
    await elena.submit(question, '/modulo', { azione: 'correggi' })
    const again = await elena.get(EDITOR)
    expect([again.status, inputsOf(again)[PRICE]]).toEqual([200, '99,00'])
    const saved = await confirm(await save(again))
    expect(saved.status).toBe(303)
    expect(await stored()).toMatchObject({ fields: [{}, {}, {}, { importo: 9900 }] })
  })

  it('refuses what citizens could not use, with what to do', async () => {
    const page = await press(await elena.get(EDITOR), 'm:togli:3')
    const refused = await save(page)
    expect([refused.status, textOf(refused)]).toEqual([
      422,
      expect.stringContaining('Serve un campo importo, e uno solo'),
    ])
    expect(textOf(refused)).toContain('Il modulo non è ancora utilizzabile')
    const unnamed = await press(page, 'm:aggiungi', { 'm-nuovo-tipo': 'amount_fixed', 'm-nuovo-nome': '' })
    expect([unnamed.status, textOf(unnamed)]).toEqual([
      422,
      expect.stringContaining('Scrivi il nome del nuovo campo'),
    ])
    expect(await stored()).toEqual(SEED)
  })

  it('shows the preview by the code of the citizens’ page, and works out what is tried in it', async () => {
    const mensa = seedTributi.find(({ code }) => code === 'MENSA_SCOLASTICA')!.form
    await row().update({ form: JSON.stringify(formDefinitionSchema.parse(mensa)) })
    let page = await elena.get(EDITOR)
    page = await press(page, 'aggiungi:alunni', { 'm-prezzo.voce.1-1.0.0': '3' })
    const tried = {
      'alunni.0.fascia': 'a',
      'alunni.0.pasti': '10',
      'alunni.1.fascia': 'b',
      'alunni.1.pasti': '2',
    }
    const scuola = /<option value="([^"]+)"[^>]*>Primaria/.exec(page.html)![1]!
    page = await press(page, '', { scuola, 'alunni.0.codice': 'M-1', 'alunni.1.codice': 'M-2', ...tried })
    expect(textOf(page)).toContain('38,70 €')
    expect(inputsOf(page)['m-prezzo.voce.1-1.0.0']).toBe('3,00')
  })

  it('takes the JSON of “Avanzate”, and says so; a broken one comes back as it was written', async () => {
    const page = await elena.get(EDITOR)
    const broken = await press(page, 'm:anteprima', { 'm-json': '{"fields": []}' })
    expect([broken.status, textOf(broken)]).toEqual([
      422,
      expect.stringContaining('Correggi il modulo: fields'),
    ])
    expect(inputsOf(broken)['m-json']).toBe('{"fields": []}')
    const json = JSON.stringify({ ...SEED, causale: 'Scritta a mano ${utente}' })
    const taken = await press(page, 'm:anteprima', { 'm-json': json })
    expect(textOf(taken)).toContain('Hai cambiato il JSON')
    expect(inputsOf(taken)['m-causale']).toBe('Scritta a mano ${utente}')
    expect((await confirm(await save(taken))).status).toBe(303)
    expect(await stored()).toMatchObject({ causale: 'Scritta a mano ${utente}' })
  })

  it('opens a form that no page can read, as its text', async () => {
    await row().update({ form: '{"fields": "none"}' })
    const page = await elena.get(EDITOR)
    expect([page.status, inputsOf(page)['m-json']]).toEqual([200, '{\n "fields": "none"\n}'])
    const question = await save(page, { 'm-json': JSON.stringify(SEED) })
    expect((await confirm(question)).status).toBe(303)
    expect(await stored()).toEqual(SEED)
  })

  it('takes a form of the largest size', async () => {
    const options = Array.from({ length: 50 }, (_, at) => ({
      value: `v${at}`,
      label: 'Una voce lunga '.repeat(3) + at,
      worth: '1.50',
    }))
    const fields = Array.from({ length: 19 }, (_, at) => ({
      kind: 'choice',
      id: `c${at}`,
      label: `Scelta ${at}`,
      options,
    }))
    const json = JSON.stringify({ fields: [...fields, SEED.fields[3]], causale: 'Prova' })
    const page = await press(await elena.get(EDITOR), 'm:anteprima', { 'm-json': json })
    expect(page.status).toBe(200)
    expect((await save(page, { 'm-prezzo.voce.18.0.49': '2,50' })).status).toBe(200)
  })
})

describe('two administrators with the same form', () => {
  it('keep what both changed: the second is told what the first changed, and is asked about the own change alone', async () => {
    const mine = await elena.get(EDITOR)
    const other = await signInAs(site.db, site.visitor(), ELENA)
    await confirm(await save(await other.get(EDITOR), { [PRICE]: '125' }, other), other)
    const question = textOf(await save(mine, { 'm-causale': 'Scuolabus ${utente}' }))
    expect(question).toContain(
      'Intanto un altro amministratore ha cambiato Tariffa del periodo, importo: 120,00 € → 125,00 € (+5,00 €)',
    )
    expect(question).not.toContain('125,00 € → 120,00 €')
    expect((await confirm(await elena.get(`${EDITOR}?salva`))).status).toBe(303)
    expect(await stored()).toMatchObject({
      causale: 'Scuolabus ${utente}',
      fields: [{}, {}, {}, { importo: 12_500 }],
    })
  })

  it('who both changed the same price are told so, and the one who confirms last decides', async () => {
    const mine = await elena.get(EDITOR)
    const other = await signInAs(site.db, site.visitor(), ELENA)
    await confirm(await save(await other.get(EDITOR), { [PRICE]: '125' }, other), other)
    const question = await save(mine, { [PRICE]: '122' })
    expect(textOf(question)).toMatch(
      /intanto anche un altro amministratore ha cambiato Tariffa del periodo, importo, in 125,00 €.*vale il tuo: 122,00 €/,
    )
    await confirm(question)
    expect(await stored()).toMatchObject({ fields: [{}, {}, {}, { importo: 12_200 }] })
  })

  it('a question of before another save confirms nothing, and is asked anew', async () => {
    const question = await save(await elena.get(EDITOR), { [PRICE]: '126' })
    const other = await signInAs(site.db, site.visitor(), ELENA)
    await confirm(await save(await other.get(EDITOR), { [PRICE]: '127' }, other), other)
    const answer = await confirm(question)
    expect(new URL(answer.location!).search).toBe('?salva')
    expect(textOf(await elena.get(answer.location!))).toContain('127,00 €')
    expect(await stored()).toMatchObject({ fields: [{}, {}, {}, { importo: 12_700 }] })
  })

  it('a question that is confirmed with another form asks again', async () => {
    const question = await save(await elena.get(EDITOR), { [PRICE]: '126' })
    const other = JSON.stringify({ ...SEED, causale: 'Altra ${utente}' }, null, 1)
    const asked = await elena.submit(question, '/modulo', { 'm-json': other })
    expect(textOf(await elena.get(asked.location!))).toContain('Altra')
    expect(await stored()).toEqual(SEED)
  })
})

describe('a citizen in the middle of the form', () => {
  const link = async (visitor: Visitor): Promise<string> => {
    const sent = await visitor.submit(await visitor.get(FORM), FORM, { ...RIDE, ...CHIARA })
    expect(sent.location).toMatch(/mail-inviata$/)
    const mail = (await site
      .db('email')
      .where({ address: CHIARA['e-mail'], kind: 'link' })
      .orderBy('created_at', 'desc')
      .first('secret')) as { secret: string }
    return `/conferma/${mail.secret}`
  }

  it('who has the page open, or a link from before, sees the new amount in the cart before paying', async () => {
    const [citizen, reader] = [site.visitor(), site.visitor()]
    const open = await reader.get(FORM)
    expect(textOf(open)).toContain('120,00')
    const before = await link(site.visitor())
    await confirm(await save(await elena.get(EDITOR), { [PRICE]: '131' }))
    const done = await citizen.submit(await citizen.get(before), before)
    expect(done.location).toMatch(/carrello$/)
    for (const at of ['before', 'after a reload'])
      expect([at, textOf(await citizen.get('/carrello'))]).toEqual([
        at,
        expect.stringContaining('“Trasporto scolastico” è cambiato: era 120,00 €, ora è 131,00 €'),
      ])
    // Who had only the page open reads it too, also when a mistake made the page come again in between.
    const wrong = await reader.submit(open, FORM, { ...RIDE, ...CHIARA, 'e-mail': 'nessuna' })
    expect([wrong.status, textOf(wrong)]).toEqual([422, expect.stringContaining('131,00')])
    const sent = await reader.submit(wrong, FORM, { ...RIDE, ...CHIARA, 'e-mail': 'altra@example.org' })
    expect(sent.status).toBe(303)
    const { secret } = (await site.db('email').where({ address: 'altra@example.org' }).first('secret')) as {
      secret: string
    }
    await reader.submit(await reader.get(`/conferma/${secret}`), `/conferma/${secret}`)
    expect(textOf(await reader.get('/carrello'))).toContain(
      '“Trasporto scolastico” è cambiato: era 120,00 €, ora è 131,00 €',
    )
    // Who opens the page now is told nothing.
    const late = await reader.submit(await reader.get(FORM), FORM, {
      ...RIDE,
      ...CHIARA,
      'e-mail': 'altra@example.org',
    })
    expect(late.location).toMatch(/carrello$/)
    expect(textOf(await reader.get('/carrello')).split('è cambiato')).toHaveLength(2)
  })

  it('a link that makes a notice says so, and tells the new amount beside it', async () => {
    const asked = site.visitor()
    const sent = { ...RIDE, ...CHIARA, 'e-mail': 'avviso@example.org', azione: 'avviso' }
    await asked.submit(await asked.get(FORM), FORM, sent)
    const { secret } = (await site
      .db('email')
      .where({ address: 'avviso@example.org', kind: 'link' })
      .first('secret')) as { secret: string }
    await confirm(await save(await elena.get(EDITOR), { [PRICE]: '132' }))
    const opened = await asked.get(`/conferma/${secret}`)
    expect(textOf(opened)).toContain('Conferma e vai all’avviso')
    await asked.submit(opened, `/conferma/${secret}`)
    expect(textOf(await asked.get('/avviso/esito'))).toContain('era 120,00 €, ora è 132,00 €')
  })

  it('a link with an answer that the form has no more makes no due, and says why', async () => {
    const before = await link(site.visitor())
    const page = await press(await elena.get(EDITOR), 'm:vocetogli:0:0:0')
    await confirm(await save(page))
    const dues = () => site.db('due').count()
    const count: unknown = await dues()
    const citizen = site.visitor()
    const gone = await citizen.submit(await citizen.get(before), before)
    expect(textOf(gone)).toContain('Nel frattempo l’ente ha cambiato questo pagamento')
    expect(await dues()).toEqual(count)
  })
})

const ROOMS = formDefinitionSchema.parse(seedTributi.find(({ code }) => code === 'UTILIZZO_LOCALI')!.form)
const ROOM = ROOMS.fields.findIndex(({ id }) => id === 'locale')
const room = (at: number): string => `m-prezzo.voce.${ROOM}.0.${at}`
const storedRooms = async (): Promise<{ label: unknown; worth?: string }[]> => {
  const { fields } = (await stored()) as { fields: { options: { label: string; worth?: string }[] }[] }
  return fields[ROOM]!.options
}

describe('the prices of a choice', () => {
  beforeEach(() => row().update({ form: JSON.stringify(ROOMS) }))

  it('cannot be left empty: the error names the choice and what to write, and nothing typed is lost', async () => {
    const refused = await save(await elena.get(EDITOR), { [room(0)]: '', [room(1)]: '19' })
    expect([refused.status, textOf(refused)]).toEqual([
      422,
      expect.stringContaining('Manca il prezzo di “Sala civica” (Locale): scrivilo, oppure scrivi 0'),
    ])
    expect(refused.html).toContain(`id="${room(0)}-errore"`)
    expect([inputsOf(refused)[room(0)], inputsOf(refused)[room(1)]]).toEqual(['', '19,00'])
    expect(await stored()).toEqual(ROOMS)
  })

  it('may be 0 after a question in words, and says how much each differs', async () => {
    const question = await save(await elena.get(EDITOR), {
      [room(0)]: '0',
      [room(1)]: '6.700',
      [room(2)]: '40,125',
    })
    const text = textOf(question)
    expect(text).toContain('“Sala civica” ha il prezzo 0: chi la sceglie non paga niente')
    expect(text).toContain('18,50 € → 6.700,00 € (+6681,50 €)')
    expect(text).toContain('è più di dieci volte quello di prima')
    expect(text).toContain('40,125 ha 3 decimali. È giusto?')
    await confirm(question)
    expect((await storedRooms()).map(({ worth }) => worth)).toEqual(['0', '6700', '40.125'])
  })

  it.each([
    ['26.70', '26.70'],
    ['26,70 €', '26.70'],
    ['1.234', '1234'],
  ])('"%s" is read as an amount that people type', async (text, worth) => {
    await confirm(await save(await elena.get(EDITOR), { [room(0)]: text }))
    expect((await storedRooms())[0]!.worth).toBe(worth)
  })

  it('that cannot be read names its row', async () => {
    const refused = await save(await elena.get(EDITOR), { [room(2)]: 'quaranta' })
    expect(textOf(refused)).toContain('Locale, Sala consiliare: scrivi un numero con la virgola')
  })

  it('stand beside a new option, which is never saved without one and is told with it', async () => {
    const opened = await press(await elena.get(EDITOR), `m:apri:${ROOM}`)
    const added = await press(opened, `m:vocenuova:${ROOM}:0`, { 'm-nuova-voce.0': 'Teatro' })
    expect(added.html).toMatch(new RegExp(`name="${room(3).replaceAll('.', '\\.')}"[^>]*autofocus`))
    expect(textOf(added)).toContain('Manca il prezzo di “Teatro”')
    const tried = await press(added, '', { locale: 'teatro', ore: '2', data: '31/12/2026' })
    expect(textOf(tried)).toContain('Aggiorna anteprima')
    expect((await save(added)).status).toBe(422)
    const question = await save(added, { [room(3)]: '50' })
    expect(textOf(question)).toContain('Locale, Teatro, aggiunto – → Teatro, 50,00 €')
    await confirm(question)
    expect(textOf(await elena.get(TIPO))).toContain('aggiunto: – → Teatro, 50,00 €')
    const gone = await save(
      await press(await press(await elena.get(EDITOR), `m:apri:${ROOM}`), `m:vocetogli:${ROOM}:0:3`),
    )
    expect(textOf(gone)).toContain('tolto Teatro, 50,00 € → –')
  })

  it('two options of one name are refused, whatever their case and blanks', async () => {
    const opened = await press(await elena.get(EDITOR), `m:apri:${ROOM}`)
    const twin = await press(opened, `m:vocenuova:${ROOM}:0`, { 'm-nuova-voce.0': ' sala  CIVICA ' })
    expect([twin.status, textOf(twin)]).toEqual([
      422,
      expect.stringContaining('C’è già una voce che si chiama'),
    ])
    const renamed = await save(opened, { 'm-voce.0.1.it': 'SALA civica' })
    expect([renamed.status, textOf(renamed)]).toEqual([
      422,
      expect.stringContaining('ha due voci che si chiamano “SALA civica”'),
    ])
    expect(await stored()).toEqual(ROOMS)
  })

  it('of a form that was saved without one: nobody pays too little, and the page says whom to ask', async () => {
    const form = JSON.stringify(ROOMS).replace('"25"', '"0"').replace(',"worth":"0"', '')
    await row().update({ form })
    const citizen = site.visitor()
    const values = { locale: 'sala-civica', ...CHIARA }
    const page = await citizen.submit(await citizen.get(FORM), FORM, {
      ...hours(),
      ...values,
      azione: 'calcola',
    })
    expect([page.status, textOf(page)]).toEqual([
      422,
      expect.stringContaining('con “Sala civica” ora non si può pagare'),
    ])
    expect(textOf(page)).toContain('Chiedi all’ente')
    expect(textOf(page)).not.toContain('controllali')
    const other = await citizen.submit(page, FORM, { ...hours(), locale: 'palestra', azione: 'calcola' })
    expect([other.status, textOf(other)]).toEqual([200, expect.stringMatching(/Importo \d+,\d\d €/)])
    expect(textOf(await elena.get(TIPO))).toContain('Manca il prezzo di “Sala civica”')
  })
})

/** What the form of rooms wants beside the room. */
const hours = (): Record<string, string> =>
  Object.fromEntries(
    ROOMS.fields.flatMap((field) =>
      field.kind === 'number'
        ? [[field.id, '2']]
        : field.kind === 'date'
          ? [[field.id, '31/12/2026']]
          : field.kind === 'text'
            ? [[field.id, 'X']]
            : [],
    ),
  )

describe('what is not saved yet', () => {
  it('is there after the page was left, says so, and can be thrown away', async () => {
    await press(await elena.get(EDITOR), '', { [PRICE]: '140' })
    await elena.get(TIPO)
    const back = await elena.get(EDITOR)
    expect([inputsOf(back)[PRICE], textOf(back)]).toEqual([
      '140,00',
      expect.stringContaining('non sono ancora salvate'),
    ])
    const anew = await press(back, 'm:ricomincia')
    expect([inputsOf(anew)[PRICE], textOf(anew)]).toEqual([
      '120,00',
      expect.not.stringContaining('non sono ancora salvate'),
    ])
    expect(await stored()).toEqual(SEED)
  })

  it('keeps the preview and the open field when the person goes back from the question', async () => {
    const opened = await press(await elena.get(EDITOR), 'm:apri:0')
    const question = await save(opened, { [PRICE]: '140', utente: 'T-9' })
    await elena.submit(question, '/modulo', { azione: 'correggi' })
    const again = await elena.get(EDITOR)
    expect(inputsOf(again)).toMatchObject({ [PRICE]: '140,00', utente: 'T-9', 'm-aperto': '0' })
  })

  it('is not what another save meanwhile made of it: the page keeps the form that it was opened with', async () => {
    const mine = await elena.get(EDITOR)
    const other = await signInAs(site.db, site.visitor(), ELENA)
    await confirm(await save(await other.get(EDITOR), { [PRICE]: '125' }, other), other)
    const previewed = await press(mine, '', { 'm-causale': 'Scuolabus ${utente}' })
    await confirm(await save(previewed))
    expect(await stored()).toMatchObject({ fields: [{}, {}, {}, { importo: 12_500 }] })
  })
})

describe('an administrator of the ente', () => {
  it('changes the prices, and nothing else whatever the browser sends', async () => {
    const sara = await signInAs(site.db, site.visitor(), SARA)
    expect(textOf(await sara.get(TIPO))).toContain('Cambia i prezzi')
    const page = await sara.get(EDITOR)
    expect(textOf(page)).toContain('I campi, le voci e il calcolo li cambia la Regione')
    for (const part of ['m:aggiungi', 'm:apri', 'm-causale', '<textarea'])
      expect([part, page.html.includes(part)]).toEqual([part, false])
    const json = JSON.stringify({
      ...SEED,
      causale: 'Altra ${utente}',
      fields: [SEED.fields[1], SEED.fields[3]],
    })
    const sent = { 'm-json': json, 'm-causale': 'Altra', [PRICE]: '133' }
    const fields = { ...hiddenOf(page), ...sent, azione: 'm:salva' }
    await sara.submit(page, '/modulo', {
      ...fields,
      'm-json': JSON.stringify(SEED, null, 1),
      'm-causale': 'Altra',
    })
    const question = await sara.get(`${EDITOR}?salva`)
    expect(textOf(question)).toContain('Tariffa del periodo, importo 120,00 € → 133,00 € (+13,00 €)')
    expect(textOf(question)).not.toContain('causale')
    expect((await sara.submit(question, '/modulo', { 'm-json': json })).location).toMatch(/salva$/)
    expect(await stored()).toEqual(SEED)
    await sara.submit(page, '/modulo', { ...fields, 'm-json': JSON.stringify(SEED, null, 1) })
    expect((await confirm(await sara.get(`${EDITOR}?salva`), sara)).status).toBe(303)
    const { fields: now, causale } = (await stored()) as typeof SEED
    expect([now.length, causale, now[3]]).toEqual([4, SEED.causale, { ...SEED.fields[3], importo: 13_300 }])
  })

  it('is not overtaken by places that moved: a price is found by its name', async () => {
    await row().update({ form: JSON.stringify(ROOMS) })
    const sara = await signInAs(site.db, site.visitor(), SARA)
    const page = await sara.get(EDITOR)
    await confirm(await save(await press(await elena.get(EDITOR), `m:vocegiu:${ROOM}:0:0`)))
    await sara.submit(page, '/modulo', { ...hiddenOf(page), [room(0)]: '26', azione: 'm:salva' })
    await confirm(await sara.get(`${EDITOR}?salva`), sara)
    expect((await storedRooms()).map(({ label, worth }) => [label, worth])).toEqual([
      ['Palestra', '18.50'],
      ['Sala civica', '26'],
      ['Sala consiliare', '40'],
    ])
  })

  it('reads by mail what the region changes in a form of hers; an operator opens no editor', async () => {
    await site.db('operator_grant').where({ role: 'admin' }).update({ email: 'sara@example.org' })
    const mails = () => site.db('email').where({ kind: 'change', address: 'sara@example.org' }).count()
    const [{ count: before }] = (await mails()) as [{ count: string }]
    await confirm(await save(await elena.get(EDITOR), { [PRICE]: '135' }))
    const [{ count: after }] = (await mails()) as [{ count: string }]
    expect(Number(after) - Number(before)).toBe(1)
    const paolo = await signInAs(site.db, site.visitor(), PAOLO)
    expect((await paolo.get(EDITOR)).status).toBe(404)
  })
})

function hiddenOf({ html }: Page): Record<string, string> {
  const inputs = [...html.matchAll(/<input\b[^>]*?name="(m-[^"]+)"[^>]*?value="([^"]*)"/g)]
  return Object.fromEntries(inputs.map(([, name, value]) => [name!, unescaped(value!)]))
}
