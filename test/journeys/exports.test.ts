import { afterAll, beforeAll, expect, it } from 'vitest'
import { unzip } from '../flows/world.ts'
import { mailsTo } from '../setup/mailbox.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const PAOLO = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const EXPORTS = '/operatore/C_X902/esportazioni'

let stack: Stack
let paolo: Visitor

beforeAll(async () => {
  stack = await startStack({ seed: true })
  paolo = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
})
afterAll(() => stack.close())

const linkIn = (html: string): string | undefined =>
  /href="(\/esportazioni\/[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')

it('an export is booked, shown at once, downloaded when it is ready, and its booker is told', async () => {
  const page = await paolo.get(EXPORTS)
  const fields = { tracciato: '1_3', dal: '2026-01-01', al: '2026-06-30', tipo: '' }
  expect((await paolo.submit(page, '/esportazioni', fields)).status).toBe(303)
  expect((await paolo.get(EXPORTS)).html).toContain('Pagati dal 01/01/2026 al 30/06/2026 (1.3)')
  const link = await waitUntil(async () => linkIn((await paolo.get(EXPORTS)).html))
  const { status, name, bytes } = await paolo.download(link)
  expect(status).toBe(200)
  expect(name).toMatch(/^C_X902-1001_ESTRAZIONE_DOVUTI_\d{14}-1_3\.zip$/)
  const [[file, content]] = [...(await unzip(bytes))] as [[string, Buffer]]
  expect(file).toBe(name.replace('.zip', '.csv'))
  expect(content.toString().split('\n')[0]!.split(';')).toHaveLength(74)
  const mail = await waitUntil(async () =>
    (await mailsTo(stack.simulator.url, 'paolo.ferri@example.org')).find((text) =>
      text.includes('Esportazione pronta'),
    ),
  )
  expect(mail).toContain(name.replace('.zip', ''))
  const open = (await createVisitor(stack.publicUrl).download(link.replace(/\?.*/, ''))).status
  expect(open).toBe(403)
})

it('an impossible period is told beside its field', async () => {
  const page = await paolo.get(EXPORTS)
  const fields = { tracciato: '1_3', dal: '2026-07-01', al: '2026-06-30', tipo: '' }
  const answer = await paolo.submit(page, '/esportazioni', fields)
  expect(answer.status).toBe(422)
  expect(answer.html).toContain('La data finale viene prima di quella iniziale.')
})

it('what was due on a day and not paid is booked by type', async () => {
  const answer = await paolo.submit(await paolo.get(EXPORTS), '/scaduti', {
    scadenza: '2026-01-31',
    'tipo-scaduti': 'LUCE_VOTIVA',
  })
  expect(answer.status).toBe(303)
  await waitUntil(async () => {
    const { html } = await paolo.get(EXPORTS)
    return html.includes('Scaduti il 31/01/2026, LUCE_VOTIVA') && html.includes('EXP_SCADUTI_')
  })
})
