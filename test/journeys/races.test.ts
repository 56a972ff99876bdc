import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { askAbout, payCartActivities } from '../setup/begun.ts'
import { FORM, RIGHTS, startSite, withCart, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const VERSANTE = {
  tipo: 'F',
  codice: CHIARA.codiceFiscale,
  anagrafica: CHIARA.anagrafica,
  email: CHIARA.email,
} as const

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())
/** Whoever won the race, no money is lost or doubled and no due is held twice. */
afterEach(async () => {
  const findings = await checkMoney({ db: site.db })
  expect(findings.flatMap(({ violations }) => violations)).toEqual([])
})

const together = <T>(count: number, ask: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => ask(index)))

/** A notice that Chiara prepared, with the page on which she can take it back. */
async function prepared(nota: string): Promise<{ visitor: Visitor; page: Page; dueId: string }> {
  const visitor = await signInAs(site.db, site.visitor(), CHIARA)
  await visitor.submit(await visitor.get(FORM), FORM, {
    ...RIGHTS,
    nota,
    'intestatario-nome': CHIARA.anagrafica,
    'intestatario-codice': CHIARA.codiceFiscale,
    azione: 'avviso',
  })
  const { id } = (await site.db('due').orderBy('created_at', 'desc').first('id')) as { id: string }
  return { visitor, page: await visitor.get('/avviso/esito'), dueId: id }
}

it.each([1, 2, 3, 4])(
  'a notice taken back while it is being paid is one of the two, never both: %i',
  async (round) => {
    const { visitor, page, dueId } = await prepared(`gara ${round}`)
    const cartId = await insertCart(site.db, { kind: 'citizen', versante: VERSANTE })
    await addCartItem(site.db, cartId, dueId)
    const [begun] = await Promise.all([
      payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true }),
      together(10, () => visitor.submit(page, '/avviso/annulla', { posto: '0' })),
    ])
    const due = (await site.db('due').where({ id: dueId }).first('state')) as { state: string }
    const live = await site.db('cart_item').where({ due_id: dueId, live: true })
    expect([begun.kind, due.state, live.length]).toEqual(
      begun.kind === 'begun' ? ['begun', 'paying', 1] : ['declined', 'cancelled', 0],
    )
  },
)

it('one position put in the cart twenty times at once is there once', async () => {
  const visitor = await signInAs(site.db, site.visitor(), CHIARA)
  const first = await visitor.get('/area/posizioni')
  const [one, two] = [...first.html.matchAll(/name="dovuti" value="([^"]+)"/g)].map((match) => match[1]!)
  // The session gets its cart first, because otherwise parallel requests could make several carts.
  await visitor.submit(first, '/area/posizioni/carrello', [['dovuti', one!]])
  const answers = await together(20, () =>
    visitor.submit(first, '/area/posizioni/carrello', [['dovuti', two!]]),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 303))
  const items = (await site.db('cart_item').whereIn('due_id', [one!, two!]).pluck('due_id')) as string[]
  expect(items.toSorted()).toEqual([one!, two!].toSorted())
})

it('the same line removed twenty times at once leaves the others, in order', async () => {
  const visitor = await withCart(site, { nota: 'togli 1', 'e-mail': 'togli@example.org' })
  for (const nota of ['togli 2', 'togli 3'])
    await visitor.submit(await visitor.get(FORM), FORM, {
      ...RIGHTS,
      nota,
      'intestatario-nome': 'Chiara Bianchi',
      'intestatario-codice': CHIARA.codiceFiscale,
      'e-mail': 'togli@example.org',
    })
  const cart = await visitor.get('/carrello')
  const [path] = [...cart.html.matchAll(/action="([^"]+\/rimuovi)"/g)].map((match) => match[1]!)
  const answers = await together(20, () => visitor.submit(cart, path!))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]))
  const left = [...(await visitor.get('/carrello')).html.matchAll(/togli (\d)/g)].map((match) => match[1])
  expect(new Set(left)).toEqual(new Set(['2', '3']))
})

it('the payer is changed twenty times at once: the cart has all values of one of them', async () => {
  const visitor = await withCart(site, { nota: 'versante', 'e-mail': 'gara@example.org' })
  const page = await visitor.get('/carrello/versante')
  await together(20, (index) =>
    visitor.submit(page, '/carrello/versante', {
      'intestatario-nome': `Persona ${index}`,
      'intestatario-codice': index % 2 === 0 ? 'GLLSFN78D14M999X' : 'ZNNFRC88T49M999S',
      'e-mail': 'gara@example.org',
    }),
  )
  const row = (await site
    .db('cart')
    .whereRaw(`versante ->> 'email' = 'gara@example.org' and state = 'open'`)
    .select('versante')) as { versante: { anagrafica: string; codice: string } }[]
  expect(row).toHaveLength(1)
  const { anagrafica, codice } = row[0]!.versante
  const isEven = Number(anagrafica.replace('Persona ', '')) % 2 === 0
  expect(codice).toBe(isEven ? 'GLLSFN78D14M999X' : 'ZNNFRC88T49M999S')
})
