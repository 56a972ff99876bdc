import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayUseDueType } from '../../db/ente/due-type-access.ts'
import { groupNoticeNumber, iuv17 } from '../../domain/iuv.ts'
import { personHash } from '../../api/access/person-hash.ts'
import { aBegunPayment } from '../setup/begun.ts'
import { KEYS } from '../setup/keys.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'
const IUV = iuv17({ segregationCode: '22', sil: '09', progressive: 20 })
const CODICE = 'MRONNA90B68M999G'

let site: Site
let paolo: Visitor
let sara: Visitor
/** A payable due with a payer, a causale and an amount of its own; one beside it that no search may find; one that is paid. */
let one: string
let other: string
let paid: string
/** The due without an IUV that a citizen paid, and the number of its attempt. */
let spontaneous: string
let rf: string

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
  const pagatore = { tipo: 'F', codice: CODICE, anagrafica: "Anna Lucìa D'Amico Moro" }
  const values = () => ({
    causale: 'Passo zoppo, rata 50%',
    pagatore_codice: CODICE,
    pagatore: JSON.stringify(pagatore),
    due_on: '2099-06-15',
    importo_cents: 765_432,
  })
  one = (await newDues(site.db, [20], { code: 'COSAP_TOSAP', values }))[0]!
  other = (await newDues(site.db, [21], { values: () => ({ due_on: '2098-01-01' }) }))[0]!
  paid = (await newDues(site.db, [22], { code: 'COSAP_TOSAP', values }))[0]!
  await site.db('due').where({ id: paid }).update({ state: 'paid' })
  const bare = () => ({ iuv: null, spontaneous: true, iud: 'SPONTANEO-23' })
  spontaneous = (await newDues(site.db, [23], { values: bare }))[0]!
  const { attemptIds } = await aBegunPayment(site.db, [spontaneous])
  rf = ((await site.db('attempt').first('iuv').where({ id: attemptIds[0] })) as { iuv: string }).iuv
})
afterAll(() => site.close())

const search = (ask: Record<string, string>, visitor = paolo): Promise<Page> =>
  visitor.get(`${DUES}?${new URLSearchParams(ask).toString()}`)

/** A type of due that Paolo may not use. */
async function hiddenType(): Promise<string> {
  const { rows } = await site.db.raw<{ rows: { code: string }[] }>(
    `select t.code from ente_due_type t join ente e on e.id = t.ente_id where e.cod_ipa = 'C_X902'
     and not ${mayUseDueType('(select id from operator where codice_fiscale = ?)', 't.id')} limit 1`,
    [PAOLO.codiceFiscale],
  )
  return rows[0]!.code
}

const idsIn = (page: Page): string[] =>
  [...page.html.matchAll(/<tr>.*?<td data-label="Causale"><a href="[^"]*\/([0-9a-f-]{36})"/g)].map(
    ([, id]) => id!,
  )

const linkIn = (page: Page, rel: 'prev' | 'next'): string | undefined => {
  const href = new RegExp(`href="([^"]*)" rel="${rel}"`).exec(page.html)?.[1]
  return href === undefined ? undefined : unescaped(href)
}

/** The searches that a page without a result proposes. */
const tipsIn = (page: Page): [href: string, text: string][] =>
  [...page.html.matchAll(/<li><a href="([^"]*)">((?:Senza|La stessa)[^<]*)</g)].map(([, href, text]) => [
    unescaped(href!),
    unescaped(text!),
  ])

describe('the box finds a due by a code in both tabs at once, and says in which tab it is', () => {
  it.each([
    ['notice number', `3${IUV}`],
    ['notice number in groups', groupNoticeNumber(`3${IUV}`)],
    ['IUV', IUV],
    ['IUD', 'NUOVO-20'],
  ])('%s', async (_, q) => {
    const page = await search({ q, vista: 'archivio' })
    expect(idsIn(page)).toEqual([one])
    expect(textOf(page)).toContain('in Da riscuotere')
    expect(page.html).not.toContain('aria-current="true"')
  })

  it('fiscal code, however it is typed', async () => {
    for (const q of [CODICE, 'mro nna 90b68 m999g']) {
      const page = await search({ q })
      expect(new Set(idsIn(page))).toEqual(new Set([one, paid]))
      expect(textOf(page)).toContain('in Archivio')
    }
  })

  it('the number of a receipt of a due that has no number of its own', async () => {
    expect(rf).toMatch(/^RF/)
    expect(idsIn(await search({ q: rf.toLowerCase() }, sara))).toEqual([spontaneous])
    expect(idsIn(await search({ iuv: rf }, sara))).toEqual([spontaneous])
  })

  it('IUD of a due that was cancelled', async () => {
    const [gone] = await newDues(site.db, [24])
    await site.db('due').where({ id: gone }).update({ state: 'cancelled', cancelled_reason: 'operator' })
    expect(idsIn(await search({ q: 'NUOVO-24' }))).toEqual([gone])
  })

  it('but not a part of a code, nor a code of a type that the operator may not use', async () => {
    expect(idsIn(await search({ q: IUV.slice(0, -1) }))).toEqual([])
    const [hidden] = await newDues(site.db, [25], { code: await hiddenType() })
    const isFound = async (visitor: Visitor) =>
      idsIn(await search({ q: 'NUOVO-25' }, visitor)).includes(hidden!)
    expect([await isFound(paolo), await isFound(sara)]).toEqual([false, true])
  })
})

describe('the box finds a due of the shown tab by', () => {
  it.each([
    ['words of the name, in any order', 'moro anna'],
    ['the beginning of a word', 'mor'],
    ['a name without its accents and apostrophes', 'LUCIA damico'],
    ['a name with an accent of another kind', 'lucia’ moro'],
    ['a word of the causale', 'ZOPPO'],
    ['a word of the name and one of the causale', 'zoppo anna'],
    ['an amount', '7.654,32'],
    ['an amount with its sign', '7654,32 €'],
    ['an amount with a point', '7654.32'],
    ['a name and an amount', 'moro 7654,32'],
    ['an amount and words of the causale and of the name', '7.654,32 euro zoppo anna'],
    ['a fiscal code and a word', `${CODICE} rata`],
    ['a code of the causale and a word', 'rata 50%'],
  ])('%s', async (_, q) => {
    expect(idsIn(await search({ q }))).toEqual([one])
    expect(idsIn(await search({ q, vista: 'archivio' }))).toEqual([paid])
  })

  it('a day: of the due date in one tab, of the last change in the other; and words with it', async () => {
    expect(idsIn(await search({ q: 'anna 15/06/2099' }))).toEqual([one])
    expect(idsIn(await search({ q: 'anna 16/06/2099' }))).toEqual([])
    expect(idsIn(await search({ q: 'anna 7654,32 oggi', vista: 'archivio' }))).toEqual([paid])
    expect(idsIn(await search({ q: 'anna ieri', vista: 'archivio' }))).toEqual([])
  })

  it('a code of a due together with words of it', async () => {
    expect(idsIn(await search({ q: `anna ${IUV}` }))).toEqual([one])
    expect(idsIn(await search({ q: `luce ${IUV}` }))).toEqual([])
  })

  it('words, a spontaneous due without a notice that somebody tried to pay; the page says what it is', async () => {
    const bare = (causale: string) => () => ({ iuv: null, spontaneous: true, causale })
    const [tried] = await newDues(site.db, [29], { values: bare('Tentato senza avviso') })
    await newDues(site.db, [30], { values: bare('Tentato mai') })
    await aBegunPayment(site.db, [tried!])
    await site.db('due').where({ id: tried }).update({ state: 'payable' })
    const page = await search({ q: 'tentato' })
    expect(idsIn(page)).toEqual([tried])
    expect(textOf(page)).toContain('ha provato a pagarlo e non è riuscito')
    expect(idsIn(await search({ dal: '2000-01-01' }))).not.toContain(tried)
  })

  it.each([
    ['a name and an amount of another due', 'moro 7654,33'],
    ['the end of a word', 'oro'],
    ['two letters that begin a word', 'mo'],
    ['a word that another due has', 'anna luce'],
    ['signs without a word', '%%'],
    ['an amount that is a cent more', '7.654,33'],
    ['a sign of queries', "anna' | 'c:luce"],
  ])('and not by %s', async (_, q) => {
    const page = await search({ q })
    expect([page.status, idsIn(page)]).toEqual([200, []])
  })

  it('a whole number is an amount or a word', async () => {
    const [amount] = await newDues(site.db, [26], { values: () => ({ importo_cents: 432_100 }) })
    const [word] = await newDues(site.db, [27], { values: () => ({ causale: 'Pratica 4321' }) })
    expect(new Set(idsIn(await search({ q: '4321' })))).toEqual(new Set([amount, word]))
  })
})

it('a search for a person is in the register of accesses, by name and by code; a search for another code is not', async () => {
  const searches = async (q: string): Promise<string[]> => {
    const last = (await site.db('event').max('id as id').first()) as { id: number }
    await search({ q })
    const rows = await site.db('event').where('id', '>', last.id).where({ kind: 'accessed' }).select('data')
    return (rows as { data: { person: string } }[]).map(({ data }) => data.person)
  }
  expect(await searches('moro anna')).toEqual([personHash({ keys: KEYS }, 'moro anna')])
  expect(await searches('mronna90b68 m999g')).toEqual([personHash({ keys: KEYS }, CODICE)])
  expect(await searches(IUV)).toEqual([])
  expect(await searches('7.654,32')).toEqual([])
})

describe('a search that finds nothing says what was searched, and what else can be tried', () => {
  it.each([
    [
      { q: 'zoppo sconosciuto' },
      'Nessun dovuto in Da riscuotere ha insieme tutto quello che hai scritto: «zoppo» (parola), «sconosciuto» (parola).',
      ['Senza «sconosciuto», in Da riscuotere: 1', 'Senza «sconosciuto», in Archivio: 1'],
    ],
    [
      { q: 'moro 7654.33 15/06/2099' },
      '«moro» (parola), «7654.33» (importo), «15/06/2099» (giorno 15/06/2099).',
      ['Senza «7654.33», in Da riscuotere: 1'],
    ],
    [{ q: 'sconosciuto', vista: 'archivio' }, 'Nessun dovuto corrisponde a «sconosciuto».', []],
    [{ q: 'sconosciuto 99,99' }, 'Anche togliendo una sola parte non si trova nulla', []],
    [{ dal: '2999-01-01', vista: 'archivio' }, 'Nessun dovuto in Archivio', []],
    [
      { dal: '2099-06-15', al: '2099-06-15', vista: 'archivio' },
      'Nessun dovuto in Archivio',
      ['La stessa ricerca in Da riscuotere: 1'],
    ],
    [{ q: IUV, dal: '2999-01-01' }, 'nessun dovuto con quel codice corrisponde anche agli altri filtri', []],
  ])('%j', async (ask, words, links) => {
    const page = await search(ask as never)
    expect(textOf(page)).toContain(words)
    expect(tipsIn(page).map(([, text]) => text)).toEqual(links)
  })

  it('each of them leads to what it counts', async () => {
    for (const [href, text] of tipsIn(await search({ q: 'zoppo sconosciuto' })))
      expect(idsIn(await paolo.get(href))).toEqual([text.includes('Archivio') ? paid : one])
  })

  it('and counts only what the operator may see', async () => {
    const values = () => ({ causale: 'Nascosto alla vista', importo_cents: 4141 })
    await newDues(site.db, [28], { code: await hiddenType(), values })
    expect(tipsIn(await search({ q: 'nascosto 41,42' }))).toEqual([])
    expect(tipsIn(await search({ q: 'nascosto 41,42' }, sara)).length).toBe(1)
  })

  it('and the link to the other tab leads to what is there', async () => {
    await site.db('due').where({ id: paid }).update({ causale: 'Solo archivio' })
    const page = await search({ q: 'solo archivio', stato: 'payable' })
    const [[href, text] = ['', '']] = tipsIn(page)
    expect(text).toBe('La stessa ricerca in Archivio: 1')
    expect(idsIn(await paolo.get(href))).toEqual([paid])
  })
})

describe('the result', () => {
  it('has its number and its sum', async () => {
    expect(textOf(await search({ q: 'zoppo' }))).toContain('1 dovuto, 7.654,32 € in tutto')
    const values = () => ({ causale: 'Somma quaranta', importo_cents: 1001 })
    await newDues(
      site.db,
      Array.from({ length: 40 }, (_, n) => 100 + n),
      { values },
    )
    expect(textOf(await search({ q: 'quaranta' }))).toContain('40 dovuti, 400,40 € in tutto')
  })

  it('is read in each order, forwards and back, each due once', async () => {
    const numbers = Array.from({ length: 60 }, (_, n) => 300 + n)
    // Equal values, and dues without a day, are where pages could lose or repeat a due.
    const ids = await newDues(site.db, numbers, {
      values: (n) => ({
        causale: 'Ordinati',
        importo_cents: 1000 + (n % 7),
        due_on: n % 4 === 0 ? null : `2099-0${1 + (n % 4)}-01`,
        pagatore: JSON.stringify({ tipo: 'F', codice: CODICE, anagrafica: `${'ÈzA'[n % 3]}lena` }),
      }),
    })
    const asked = [
      '',
      'scadenza',
      'scadenza-lontana',
      'importo-alto',
      'importo-basso',
      'nome',
      'nome-dalla-z',
    ]
    for (const ordine of [...asked, 'variazione', 'variazione-lontana']) {
      const pages: Page[] = [await search({ q: 'ordinati', ordine })]
      for (let next; (next = linkIn(pages.at(-1)!, 'next')) !== undefined;) pages.push(await paolo.get(next))
      const forwards = pages.flatMap(idsIn)
      expect([ordine, pages.length, new Set(forwards)]).toEqual([ordine, 3, new Set(ids)])
      expect(forwards.length).toBe(60)
      const back: Page[] = [pages.at(-1)!]
      for (let prev; (prev = linkIn(back[0]!, 'prev')) !== undefined;) back.unshift(await paolo.get(prev))
      expect([ordine, back.map(idsIn)]).toEqual([ordine, pages.map(idsIn)])
    }
    const column = async (ordine: string, name: string) => {
      const shown = idsIn(await search({ q: 'ordinati', ordine }))
      const rows = (await site.db('due').select('id', name).whereIn('id', shown)) as Record<string, unknown>[]
      return shown.map((id) => rows.find((row) => row['id'] === id)![name])
    }
    const days = await column('scadenza', 'due_on')
    expect(days).toEqual([...days].sort((a, b) => String(a).localeCompare(String(b))))
    expect((await column('scadenza-lontana', 'due_on')).slice(0, 15)).toEqual(Array(15).fill(null))
    const amounts = (await column('importo-alto', 'importo_cents')) as number[]
    expect(amounts).toEqual([...amounts].sort((a, b) => b - a))
    const names = (await column('nome', 'pagatore')) as { anagrafica: string }[]
    expect(names.slice(0, 21).map(({ anagrafica }) => anagrafica)).toEqual([
      ...Array<string>(20).fill('Alena'),
      'Èlena',
    ])
  }, 60_000)

  it('a page before the first full one is the first page, and a place that nobody can read too', async () => {
    const page = await search({ q: 'ordinati' })
    const [, second] = idsIn(page)
    for (const place of [{ prima: second! }, { prima: 'x' }, { dopo: 'x' }])
      expect(idsIn(await search({ q: 'ordinati', ...place }))).toEqual(idsIn(page))
  })

  it('each active filter is a link that takes it away', async () => {
    const page = await search({ q: 'ordinati', 'importo-da': '10', dal: '2099-01-01', ordine: 'nome' })
    const chips = [...page.html.matchAll(/class="mypay-filter" href="([^"]*)">(.*?)<\/a>/g)].map(
      ([, href, text]) => [unescaped(href!), textOf({ html: text! } as Page).trim()],
    )
    expect(chips).toEqual([
      [expect.not.stringContaining('q='), expect.stringContaining('Cerca un dovuto: ordinati')],
      [expect.not.stringContaining('dal='), expect.stringContaining('Scadenza dal: 01/01/2099')],
      [expect.not.stringContaining('importo-da='), expect.stringContaining('Importo da: 10')],
    ])
    expect(chips[0]![0]).toContain('ordine=nome')
  })

  it('goes into the CSV in its order', async () => {
    const { bytes } = await paolo.download(`${DUES}.csv?q=ordinati&ordine=importo-basso`)
    const amounts = bytes
      .toString()
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(';')[5]!)
    expect(amounts.length).toBe(60)
    expect(amounts).toEqual([...amounts].sort())
  })

  it('above 10.000 dues it is counted only when somebody asks', async () => {
    await site.db.raw(
      `insert into due (ente_id, ente_due_type_id, iud, importo_cents, causale, pagatore_codice, pagatore, flow_id)
       select ente_id, ente_due_type_id, 'TANTI-' || n, 1000, 'Tanti', pagatore_codice, pagatore, flow_id
       from due, generate_series(1, 10001) n where id = ?`,
      [other],
    )
    await site.db.raw('analyze due')
    const page = await search({ q: 'tanti', ordine: 'nome' })
    expect(textOf(page)).toContain('Oltre 10.000 dovuti')
    const exact = /<a href="([^"]*conta=tutto)"/.exec(unescaped(page.html))![1]!
    expect(textOf(await paolo.get(exact))).toContain('10.001 dovuti, 100.010,00 € in tutto')
    await site.db('due').where({ causale: 'Tanti', iud: 'TANTI-1' }).update({ state: 'paid' })
    expect(textOf(await search({ q: 'tanti' }))).toContain('10.000 dovuti, 100.000,00 € in tutto')
  }, 60_000)
})
