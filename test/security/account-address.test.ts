import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Citizen } from '../../api/middleware/session.ts'
import { askLink, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const CHIARA = { codiceFiscale: 'BNCCHR85H52M999M', anagrafica: 'Chiara Bianchi' }
const LUCA = { codiceFiscale: 'SPSLCU71S03M999T', anagrafica: 'Luca Esposito' }

let site: Site

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
})
afterAll(() => site.close())
beforeEach(() => site.db('citizen_account').update({ email: null }))

const signedIn = (citizen: Citizen): Promise<Visitor> => signInAs(site.db, site.visitor(), citizen)
const addressOf = async ({ codiceFiscale }: Citizen): Promise<string | null> =>
  (
    (await site.db('citizen_account').where({ codice_fiscale: codiceFiscale }).first('email')) as {
      email: string | null
    }
  ).email

describe('a link that somebody else asked for', () => {
  it.each<[string, (address: string) => Promise<string>]>([
    ['who had not signed in', (address) => askLink(site, site.visitor(), { 'e-mail': address })],
    ['another account', async (address) => askLink(site, await signedIn(LUCA), { 'e-mail': address })],
  ])('(%s) gives its address to no account, and the page says so before and after', async (who, asked) => {
    const address = `planted.${who.length}@example.org`
    const link = await asked(address)
    const chiara = await signedIn(CHIARA)
    const page = await chiara.get(link)
    expect(textOf(page)).toContain('non è stato chiesto dal tuo account')
    const done = await chiara.submit(page, link)
    expect(done.location).toBe(`${site.url}/carrello`)
    expect(textOf(await chiara.get('/carrello'))).toMatch(
      new RegExp(`mandato a ${address} e non è stato chiesto dal tuo account`),
    )
    expect(await addressOf(CHIARA)).toBeNull()
    expect(textOf(await chiara.get('/area/account'))).toContain('nessun indirizzo')
    // The next form does not offer that address either.
    expect((await chiara.get('/avviso')).html).not.toContain(address)
  })

  it('is paid by the signed-in citizen, with that citizen’s own address', async () => {
    const link = await askLink(site, site.visitor(), {
      'e-mail': 'other@example.org',
      'intestatario-nome': 'Altro',
    })
    const chiara = await signedIn({ ...CHIARA, email: 'chiara@example.org' })
    await chiara.submit(await chiara.get(link), link)
    expect(textOf(await chiara.get('/carrello'))).toMatch(/Chi paga Chiara Bianchi .*chiara@example\.org/)
  })
})

describe('a link that the account asked for', () => {
  it('gives the account the address, and pages say so before, and once after', async () => {
    const chiara = await signedIn(CHIARA)
    const link = await askLink(site, chiara, { 'e-mail': 'mine@example.org' })
    const page = await chiara.get(link)
    expect(textOf(page)).toContain('mine@example.org diventa l’indirizzo del tuo account')
    await chiara.submit(page, link)
    expect(textOf(await chiara.get('/carrello'))).toContain(
      'mine@example.org è ora l’indirizzo del tuo account',
    )
    expect(textOf(await chiara.get('/carrello'))).not.toContain('è ora l’indirizzo')
    expect(await addressOf(CHIARA)).toBe('mine@example.org')
  })

  it('says so also where it leads to a notice', async () => {
    const chiara = await signedIn(CHIARA)
    const link = await askLink(site, chiara, { 'e-mail': 'notice@example.org', azione: 'avviso' })
    const done = await chiara.submit(await chiara.get(link), link)
    expect(textOf(await chiara.get(done.location!))).toContain('notice@example.org è ora l’indirizzo')
  })

  it('does not change the account when it is opened without signing in', async () => {
    const link = await askLink(site, await signedIn(CHIARA), { 'e-mail': 'phone@example.org' })
    const phone = site.visitor()
    await phone.submit(await phone.get(link), link)
    expect(await addressOf(CHIARA)).toBeNull()
  })

  it('changes no address that is already there', async () => {
    const chiara = await signedIn(CHIARA)
    const link = await askLink(site, chiara, { 'e-mail': 'second@example.org' })
    await site
      .db('citizen_account')
      .where({ codice_fiscale: CHIARA.codiceFiscale })
      .update({ email: 'first@example.org' })
    await chiara.submit(await chiara.get(link), link)
    expect(await addressOf(CHIARA)).toBe('first@example.org')
    expect(textOf(await chiara.get('/carrello'))).not.toContain('è ora l’indirizzo')
  })
})

describe('an address that is replaced', () => {
  async function change(person: Citizen, address: string): Promise<void> {
    const visitor = await signedIn(person)
    await visitor.submit(await visitor.get('/area/account'), '/area/account/posta', {
      'nuova-posta': address,
    })
    const { secret } = (await site.db('email').where({ kind: 'code', address }).first('secret')) as {
      secret: string
    }
    const done = await visitor.submit(await visitor.get('/area/account'), '/area/account/codice', {
      codice: secret,
    })
    expect(textOf(await visitor.get(done.location!))).toContain('Indirizzo confermato')
  }
  const toldAt = (address: string): Promise<{ id: string; language: string }[]> =>
    site.db('email').where({ kind: 'address', address }).select('id', 'language')

  it('gets one mail, whose process is signalled at once', async () => {
    await change(
      { codiceFiscale: 'BNCCHR85H52M9901', anagrafica: 'Uno', email: 'before@example.org' },
      'after@example.org',
    )
    const mails = await toldAt('before@example.org')
    expect(mails).toHaveLength(1)
    expect(site.processes.told).toContain(`mail ${mails[0]!.id}`)
  })

  it('gets no mail when only its spelling changed or when there was none', async () => {
    const before = await site.db('email').where({ kind: 'address' })
    await change(
      { codiceFiscale: 'BNCCHR85H52M9902', anagrafica: 'Due', email: 'same@example.org' },
      'Same@example.org',
    )
    await change({ codiceFiscale: 'BNCCHR85H52M9903', anagrafica: 'Tre' }, 'first.of.three@example.org')
    expect(await site.db('email').where({ kind: 'address' })).toHaveLength(before.length)
  })
})
