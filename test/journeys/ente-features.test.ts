import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FORM, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { ELENA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

let site: Site
let elena: Visitor
beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  elena = await signInAs(site.db, site.visitor(), ELENA)
})
afterAll(() => site.close())
beforeEach(() =>
  site
    .db('ente')
    .where({ cod_ipa: 'C_X901' })
    .update({ features: ['ENTE_PUBBLICO', 'PAGAMENTO_SPONTANEO'] }),
)

const ENTE = '/admin/enti/C_X901'
const TIPO = `${ENTE}/tipi/DIRITTI_VARI`

async function turn(feature: string, on: boolean): Promise<void> {
  const saved = await elena.submit(await elena.get(ENTE), ENTE, { [`features.${feature}`]: String(on) })
  expect(saved.status).toBe(303)
}
const save = async (fields: Record<string, string>): Promise<Page> =>
  elena.submit(await elena.get(TIPO), TIPO, fields)
const offers = async (column: string): Promise<boolean> =>
  (await elena.get(TIPO)).html.includes(`name="${column}"`)
const stored = async (column: string): Promise<unknown> => {
  const row = (await site
    .db('ente_due_type as t')
    .join('ente as e', 'e.id', 't.ente_id')
    .first(`t.${column}`)
    .where({ 'e.cod_ipa': 'C_X901', 't.code': 'DIRITTI_VARI' })) as Record<string, unknown>
  return row[column]
}

it('ENTE_PUBBLICO: without it citizens find neither the ente nor its page', async () => {
  const found = async () => [
    (await site.visitor().get('/enti')).html.includes('/enti/C_X901"'),
    (await site.visitor().get('/enti/C_X901')).status,
  ]
  await turn('ENTE_PUBBLICO', false)
  expect(await found()).toEqual([false, 404])
  await turn('ENTE_PUBBLICO', true)
  expect(await found()).toEqual([true, 200])
})

it('PAGAMENTO_SPONTANEO: without it the ente is there and nothing can be started', async () => {
  const found = async () => [
    textOf(await site.visitor().get('/enti/C_X901')).includes('Diritti vari'),
    (await site.visitor().get(FORM)).status,
  ]
  await turn('PAGAMENTO_SPONTANEO', false)
  expect(await found()).toEqual([false, 404])
  await turn('PAGAMENTO_SPONTANEO', true)
  expect(await found()).toEqual([true, 200])
})

describe.each([
  ['NOTIFICA_AVVISI_IO', 'io_notice'],
  ['AVVISO_DIGITALE', 'digital_notice'],
])('%s', (feature, column) => {
  it('offers its choice in the types of due, says that nothing is sent yet, and keeps the choice', async () => {
    expect(await offers(column)).toBe(false)
    expect((await save({ [column]: 'true' })).status).toBe(303)
    expect(await stored(column)).toBe(false)
    await turn(feature, true)
    expect(textOf(await elena.get(TIPO))).toContain('L’invio non c’è ancora')
    expect((await save({ [column]: 'true' })).status).toBe(303)
    expect(await stored(column)).toBe(true)
    await turn(feature, false)
    expect([await offers(column), await stored(column)]).toEqual([false, true])
    await turn(feature, true)
    expect((await elena.get(TIPO)).html).toMatch(
      new RegExp(`name="${column}"[\\s\\S]*?<option value="true" selected>`),
    )
  })
})

describe('INOLTRO_ESITO_PAGAMENTO_PUSH', () => {
  it('offers address and tries in the types of due, refuses a push without an address, and keeps what is written', async () => {
    expect(await offers('push_url')).toBe(false)
    await turn('INOLTRO_ESITO_PAGAMENTO_PUSH', true)
    const refused = await save({ push_outcome: 'true', push_url: '', push_tries: '20' })
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining('serve l’indirizzo')])
    for (const [field, wrong] of [
      ['push_url', 'http://ente.example'],
      ['push_tries', '0'],
      ['push_tries', ''],
    ] as const)
      expect([field, (await save({ [field]: wrong })).status]).toEqual([field, 422])
    const url = 'https://ente.example/esiti'
    expect((await save({ push_outcome: 'true', push_url: url, push_tries: '7' })).status).toBe(303)
    await turn('INOLTRO_ESITO_PAGAMENTO_PUSH', false)
    expect(await offers('push_url')).toBe(false)
    expect([await stored('push_outcome'), await stored('push_url'), await stored('push_tries')]).toEqual([
      true,
      url,
      7,
    ])
  })
})
