import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveEnte } from '../setup/administration.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, ELENA, newDues, PAOLO } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

let site: Site
let paolo: Visitor
let elena: Visitor

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  elena = await signInAs(site.db, site.visitor(), ELENA)
})
afterAll(() => site.close())

/** The page to which an answer redirects, and the same page opened once more. */
async function shown(visitor: Visitor, sent: Page): Promise<{ first: string; again: string }> {
  const path = sent.location!.slice(site.url.length)
  return { first: textOf(await visitor.get(path)), again: textOf(await visitor.get(path)) }
}

it('a cancelled due says so, once', async () => {
  const [dueId] = await newDues(site.db, [8_001])
  const path = `/operatore/${CODE}/dovuti/${dueId}`
  const asked = await paolo.submit(await paolo.get(path), '/conferma-annulla')
  const { first, again } = await shown(paolo, await paolo.submit(asked, '/annulla'))
  expect(first).toContain('Il dovuto è annullato.')
  expect(again).not.toContain('Il dovuto è annullato.')
})

it('a saved configuration says so', async () => {
  const path = `/admin/enti/${CODE}`
  const { first } = await shown(elena, await saveEnte(elena, path, { phone: '0422123456' }))
  expect(first).toContain('Le modifiche sono salvate.')
})

it('a booked export says what comes next', async () => {
  const path = `/operatore/${CODE}/esportazioni`
  const { first } = await shown(
    paolo,
    await paolo.submit(await paolo.get(path), path, {
      tracciato: '1_3',
      dal: '2026-01-01',
      al: '2026-01-31',
      tipo: '',
    }),
  )
  expect(first).toContain('quando è pronta arriva una e-mail')
})
