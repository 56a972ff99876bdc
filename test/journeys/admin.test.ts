import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { ELENA, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

let site: Site
let elena: Visitor
let sara: Visitor

beforeAll(async () => {
  site = await startSite()
  elena = await signInAs(site.db, site.visitor(), ELENA)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

it('an administrator of an ente changes what is his to change, and the register says from and to', async () => {
  const path = '/admin/enti/C_X902'
  const page = await sara.get(path)
  const saved = await sara.submit(page, path, {
    phone: '0422999999',
    iban: 'IT32I9999954321000000000002',
    name: 'Comune di Altrove',
  })
  expect(saved.status).toBe(303)
  const after = textOf(await sara.get(path))
  expect(after).toContain('Telefono: 0422000202 → 0422999999')
  expect(after).toContain('Sara Gallo')
  expect(after).not.toContain('Comune di Altrove')
})

it('an IBAN that cannot be is refused beside its field, and nothing is written', async () => {
  const path = '/admin/enti/C_X902'
  const page = await sara.get(path)
  const refused = await sara.submit(page, path, { iban: 'IT00H9999912345000000000001', phone: '1' })
  expect(refused.status).toBe(422)
  expect(textOf(refused)).toContain('Scrivi l’IBAN senza errori')
  expect(textOf(await sara.get(path))).not.toContain('→ 1 ')
})

it('two administrators at once: the second gets a warning, and the change of the first stays', async () => {
  const path = '/admin/enti/C_X902'
  const [first, second] = [await sara.get(path), await elena.get(path)]
  expect((await sara.submit(first, path, { site: 'https://uno.example' })).status).toBe(303)
  expect((await elena.submit(second, path, { site: 'https://due.example' })).status).toBe(409)
  const row = (await site.db('ente').first('site').where({ cod_ipa: 'C_X902' })) as { site: string }
  expect(row.site).toBe('https://uno.example')
})

it('a type has a form with its preview; a form that cannot be used is refused with the reason', async () => {
  const path = '/admin/enti/C_X902/tipi/DIRITTI_VARI'
  const page = await elena.get(path)
  expect(textOf(page)).toContain('Anteprima del modulo')
  expect(page.html).toContain('Riferimento')
  const refused = await elena.submit(page, path, { form: '{"fields": []}' })
  expect(refused.status).toBe(422)
  expect(textOf(refused)).toContain('Correggi il modulo: fields')
})

it('switching an adhesion off takes its pages away at once', async () => {
  const path = '/admin/enti/C_X902'
  expect((await sara.get('/operatore/C_X902/flussi')).status).toBe(200)
  await elena.submit(await elena.get(path), path, { 'adhesion.flows': 'false' })
  expect((await sara.get('/operatore/C_X902/flussi')).status).toBe(404)
  expect(textOf(await sara.get('/operatore/C_X902'))).not.toContain('Flussi')
  await elena.submit(await elena.get(path), path, { 'adhesion.flows': 'true' })
  expect((await sara.get('/operatore/C_X902/flussi')).status).toBe(200)
})

it('a logo is a PNG of at most 250 by 250; anything else is refused', async () => {
  const path = '/admin/enti/C_X902'
  const png = (side: number): Buffer => PNG.sync.write(new PNG({ width: side, height: side }))
  const send = async (bytes: Buffer) =>
    elena.upload(await elena.get(path), '/logo', { name: 'logo.png', bytes })
  expect((await send(png(100))).status).toBe(303)
  expect((await elena.download('/enti/C_X902/logo.png')).status).toBe(200)
  const before = (await elena.download('/enti/C_X902/logo.png')).bytes
  for (const bytes of [png(251), Buffer.from('GIF89a, not a picture of ours')]) {
    const answer = await send(bytes)
    expect((await elena.get(answer.location!)).html).toContain('serve un PNG di al massimo 250 × 250.')
    expect((await elena.get(answer.location!)).html).not.toContain('Il logo non è stato caricato')
  }
  expect((await elena.get(`${path}?logo=broken`)).html).not.toContain('danneggiato')
  expect((await elena.download('/enti/C_X902/logo.png')).bytes).toEqual(before)
})

it('a step back of an ente needs a confirmation', async () => {
  const path = '/admin/enti/C_X903'
  const stateNow = async () =>
    ((await site.db('ente').first('state').where({ cod_ipa: 'C_X903' })) as { state: string }).state
  const question = await elena.submit(await elena.get(path), '/stato', { stato: 'PRE-ESERCIZIO' })
  expect(textOf(question)).toContain('Passa in pre-esercizio?')
  expect(await stateNow()).toBe('ESERCIZIO')
  expect((await elena.submit(question, '/stato')).status).toBe(303)
  expect(await stateNow()).toBe('PRE-ESERCIZIO')
  await site.db('ente').where({ cod_ipa: 'C_X903' }).update({ state: 'ESERCIZIO' })
})

it('an operator of several enti can switch between them; an operator of one has nothing to switch', async () => {
  const paolo = await signInAs(site.db, site.visitor(), PAOLO)
  expect((await paolo.get('/operatore/C_X902')).html).not.toContain('Cambia ente')
  const page = await sara.get('/operatore/C_X902')
  expect(page.html).toMatch(/href="\/operatore">Cambia ente</)
  expect((await sara.get('/operatore')).html).toContain('href="/operatore/C_X903"')
  expect((await sara.get('/operatore/C_X903')).html).toMatch(/href="\/operatore">Cambia ente</)
})

it('types are seen across enti, and people across theirs', async () => {
  expect(textOf(await elena.get('/admin/tipi-dovuto'))).toContain('DIRITTI_VARI')
  expect(textOf(await elena.get('/admin/tipi-dovuto/DIRITTI_VARI'))).toContain('Comune di Montalbese')
  expect(textOf(await elena.get('/admin/operatori?q=Ferri'))).toContain(PAOLO.codiceFiscale)
})
