import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { saveEnte, sectionWith } from '../setup/administration.ts'
import { FORM, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { ELENA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

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
  const saved = await saveEnte(elena, ENTE, { [`features.${feature}`]: String(on) })
  expect(saved.status).toBe(303)
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

it.each([
  ['NOTIFICA_AVVISI_IO', 'io_notice'],
  ['AVVISO_DIGITALE', 'digital_notice'],
  ['INOLTRO_ESITO_PAGAMENTO_PUSH', 'push_outcome'],
])(
  '%s, which does nothing yet, is not offered, and what was stored before stays',
  async (feature, column) => {
    const features = ['ENTE_PUBBLICO', 'PAGAMENTO_SPONTANEO', feature].sort()
    await site.db('ente').where({ cod_ipa: 'C_X901' }).update({ features })
    await dueType().update({ [column]: true, push_url: 'https://ente.example/esiti' })
    for (const path of [ENTE, sectionWith(ENTE, 'features.ENTE_PUBBLICO'), TIPO]) {
      const { html } = await elena.get(path)
      for (const name of [feature, column, 'push_url', 'push_tries'])
        expect([path, html.includes(name)]).toEqual([path, false])
    }
    // A form that sends them anyway changes nothing of them.
    await turn('PAGAMENTO_SPONTANEO', false)
    const section = sectionWith(ENTE, 'features.ENTE_PUBBLICO')
    await elena.submit(await elena.get(section), section, { [`features.${feature}`]: 'false' })
    const saved = await elena.submit(await elena.get(TIPO), TIPO, { [column]: 'false', push_url: '' })
    expect(saved.status).toBe(303)
    expect(await site.db('ente').first('features').where({ cod_ipa: 'C_X901' })).toEqual({
      features: features.filter((one) => one !== 'PAGAMENTO_SPONTANEO'),
    })
    expect(await dueType().first(column, 'push_url')).toEqual({
      [column]: true,
      push_url: 'https://ente.example/esiti',
    })
  },
)

const dueType = () =>
  site
    .db('ente_due_type')
    .where({ code: 'DIRITTI_VARI', ente_id: site.db('ente').select('id').where({ cod_ipa: 'C_X901' }) })
