import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { askAbout, payCartActivities, attemptIdsOf, US } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { buildRtFor } from '../setup/rt.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const CHIARA = 'BNCCHR85H52M999M'
const STEFANO = 'GLLSFN78D14M999X'

let site: Site
let instant: string | undefined

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000, clock: () => instant ?? new Date().toISOString() })
})
afterAll(() => site.close())
beforeEach(() => {
  instant = undefined
})

const iuvOf = (progressive: number, segregationCode = '22'): string => iuv17({ segregationCode, progressive })
const numberOf = (progressive: number, segregationCode?: string): string =>
  noticeNumber(iuvOf(progressive, segregationCode))

type Fields = Record<string, string>

async function search(fields: Fields, visitor = site.visitor()): Promise<Page> {
  return visitor.submit(await visitor.get('/avviso'), '/avviso', fields)
}

/** Searches a notice without an e-mail address and opens the result. */
async function look(fields: Fields, visitor = site.visitor()): Promise<Page> {
  const page = await search(fields, visitor)
  expect(page.location).toBe(`${site.url}/avviso/esito`)
  return visitor.get('/avviso/esito')
}

const byCode = (number: string, codice: string): Fields => ({
  'codice-avviso': number,
  'intestatario-codice': codice,
})

async function linkFor(address: string): Promise<string> {
  const row = (await site.db('email').where({ address }).orderBy('created_at', 'desc').first('secret')) as {
    secret: string
  }
  return `/conferma/${row.secret}`
}

async function cartAfter(link: string, visitor: Visitor): Promise<string> {
  await visitor.submit(await visitor.get(link), link)
  return textOf(await visitor.get('/carrello'))
}

describe('a notice', () => {
  it('is put in the cart by number and fiscal code, after the address is proved', async () => {
    const visitor = site.visitor()
    const spaced = numberOf(1).replace(/(\d{4})/g, '$1 ')
    const sent = await search({ ...byCode(spaced, 'bncchr85h52m999m'), 'e-mail': 'a1@example.org' }, visitor)
    expect(sent.location).toMatch(/mail-inviata$/)
    expect(await cartAfter(await linkFor('a1@example.org'), visitor)).toMatch(
      /Canone luce votiva - Capoluogo - lampada 12\/B.*Totale 18,50 €/,
    )
  })

  it('without an address is shown first, and paid from there', async () => {
    const visitor = site.visitor()
    const page = await look(byCode(numberOf(1), CHIARA), visitor)
    expect(textOf(page)).toMatch(/Da pagare.*Pieve Sant'Elmo.*Intestato a Chiara Bianchi.*18,50 €/)
    const wrong = await visitor.submit(page, '/avviso/paga', { posto: '0', 'e-mail': 'x@' })
    expect([wrong.status, textOf(wrong)]).toEqual([422, expect.stringContaining('nome@esempio.it')])
    const sent = await visitor.submit(page, '/avviso/paga', { posto: '0', 'e-mail': 'a2@example.org' })
    expect(sent.location).toMatch(/mail-inviata$/)
    expect(await cartAfter(await linkFor('a2@example.org'), visitor)).toContain('lampada 12/B')
  })

  it('whose amount the ente changed while the page was open says both amounts in the cart', async () => {
    const visitor = site.visitor()
    const page = await look(byCode(numberOf(1), CHIARA), visitor)
    const setTo = (cents: number): Promise<number> =>
      site
        .db('due')
        .where({ iuv: iuvOf(1) })
        .update({ importo_cents: cents })
    await setTo(1_950)
    await visitor.submit(page, '/avviso/paga', { posto: '0', 'e-mail': 'open@example.org' })
    expect(await cartAfter(await linkFor('open@example.org'), visitor)).toContain(
      'è cambiato: era 18,50 €, ora è 19,50 €',
    )
    await setTo(1_850)
  })

  it.each([
    ['the IUV', () => iuvOf(1)],
    ['the text of its QR', () => `PAGOPA|002|${numberOf(1)}|99999902028|1850`],
  ])('is found by %s', async (_, code) => {
    expect(textOf(await look(byCode(code(), CHIARA)))).toContain('Canone luce votiva')
  })

  it('whose QR names another ente is not found, nor one looked for at another ente', async () => {
    const qr = await search(byCode(`PAGOPA|002|${numberOf(1)}|99999903034|1850`, CHIARA))
    expect([qr.status, textOf(qr)]).toEqual([422, expect.stringContaining('non troviamo un avviso')])
    const elsewhere = await search({ ...byCode(numberOf(1), CHIARA), ente: 'C_X903' })
    expect(elsewhere.status).toBe(422)
    expect((await search({ ...byCode(numberOf(1), CHIARA), ente: 'C_X902' })).status).toBe(303)
  })

  it('whose QR is of an ente that is not here, or not the one chosen, is told so', async () => {
    const other = await search(byCode(`PAGOPA|002|${numberOf(1)}|80007580279|1850`, CHIARA))
    expect([other.status, textOf(other)]).toEqual([
      422,
      expect.stringContaining('l’ente di questo codice QR non usa questo portale'),
    ])
    expect(other.html).toContain('href="https://checkout.pagopa.it/"')
    const qr = `PAGOPA|002|${numberOf(1)}|99999902028|1850`
    const chosen = await search({ ...byCode(qr, CHIARA), ente: 'C_X903' })
    expect([chosen.status, textOf(chosen)]).toEqual([
      422,
      expect.stringContaining("questo codice QR è di Comune di Pieve Sant'Elmo. Scegli quell’ente"),
    ])
    expect((await search({ ...byCode(qr, CHIARA), ente: 'C_X902' })).status).toBe(303)
  })

  it('that is unknown and one of somebody else get the same answer from the same statements', async () => {
    const answers = []
    for (const number of [numberOf(99_999), numberOf(3)]) {
      const visitor = site.visitor()
      const form = await visitor.get('/avviso')
      const asked: string[] = []
      const listen = ({ sql }: { sql: string }): void => void asked.push(sql)
      site.db.on('query', listen)
      const page = await visitor.submit(form, '/avviso', byCode(number, CHIARA))
      site.db.off('query', listen)
      const text = textOf(page).replace(/3[0-9]{17}/g, '')
      answers.push({ status: page.status, text, size: page.html.length, asked })
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]!.text).toContain('non troviamo un avviso')
  })

  it('that is unknown and one of somebody else take the same time', async () => {
    const times: [number[], number[]] = [[], []]
    const visitor = site.visitor()
    const form = await visitor.get('/avviso')
    for (let round = 0; round < 60; round++)
      for (const [index, number] of [numberOf(99_999), numberOf(3)].entries()) {
        const start = performance.now()
        await visitor.submit(form, '/avviso', byCode(number, CHIARA))
        times[index]!.push(performance.now() - start)
      }
    const median = (list: number[]): number => list.toSorted((a, b) => a - b)[30]!
    const ratio = median(times[0]) / median(times[1])
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.4)
  })

  it.each([
    [byCode('avviso', CHIARA), 'il codice avviso ha 18 cifre, per esempio 301000000000000123'],
    [byCode('123', CHIARA), 'hai scritto 3 cifre, sull’avviso sono 18'],
    [byCode('201000000000000123', CHIARA), 'cominciano con 0 o con 3'],
    [byCode('', CHIARA), 'il codice avviso ha 18 cifre'],
    [byCode('301000000000000123', 'BNCCHR85H52M999X'), 'l’ultimo sarebbe M, e non X'],
    [byCode('301000000000000123', ''), 'se l’avviso non ne ha uno, scrivi il nome del destinatario'],
    [{ ...byCode('301000000000000123', CHIARA), 'intestatario-nome': 'Chiara' }, 'lascialo vuoto'],
    [{ ...byCode('301000000000000123', CHIARA), 'e-mail': 'chiara' }, 'nome@esempio.it'],
  ])('%j is refused with how to write it, and nothing is lost', async (fields: Fields, words) => {
    const page = await search(fields)
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining(words)])
    expect(page.html).toContain(`value="${fields['codice-avviso']}"`)
  })

  it('with wrong check digits, or with the code of the ente as payer, is refused with the reason', async () => {
    const wrong = `${numberOf(1).slice(0, 17)}${(Number(numberOf(1)[17]) + 1) % 10}`
    const mistyped = await search(byCode(wrong, CHIARA))
    expect([mistyped.status, textOf(mistyped)]).toEqual([
      422,
      expect.stringContaining('le ultime due non corrispondono alle altre'),
    ])
    const ente = await search(byCode(numberOf(1), '99999902028'))
    expect([ente.status, textOf(ente)]).toEqual([
      422,
      expect.stringContaining('questo è il codice dell’ente'),
    ])
  })

  it('without a fiscal code is found by the name on it', async () => {
    const nobody = { tipo: 'F', codice: 'ANONIMO', anagrafica: 'Müller  Hans' }
    await site
      .db('due')
      .where({ iuv: iuvOf(2, '33') })
      .update({ pagatore_codice: 'ANONIMO', pagatore: JSON.stringify(nobody) })
    const byName = (name: string): Fields => ({
      'codice-avviso': numberOf(2, '33'),
      'intestatario-nome': name,
    })
    for (const name of [' müller hans ', 'Hans MULLER', 'Mu\u0308ller Hans'])
      expect(textOf(await look(byName(name)))).toContain('Verbale amministrativo')
    expect((await search(byName('Mueller Hans'))).status).toBe(422)
    expect((await search(byCode(numberOf(2, '33'), CHIARA))).status).toBe(422)
  })
})

describe('whose notice can be seen', () => {
  const TOKEN = 'test-token-of-pieve'
  /** State of the ente, whether anybody finds the notice, whether a person with its test link does. */
  it.each([
    ['INSERITO', false, false],
    ['PRE-ESERCIZIO', false, true],
    ['ESERCIZIO', true, true],
  ])('ente %s: by anybody %s, with its test link %s', async (state, byAnybody, byTester) => {
    const ente = site.db('ente').where({ cod_ipa: 'C_X902' })
    try {
      await withoutMoves(() => ente.clone().update({ state, test_token: TOKEN }))
      const isFound = async (visitor: Visitor): Promise<boolean> =>
        (await search(byCode(numberOf(1), CHIARA), visitor)).status === 303
      expect(await isFound(site.visitor())).toBe(byAnybody)
      const tester = site.visitor()
      await tester.get(`/enti/C_X902?prova=${TOKEN}`)
      expect(await isFound(tester)).toBe(byTester)
    } finally {
      await withoutMoves(() => ente.clone().update({ state: 'ESERCIZIO' }))
    }
  })

  it.each([
    ['2020-01-01', true, 'Scaduto'],
    ['2020-01-01', false, 'Da pagare'],
    [null, true, 'Da pagare'],
    ['2099-12-31', true, 'Da pagare'],
  ])('due on %s, binding %s: %s', async (dueOn, isBinding, words) => {
    const due = site.db('due').where({ iuv: iuvOf(1) })
    const before = (await due.clone().first('due_on', 'ente_due_type_id')) as {
      due_on: string
      ente_due_type_id: string
    }
    const tipo = site.db('ente_due_type').where({ id: before.ente_due_type_id })
    await due.clone().update({ due_on: dueOn })
    await tipo.clone().update({ due_on_binding: isBinding })
    expect(textOf(await look(byCode(numberOf(1), CHIARA)))).toContain(words)
    await due.clone().update({ due_on: before.due_on })
    await tipo.clone().update({ due_on_binding: true })
  })
})

/** Switches the triggers off, because these tests set states that no ente could move to. */
async function withoutMoves(act: () => PromiseLike<unknown>): Promise<void> {
  await site.db.raw('alter table ente disable trigger user')
  await act()
  await site.db.raw('alter table ente enable trigger user')
}

describe('the state of a notice comes with what to do', () => {
  const set = (progressive: number, values: object): Promise<unknown> =>
    site
      .db('due')
      .where({ iuv: iuvOf(progressive) })
      .update(values)

  it('expired: the ente is asked', async () => {
    const page = await look(byCode(numberOf(2), 'DNGMTR49A41M999I'))
    expect(textOf(page)).toMatch(/Scaduto La scadenza è passata e l’ente non accetta più/)
    expect(page.html).not.toContain('name="posto"')
  })

  it('cancelled: nothing is owed', async () => {
    await set(5, { state: 'cancelled', cancelled_reason: 'ente' })
    expect(textOf(await look(byCode(numberOf(5), '09999900013')))).toContain('Annullato L’ente ha annullato')
  })

  it('of a type that is switched off: not now', async () => {
    const tipo = site.db('ente_due_type').where({ code: 'CONTRIBUTO_COSTRUZIONE' })
    await tipo.clone().update({ active: false })
    expect(textOf(await look(byCode(numberOf(6), '09999900013')))).toContain('Non pagabile adesso')
    await tipo.clone().update({ active: true })
  })

  it('being paid: since when and what happens next; then paid, with its receipt and no other', async () => {
    const visitor = site.visitor()
    const before = await look(byCode(numberOf(3), STEFANO), visitor)
    const { id } = (await site
      .db('due')
      .where({ iuv: iuvOf(3) })
      .first('id')) as { id: string }
    const cartId = await insertCart(site.db, {
      kind: 'citizen',
      versante: { tipo: 'F', codice: CHIARA, anagrafica: 'Chiara', email: 'c@example.org' },
    })
    await addCartItem(site.db, cartId, id)
    await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
    expect(textOf(await visitor.get('/avviso/esito'))).toMatch(
      /Pagamento in corso Qualcuno lo sta pagando dal \d\d\/\d\d\/\d{4} \d\d:\d\d\. Non pagarlo di nuovo/,
    )
    const late = await visitor.submit(before, '/avviso/paga', { posto: '0', 'e-mail': 'late@example.org' })
    expect(late.location).toBe(`${site.url}/avviso/esito`)
    for (const attemptId of await attemptIdsOf(site.db, cartId))
      await answerRt(site.db, US, (await buildRtFor(site.db, attemptId, { outcome: 0 })).envelope)
    await payCartActivities(site.db).settleCart(askAbout(cartId))
    const paid = await visitor.get('/avviso/esito')
    expect(textOf(paid)).toMatch(/Già pagato.*non pagarlo di nuovo.*Apri la ricevuta, 324,50 €/)
    const href = /href="(\/ricevute\/[^"]+)"/
      .exec(paid.html)![1]!
      .replaceAll('&#x3D;', '=')
      .replaceAll('&amp;', '&')
    const open = (path: string): Promise<number> =>
      fetch(new URL(path, site.url)).then(({ status }) => status)
    expect(await open(href)).toBe(200)
    expect(await open(href.replace(/\w(?=\.pdf)/, (sign) => (sign === '0' ? '1' : '0')))).toBe(403)
    instant = new Date(Date.now() + 3 * 3_600_000).toISOString()
    expect(await open(href)).toBe(403)
  })

  it('of several enti with the same number: the citizen chooses', async () => {
    await site
      .db('due')
      .where({ iuv: iuvOf(1, '33') })
      .update({ iuv: iuvOf(4), pagatore_codice: CHIARA })
    const visitor = site.visitor()
    const page = await look(byCode(iuvOf(4), CHIARA), visitor)
    expect(textOf(page)).toMatch(/scegli il tuo .*Pieve Sant'Elmo.*Rivalunga sul Brenta/)
    const sent = await visitor.submit(page, '/avviso/paga', { posto: '1', 'e-mail': 'two@example.org' })
    expect(sent.location).toMatch(/mail-inviata$/)
    expect(await cartAfter(await linkFor('two@example.org'), visitor)).toContain('Rivalunga')
  })
})

describe('what was found', () => {
  it('belongs to the session that searched, and is gone after two hours', async () => {
    const visitor = site.visitor()
    const page = await look(byCode(numberOf(1), CHIARA), visitor)
    const stranger = await site.visitor().get('/avviso/esito')
    expect([stranger.status, textOf(stranger)]).toEqual([
      422,
      expect.stringContaining('non è più disponibile'),
    ])
    const other = site.visitor()
    const theirs = await other.get('/avviso')
    const taken = await other.submit(
      {
        ...page,
        html: page.html.replace(
          /name="_csrf" value="[^"]+"/,
          /name="_csrf" value="[^"]+"/.exec(theirs.html)![0],
        ),
      },
      '/avviso/paga',
      { posto: '0', 'e-mail': 'thief@example.org' },
    )
    expect(taken.status).toBe(422)
    for (const posto of ['7', '-1', 'x', '__proto__', ''])
      expect((await visitor.submit(page, '/avviso/paga', { posto, 'e-mail': 'a@example.org' })).status).toBe(
        422,
      )
    instant = new Date(Date.now() + 2 * 3_600_000 + 1000).toISOString()
    expect((await visitor.get('/avviso/esito')).status).toBe(422)
  })
})

describe('asking too often', () => {
  it('for one number, or from one address, is refused with how long to wait', async () => {
    const strict = await startSite()
    const visitor = strict.visitor()
    const form = await visitor.get('/avviso')
    const statuses: number[] = []
    let last: Page | undefined
    for (let n = 0; n < 11; n++) {
      last = await visitor.submit(form, '/avviso', byCode(numberOf(1), STEFANO))
      statuses.push(last.status)
    }
    expect(statuses.slice(0, 10).every((status) => status === 422)).toBe(true)
    expect([last!.status, textOf(last!)]).toEqual([
      429,
      expect.stringContaining('Puoi cercarlo di nuovo fra 15 minuti'),
    ])
    for (let n = 0; n < 25; n++)
      last = await visitor.submit(form, '/avviso', byCode(numberOf(100 + n), STEFANO))
    expect(last!.status).toBe(429)
    await strict.close()
  })
})
