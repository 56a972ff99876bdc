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

const press = (page: Page, azione: string, typed: Record<string, string> = {}): Promise<Page> =>
  elena.submit(page, '/modulo', { ...inputsOf(page), ...typed, azione })
const save = (page: Page, typed: Record<string, string> = {}): Promise<Page> => press(page, 'm:salva', typed)
const confirm = (page: Page): Promise<Page> => elena.submit(page, '/modulo')

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
    const again = await elena.submit(question, '/modulo', { azione: 'correggi' })
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
  it('do not overwrite each other unseen: the second keeps what was typed and reads what would change', async () => {
    const mine = await elena.get(EDITOR)
    await confirm(await save(await elena.get(EDITOR), { [PRICE]: '125' }))
    const stale = await save(mine, { 'm-causale': 'Scuolabus ${utente}' })
    expect([stale.status, textOf(stale)]).toEqual([
      409,
      expect.stringContaining('Intanto un altro amministratore'),
    ])
    expect(inputsOf(stale)['m-causale']).toBe('Scuolabus ${utente}')
    expect(await stored()).toMatchObject({ causale: SEED.causale, fields: [{}, {}, {}, { importo: 12_500 }] })
    const question = await save(stale)
    expect(textOf(question)).toContain('importo 125,00 € → 120,00 €')
  })

  it('a question of before another save confirms nothing', async () => {
    const question = await save(await elena.get(EDITOR), { [PRICE]: '126' })
    await confirm(await save(await elena.get(EDITOR), { [PRICE]: '127' }))
    expect((await confirm(question)).status).toBe(409)
    expect(await stored()).toMatchObject({ fields: [{}, {}, {}, { importo: 12_700 }] })
  })

  it('a question that is confirmed with another form asks again', async () => {
    const question = await save(await elena.get(EDITOR), { [PRICE]: '126' })
    const other = JSON.stringify({ ...SEED, causale: 'Altra ${utente}' }, null, 1)
    const asked = await elena.submit(question, '/modulo', { 'm-json': other })
    expect([asked.status, textOf(asked)]).toEqual([200, expect.stringContaining('Altra')])
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
    expect(textOf(await citizen.get('/carrello'))).toContain('131,00')
    const sent = await reader.submit(open, FORM, { ...RIDE, ...CHIARA, 'e-mail': 'altra@example.org' })
    expect(sent.status).toBe(303)
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

it('the editor is the region’s alone', async () => {
  const sara = await signInAs(site.db, site.visitor(), SARA)
  const paolo = await signInAs(site.db, site.visitor(), PAOLO)
  for (const visitor of [sara, paolo]) expect((await visitor.get(EDITOR)).status).toBe(404)
  const csrf = /name="_csrf" value="([^"]+)"/.exec((await sara.get(TIPO)).html)![1]!
  const page = await elena.get(EDITOR)
  const typed = { ...inputsOf(page), [PRICE]: '1', azione: 'm:salva', _csrf: csrf }
  expect((await sara.submit(page, '/modulo', typed)).status).toBe(404)
  expect(textOf(await sara.get(TIPO))).toContain('Lo modifica la Regione')
})
