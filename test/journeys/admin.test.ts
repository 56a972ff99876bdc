import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveEnte } from '../setup/administration.ts'
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
  expect((await saveEnte(sara, path, { phone: '0422999999' })).status).toBe(303)
  expect((await saveEnte(sara, path, { civico: '7', name: 'Comune di Altrove' })).status).toBe(303)
  const after = textOf(await sara.get(path))
  expect(after).toContain('Telefono: 0422000202 → 0422999999')
  expect(after).toContain('Sara Gallo')
  expect(after).not.toContain('Comune di Altrove')
})

it('an IBAN that cannot be is refused beside its field, and nothing is written', async () => {
  const path = '/admin/enti/C_X902/dati/conti'
  const page = await sara.get(path)
  const fields = { iban: 'IT00H9999912345000000000001', iban_postale: 'IT22D0760112345001000000202' }
  const before: unknown = await site.db('ente').first('iban', 'iban_postale').where({ cod_ipa: 'C_X902' })
  const refused = await sara.submit(page, path, fields)
  expect(refused.status).toBe(422)
  expect(textOf(refused)).toContain('Scrivi l’IBAN senza errori')
  // What was typed beside it stays in its field.
  expect(refused.html).toContain(`value="${fields.iban_postale}"`)
  expect(await site.db('ente').first('iban', 'iban_postale').where({ cod_ipa: 'C_X902' })).toEqual(before)
})

it('two administrators at once: the second reads what the first wrote, keeps what was typed, and saves again to overwrite', async () => {
  const path = '/admin/enti/C_X902/dati/contatti'
  const [first, second] = [await sara.get(path), await elena.get(path)]
  expect((await sara.submit(first, path, { site: 'https://uno.example' })).status).toBe(303)
  const stale = await elena.submit(second, path, { site: 'https://due.example', phone: '0422777777' })
  expect([stale.status, textOf(stale)]).toEqual([
    409,
    expect.stringContaining('Intanto un altro amministratore ha scritto “https://uno.example”'),
  ])
  for (const typed of ['https://due.example', '0422777777']) expect(stale.html).toContain(`value="${typed}"`)
  const row = () => site.db('ente').first('site', 'phone').where({ cod_ipa: 'C_X902' })
  expect(await row()).toEqual({ site: 'https://uno.example', phone: '0422999999' })
  const again = { site: 'https://due.example', phone: '0422777777' }
  expect((await elena.submit(stale, path, again)).status).toBe(303)
  expect(await row()).toEqual(again)
})

it('a change of another section meanwhile is no conflict', async () => {
  const path = '/admin/enti/C_X902/dati/contatti'
  const page = await sara.get(path)
  expect((await saveEnte(elena, '/admin/enti/C_X902', { civico: '9' })).status).toBe(303)
  expect((await sara.submit(page, path, { phone: '0422666666' })).status).toBe(303)
})

it('a section that is the region’s alone is shown to an administrator of the ente without its form', async () => {
  const page = await sara.get('/admin/enti/C_X902')
  expect(page.html).toContain('href="/admin/enti/C_X902/dati/contatti"')
  expect(page.html).not.toContain('/dati/pagopa"')
  expect((await sara.get('/admin/enti/C_X902/dati/pagopa')).status).toBe(404)
  const form = await sara.get('/admin/enti/C_X902/dati/contatti')
  const forged = { ...form, html: form.html.replaceAll('/dati/contatti', '/dati/pagopa') }
  expect((await sara.submit(forged, '/dati/pagopa', { segregation_code: '44' })).status).toBe(404)
})

it('switching an adhesion off takes its pages away at once', async () => {
  const path = '/admin/enti/C_X902'
  expect((await sara.get('/operatore/C_X902/flussi')).status).toBe(200)
  await saveEnte(elena, path, { 'adhesion.flows': 'false' })
  expect((await sara.get('/operatore/C_X902/flussi')).status).toBe(404)
  expect(textOf(await sara.get('/operatore/C_X902'))).not.toContain('Flussi')
  await saveEnte(elena, path, { 'adhesion.flows': 'true' })
  expect((await sara.get('/operatore/C_X902/flussi')).status).toBe(200)
})

it('a logo is a PNG of at most 250 by 250; anything else is refused', async () => {
  const path = '/admin/enti/C_X902'
  const png = (side: number): Buffer => PNG.sync.write(new PNG({ width: side, height: side }))
  const send = async (bytes: Buffer) =>
    elena.upload(await elena.get(`${path}/logo`), '/logo', { name: 'logo.png', bytes })
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
  expect(textOf(question)).toContain('sparisce subito dalle pagine dei cittadini')
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
