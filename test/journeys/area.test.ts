import JSZip from 'jszip'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askCode } from '../../db/citizen/account-code.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import type { Citizen } from '../../api/middleware/session.ts'
import { euro } from '../../templates/format.ts'
import { FORM, RIGHTS, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const LUCA = { codiceFiscale: 'SPSLCU71S03M999T', anagrafica: 'Luca Esposito', email: undefined }

let site: Site

beforeAll(async () => {
  site = await startSite()
  await loadDues(130)
})
afterAll(() => site.close())

const signedIn = (citizen: Citizen): Promise<Visitor> => signInAs(site.db, site.visitor(), citizen)

/** Inserts notices of Chiara. Every third has no due date; the others have rising dates, of which some are equal. */
async function loadDues(count: number): Promise<void> {
  await site.db.raw(
    `with made as (
       insert into due (ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore, due_on)
       select e.id, t.id, 'M-' || n, '2299' || lpad(n::text, 13, '0'), 1000 + n, 'Mensa ' || n, ?, ?::jsonb,
         case when n % 3 = 0 then null else (now() at time zone 'Europe/Rome')::date + n / 2 end
       from generate_series(1, ?) n, ente e join ente_due_type t on t.ente_id = e.id
       where e.cod_ipa = 'C_X902' and t.code = 'MENSA_SCOLASTICA' returning id, importo_cents, causale)
     insert into due_share (due_id, position, domain, ente_name, iban, importo_cents, dati_specifici_riscossione, causale)
     select id, 1, '99999902028', 'Comune', 'IT12Z9999961020000000020201', importo_cents, '9/0107101TS/', causale from made`,
    [
      CHIARA.codiceFiscale,
      JSON.stringify({ tipo: 'F', codice: CHIARA.codiceFiscale, anagrafica: 'Chiara' }),
      count,
    ],
  )
}

const idsOf = (page: Page): string[] =>
  [...page.html.matchAll(/name="dovuti" value="([^"]+)"/g)].map((match) => match[1]!)
const hiddenOf = (page: Page, name: string): string =>
  new RegExp(`name="${name}" value="([^"]+)"`).exec(page.html)![1]!
const nextOf = (page: Page): string | undefined =>
  /href="([^"]+)" rel="next"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')

describe('open positions', () => {
  it('come by descending due date, without a date last, each once over all pages', async () => {
    const visitor = await signedIn(CHIARA)
    const ids: string[] = []
    for (let path: string | undefined = '/area/posizioni'; path !== undefined;) {
      const page: Page = await visitor.get(path)
      expect(idsOf(page).length).toBeLessThanOrEqual(25)
      ids.push(...idsOf(page))
      path = nextOf(page)
    }
    const rows = (await site
      .db('due')
      .where({ pagatore_codice: CHIARA.codiceFiscale, state: 'payable' })
      .select('id', 'due_on')) as { id: string; due_on: string | null }[]
    const wanted = rows.toSorted(
      (a, b) => (b.due_on ?? '').localeCompare(a.due_on ?? '') || a.id.localeCompare(b.id),
    )
    expect(ids).toEqual(wanted.map(({ id }) => id))
  })

  it.each([25, 50, 100])('%i rows cost as many statements as any other page', async (size) => {
    const visitor = await signedIn(CHIARA)
    await visitor.get('/area/posizioni')
    const asked: string[] = []
    const listen = ({ sql }: { sql: string }): void => void asked.push(sql)
    site.db.on('query', listen)
    const page = await visitor.get(`/area/posizioni?righe=${size}`)
    site.db.off('query', listen)
    expect(idsOf(page)).toHaveLength(size)
    expect(asked).toHaveLength(2)
  })

  it('are only those of the signed-in citizen', async () => {
    const visitor = await signedIn(LUCA)
    expect(idsOf(await visitor.get('/area/posizioni'))).toEqual([])
  })

  it('filters by ente, type, days and words, and says when nothing is left', async () => {
    const visitor = await signedIn(CHIARA)
    const count = async (query: string): Promise<number> =>
      idsOf(await visitor.get(`/area/posizioni?righe=100&${query}`)).length
    const today = romeDay(new Date().toISOString())
    expect(await count('causale=Mensa+12')).toBe(11)
    expect(await count('causale=100%25')).toBe(0)
    expect(await count(`dal=${addDays(today, 5)}&al=${addDays(today, 6)}&tipo=MENSA_SCOLASTICA`)).toBe(3)
    expect(await count('ente=C_X903')).toBe(0)
    expect(textOf(await visitor.get('/area/posizioni?ente=C_X903'))).toContain(
      'Non risultano posizioni da pagare',
    )
    // A filter that cannot be read looks for nothing; a place that cannot be read is the beginning.
    expect(await count('dal=ieri')).toBe(0)
    expect(idsOf(await visitor.get('/area/posizioni?dopo=x'))).toHaveLength(25)
  })

  it('two chosen go to the cart with nothing to prove, and who signed in is the one who pays', async () => {
    const visitor = await signedIn(CHIARA)
    const page = await visitor.get('/area/posizioni')
    const [one, two] = idsOf(page)
    const done = await visitor.submit(page, '/area/posizioni/carrello', [
      ['dovuti', one!],
      ['dovuti', two!],
    ])
    expect(done.location).toBe(`${site.url}/carrello`)
    const cart = textOf(await visitor.get('/carrello'))
    expect(cart).toMatch(/Mensa \d+.*Mensa \d+.*chiara@example\.org/)
    expect(await site.db('email').where({ address: CHIARA.email })).toEqual([])
  })

  it('the notices of those chosen come as one zip, another person’s never', async () => {
    const visitor = await signedIn(CHIARA)
    const page = await visitor.get('/area/posizioni')
    const other = (await site
      .db('due')
      .whereNot({ pagatore_codice: CHIARA.codiceFiscale })
      .whereNotNull('iuv')
      .first('id')) as { id: string }
    const ask = (ids: string[]): Promise<Response> => {
      const chosen = ids.map((id): [string, string] => ['dovuti', id])
      return fetch(`${site.url}/area/posizioni/avvisi`, {
        method: 'POST',
        headers: { cookie: visitor.cookie(), 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([['_csrf', hiddenOf(page, '_csrf')], ...chosen]).toString(),
      })
    }
    const answer = await ask([...idsOf(page).slice(0, 3), other.id])
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip'])
    const { files } = await JSZip.loadAsync(await answer.arrayBuffer())
    const iuvs = (await site.db('due').whereIn('id', idsOf(page).slice(0, 3)).pluck('iuv')) as string[]
    expect(Object.keys(files).sort()).toEqual(iuvs.map((iuv) => `MYPAY_AVVISO_99999902028_${iuv}.pdf`).sort())
    for (const file of Object.values(files)) expect(await file.async('string')).toMatch(/^%PDF-1\.7/)
    const none = await ask([other.id])
    expect([none.status, await none.text()]).toEqual([
      409,
      expect.stringContaining('nessun avviso da scaricare'),
    ])
  })

  it('one whose amount the ente changed while the page was open says both amounts in the cart', async () => {
    const visitor = await signedIn(CHIARA)
    const page = await visitor.get('/area/posizioni')
    const [one, two] = idsOf(page)
    const { cents } = (await site.db('due').where({ id: one }).first('importo_cents as cents')) as {
      cents: number
    }
    await site
      .db('due')
      .where({ id: one })
      .update({ importo_cents: cents + 100 })
    await visitor.submit(page, '/area/posizioni/carrello', [
      ['dovuti', one!],
      ['dovuti', two!],
    ])
    const cart = textOf(await visitor.get('/carrello'))
    expect(cart.split('è cambiato: era')).toHaveLength(2)
    expect(cart).toContain(`era ${euro(cents)}, ora è ${euro(cents + 100)}`)
    await site.db('due').where({ id: one }).update({ importo_cents: cents })
  })

  it('six do not fit, none is asked again, and another person’s due is as one that is not there', async () => {
    const visitor = await signedIn(CHIARA)
    const page = await visitor.get('/area/posizioni')
    const choose = (ids: string[]): Promise<Page> =>
      visitor.submit(
        page,
        '/area/posizioni/carrello',
        ids.map((id) => ['dovuti', id] as [string, string]),
      )
    const six = await choose(idsOf(page).slice(0, 6))
    expect([six.status, textOf(six)]).toEqual([409, expect.stringMatching(/al massimo 5 voci/)])
    const none = await choose([])
    expect([none.status, textOf(none)]).toEqual([409, expect.stringMatching(/Scegli almeno una posizione/)])
    const other = (await site.db('due').whereNot({ pagatore_codice: CHIARA.codiceFiscale }).first('id')) as {
      id: string
    }
    expect((await choose([other.id])).status).toBe(409)
    expect(textOf(await visitor.get('/carrello'))).toContain('Il carrello è vuoto')
  })

  it('without an address the account page asks for one first', async () => {
    const visitor = await signedIn({ ...CHIARA, email: undefined })
    const page = await visitor.get('/area/posizioni')
    const done = await visitor.submit(page, '/area/posizioni/carrello', [['dovuti', idsOf(page)[0]!]])
    expect(done.location).toBe(`${site.url}/area/account?serve=posta`)
    expect(textOf(await visitor.get(done.location!))).toContain('Per pagare serve un indirizzo e-mail')
  })
})

describe('paying as a signed-in citizen', () => {
  it('a spontaneous due asks for no address and sends no link', async () => {
    const visitor = await signedIn(CHIARA)
    const form = await visitor.get(FORM)
    expect(form.html).not.toContain('name="e-mail"')
    const sent = await visitor.submit(form, FORM, {
      ...RIGHTS,
      'intestatario-nome': 'Stefano Galli',
      'intestatario-codice': 'GLLSFN78D14M999X',
    })
    expect(sent.location).toBe(`${site.url}/carrello`)
    expect(textOf(await visitor.get('/carrello'))).toMatch(/intestato a Stefano Galli.*chiara@example\.org/)
    expect(await site.db('email').where({ kind: 'link' })).toEqual([])
  })

  it('a notice asks for no address and sends no link', async () => {
    const visitor = await signedIn(CHIARA)
    const page = await visitor.get('/avviso')
    expect(page.html).toContain(`value="${CHIARA.codiceFiscale}"`)
    const { iuv } = (await site
      .db('due')
      .where({ pagatore_codice: CHIARA.codiceFiscale, state: 'payable' })
      .whereNotNull('iuv')
      .first('iuv')) as { iuv: string }
    const sent = await visitor.submit(page, '/avviso', {
      'codice-avviso': iuv,
      'intestatario-codice': CHIARA.codiceFiscale,
    })
    expect(sent.location).toBe(`${site.url}/carrello`)
    expect(await site.db('email').where({ kind: 'link' })).toEqual([])
  })

  it('an address that was not proved still needs its link', async () => {
    const visitor = await signedIn({ ...LUCA })
    const sent = await visitor.submit(await visitor.get(FORM), FORM, {
      ...RIGHTS,
      'intestatario-nome': 'Luca Esposito',
      'intestatario-codice': LUCA.codiceFiscale,
      'e-mail': 'luca@example.org',
    })
    expect(sent.location).toBe(`${site.url}/mail-inviata`)
    const { secret } = (await site.db('email').where({ address: 'luca@example.org' }).first('secret')) as {
      secret: string
    }
    await visitor.submit(await visitor.get(`/conferma/${secret}`), `/conferma/${secret}`)
    expect(textOf(await visitor.get('/area/account'))).toContain('E-mail luca@example.org')
  })
})

describe('the address of the account', () => {
  const ask = async (visitor: Visitor, address: string): Promise<Page> =>
    visitor.submit(await visitor.get('/area/account'), '/area/account/posta', { 'nuova-posta': address })
  const type = async (visitor: Visitor, codice: string): Promise<Page> =>
    visitor.submit(await visitor.get('/area/account'), '/area/account/codice', { codice })
  const codeFor = async (address: string): Promise<string> =>
    (
      (await site
        .db('email')
        .where({ address, kind: 'code' })
        .orderBy('created_at', 'desc')
        .first('secret')) as {
        secret: string
      }
    ).secret
  const aPerson = (letter: string): Citizen => ({
    codiceFiscale: `BNCCHR85H52M99${letter}`,
    anagrafica: 'Prova',
    email: 'old@example.org',
  })

  it('changes only when the six digits of the mail are typed', async () => {
    const visitor = await signedIn(aPerson('01'))
    expect((await ask(visitor, 'new@example.org')).location).toBe(`${site.url}/area/account`)
    expect(textOf(await visitor.get('/area/account'))).toMatch(/E-mail old@example\.org/)
    const code = await codeFor('new@example.org')
    expect(code).toMatch(/^\d{6}$/)
    const done = await visitor.get((await type(visitor, ` ${code.slice(0, 3)} ${code.slice(3)} `)).location!)
    expect(textOf(done)).toMatch(/Indirizzo confermato.*E-mail new@example\.org/)
    expect(textOf(await type(visitor, code).catch(() => visitor.get('/area/account')))).not.toContain(
      'Tentativi',
    )
  })

  it('the sixth wrong code is one too many, even when it is right', async () => {
    const visitor = await signedIn(aPerson('02'))
    await ask(visitor, 'six@example.org')
    const right = await codeFor('six@example.org')
    const wrong = right === '000000' ? '000001' : '000000'
    const page = await visitor.get('/area/account')
    const answers: string[] = []
    for (let n = 0; n < 5; n++)
      answers.push(textOf(await visitor.submit(page, '/area/account/codice', { codice: wrong })))
    expect(answers[0]).toContain('Tentativi rimasti: 4')
    expect(answers[4]).toContain('troppi tentativi sbagliati')
    expect(textOf(await visitor.submit(page, '/area/account/codice', { codice: right }))).toContain(
      'troppi tentativi',
    )
    expect(textOf(await visitor.get('/area/account'))).toContain('old@example.org')
  })

  it('twenty wrong codes at once count five tries', async () => {
    const visitor = await signedIn(aPerson('03'))
    await ask(visitor, 'race@example.org')
    const page = await visitor.get('/area/account')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => visitor.submit(page, '/area/account/codice', { codice: 'abcdef' })),
    )
    expect(answers.filter((answer) => textOf(answer).includes('Tentativi rimasti'))).toHaveLength(4)
    const row = (await site.db('account_code').where({ address: 'race@example.org' }).first('tries')) as {
      tries: number
    }
    expect(row.tries).toBe(5)
  })

  it('another code before 15 minutes is refused with the time, and after a day the code is worth nothing', async () => {
    const person = aPerson('04')
    const visitor = await signedIn(person)
    await ask(visitor, 'late@example.org')
    const again = await ask(visitor, 'other@example.org')
    expect([again.status, textOf(again)]).toEqual([
      422,
      expect.stringMatching(/Puoi chiederne un altro dal \d\d\//),
    ])
    const code = await codeFor('late@example.org')
    const page = await visitor.get('/area/account')
    await site
      .db('account_code')
      .where({ address: 'late@example.org' })
      .update({
        created_at: site.db.raw(`now() - interval '25 hours'`),
        expires_at: site.db.raw(`now() - interval '1 hour'`),
      })
    expect(textOf(await visitor.submit(page, '/area/account/codice', { codice: code }))).toContain(
      'scaduto dopo 24 ore',
    )
    const asked = await askCode(site.db, {
      ...person,
      address: 'x@example.org',
      language: 'it',
      mailHost: 'mypay.example',
      mayWrite: true,
    })
    expect(asked.kind).toBe('sent')
  })

  it('keeps neither the digits nor an unsalted hash of them', async () => {
    const visitor = await signedIn(aPerson('05'))
    await ask(visitor, 'hash@example.org')
    const [one] = (await site.db('account_code').where({ address: 'hash@example.org' })) as { salt: Buffer }[]
    expect(one!.salt).toHaveLength(16)
    expect(JSON.stringify(one)).not.toContain(await codeFor('hash@example.org'))
    expect(site.logged.join('')).not.toMatch(/hash@example\.org/)
  })
})
