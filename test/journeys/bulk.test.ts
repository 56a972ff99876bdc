import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeOutdatedActs } from '../../db/bulk/act.ts'
import { findOverdue } from '../../db/payment/sweep.ts'
import { bulkFiles } from '../../services/file-store.ts'
import { unzip } from '../flows/world.ts'
import { aBegunPayment } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { anAct, workAct } from '../setup/bulk.ts'
import { anAnomaly, enterAsElena, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const DUES = '/operatore/C_X902/dovuti'
const ACTS = '/operatore/C_X902/operazioni'

let site: Site
let paolo: Visitor
let sara: Visitor
let next = 1000

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
})
afterAll(() => site.close())

/** Dues that a search by this causale finds. */
async function dues(count: number, causale: string, code = 'LUCE_VOTIVA'): Promise<string[]> {
  const progressives = Array.from({ length: count }, () => next++)
  return newDues(site.db, progressives, { code, values: () => ({ causale }) })
}

/** The page with its addresses as they are, because `=` is written in another way inside HTML. */
const plain = ({ html }: Page): string => html.replaceAll('&#x3D;', '=')

const listOf = (causale: string, visitor = paolo): Promise<Page> =>
  visitor.get(`${DUES}?${new URLSearchParams({ causale }).toString()}`)

/** Asks for an act on the whole result of a search, up to the page of confirmation. */
const askAll = async (causale: string, atto: string, visitor = paolo): Promise<Page> =>
  visitor.submit(await listOf(causale, visitor), '/molti/conferma', { atto, chi: 'tutti' })

const WHY = 'Ruolo rifatto con altri importi'

const confirm = (page: Page, fields: Record<string, string> = {}, visitor = paolo): Promise<Page> =>
  visitor.submit(page, '/dovuti/molti', { perche: WHY, ...fields })

const idOf = ({ location }: Page): string => location!.split('/').at(-1)!

const states = async (ids: readonly string[]): Promise<Record<string, number>> => {
  const found = (await site
    .db('due')
    .whereIn('id', [...ids])
    .pluck('state')) as string[]
  return Object.fromEntries(
    [...new Set(found)].sort().map((one) => [one, found.filter((s) => s === one).length]),
  )
}

describe('500 dues are cancelled', () => {
  it('after their number is typed; what is paid meanwhile stays, and the page says what was left and why', async () => {
    const ids = await dues(500, 'CINQUECENTO')
    await site.db('due').where({ id: ids[0] }).update({ state: 'paying' })
    const list = await listOf('CINQUECENTO')
    expect(textOf(list)).toContain('Continua con tutto il risultato (500)')
    const question = await askAll('CINQUECENTO', 'cancel')
    expect(question.status).toBe(200)
    expect(textOf(question)).toContain('499 dovuti da annullare, 9.231,50 € in tutto')
    expect(textOf(question)).toContain('1 dovuto, 18,50 €: pagamento in corso')

    const wrong = await confirm(question, { numero: '500' })
    expect(wrong.status).toBe(422)
    expect(wrong.html).toMatch(/id="numero-errore"/)
    expect(textOf(wrong)).toContain(
      'Hai scritto 500, ma la ricerca ne trova 499: 1 in meno. Torna all’elenco e guarda quali.',
    )
    expect(wrong.html).toContain(`value="${WHY}"`)
    expect(await states(ids)).toEqual({ payable: 499, paying: 1 })

    const asked = await confirm(wrong, { numero: '499' })
    expect(asked.status).toBe(303)
    const actId = idOf(asked)
    expect(site.processes.told).toContain(`bulk ${actId}`)
    expect(textOf(await paolo.get(`${ACTS}/${actId}`))).toMatch(/In attesa.*1 dovuti su 500/)
    await site.db('due').where({ id: ids[1] }).update({ state: 'paying' })
    await workAct(site, actId)
    expect(await states(ids)).toEqual({ cancelled: 498, paying: 2 })
    const page = textOf(await paolo.get(`${ACTS}/${actId}`))
    expect(page).toMatch(/Finita.*Fatti 498 Importo dei fatti 9\.213,00 € Lasciati 2/)
    expect(page).toContain('2: pagamento in corso')
    const due = textOf(await paolo.get(`${DUES}/${ids[2]}`))
    expect(due).toMatch(
      /Annullamento chiesto da Paolo Ferri: con l’operazione n\. \d+ su molti dovuti, perché: Ruolo rifatto con altri importi/,
    )
    const csv = (await paolo.download(`${ACTS}/${actId}/lasciati.csv`)).bytes.toString()
    expect(csv.trim().split('\r\n')).toHaveLength(3)
    expect(csv).toContain('pagamento in corso')
  })
})

const pick = (page: Page, ids: readonly string[], atto: string, visitor = paolo): Promise<Page> =>
  visitor.submit(page, '/molti/conferma', [
    ['atto', atto],
    ['chi', 'scelti'],
    ...ids.map((id): [string, string] => ['dovuto', id]),
  ])

describe('chosen dues', () => {
  it('are the ones that are done, and no other of the result', async () => {
    const ids = await dues(4, 'SCELTI')
    const question = await pick(await listOf('SCELTI'), ids.slice(0, 2), 'cancel')
    expect(textOf(question)).toContain('2 dovuti da annullare, 37,00 € in tutto')
    expect(question.html).not.toContain('id="numero"')
    await workAct(site, idOf(await confirmChosen(question, ids.slice(0, 2))))
    expect(await states(ids)).toEqual({ cancelled: 2, payable: 2 })
  })

  it('that the person may not see are not there, whatever ids the form carries', async () => {
    const [own] = await dues(1, 'PROPRIO')
    const [hidden] = await dues(1, 'NASCOSTO', 'RETTA_ASILO_NIDO')
    const list = await listOf('PROPRIO')
    const question = await pick(list, [own!, hidden!, 'x'], 'cancel')
    expect(textOf(question)).toContain('1 dovuto da annullare, 18,50 €')
    await workAct(site, idOf(await confirmChosen(question, [own!, hidden!])))
    expect(await states([hidden!])).toEqual({ payable: 1 })
    const none = await pick(list, [hidden!], 'cancel')
    expect([none.status, textOf(none)]).toEqual([422, expect.stringContaining('non c’è niente da fare')])
  })

  it('need an act and at least one due: the list says so beside the field and keeps the search', async () => {
    await dues(2, 'VUOTI')
    const empty = await pick(await listOf('VUOTI'), [], '')
    expect(empty.status).toBe(422)
    expect(textOf(empty)).toContain('Scegli almeno un dovuto nell’elenco')
    expect(empty.html).toMatch(/id="atto-errore"/)
    expect(empty.html).toContain('value="VUOTI"')
    const noDue = await pick(empty, [], 'print')
    expect(noDue.html).toContain('<option value="print" selected>')
  })
})

/** Confirms a page of chosen dues: the visitor of the tests keeps one hidden field of a name, so the ids are given again. */
const confirmChosen = (page: Page, ids: readonly string[]): Promise<Page> =>
  paolo.submit(page, '/dovuti/molti', [
    ['perche', WHY] as [string, string],
    ...ids.map((id): [string, string] => ['dovuto', id]),
  ])

describe('what the page of confirmation says', () => {
  it('names the search, the types, the files and the first dues, and leads to the same list', async () => {
    await dues(6, 'DETTAGLIO')
    await dues(1, 'DETTAGLIO', 'MENSA_SCOLASTICA')
    const text = textOf(await askAll('DETTAGLIO', 'cancel'))
    expect(text).toContain('Da riscuotere, con questa ricerca: Parole della causale: DETTAGLIO')
    expect(text).toMatch(/Per tipo dovuto .*6 dovuti, 111,00 € .*1 dovuto, 18,50 €/)
    expect(text).toMatch(/Per flusso Senza flusso: 7 dovuti, 129,50 €/)
    expect(text).toMatch(/I primi 5 dell’elenco .*(DETTAGLIO.*){5}/)
    expect(plain(await askAll('DETTAGLIO', 'cancel'))).toContain(`href="${DUES}?causale=DETTAGLIO"`)
  })

  it('says aloud that nothing is filtered', async () => {
    await dues(1, 'TUTTO')
    const list = await paolo.get(DUES)
    const question = await paolo.submit(list, '/molti/conferma', { atto: 'cancel', chi: 'tutti' })
    expect(textOf(question)).toContain('Nessun filtro: TUTTI i dovuti da riscuotere dell’ente')
    expect(textOf(await askAll('TUTTO', 'cancel'))).not.toContain('Nessun filtro')
  })

  it('shows no types nor files that the person may not see', async () => {
    await dues(1, 'MISTO')
    await dues(1, 'MISTO', 'RETTA_ASILO_NIDO')
    expect(textOf(await askAll('MISTO', 'cancel'))).not.toContain('Rette asilo')
    expect(textOf(await askAll('MISTO', 'cancel', sara))).toContain('Rette asilo')
  })

  it('tells chosen dues one by one', async () => {
    const ids = await dues(7, 'UNO PER UNO')
    const text = textOf(await pick(await listOf('UNO PER UNO'), ids.slice(0, 6), 'cancel'))
    expect(text).toMatch(/6 dovuti scelti nell’elenco.*I dovuti scelti .*(UNO PER UNO.*){6}/)
    expect(text).not.toContain('Apri l’elenco con questa ricerca')
  })
})

describe('why', () => {
  it.each([
    ['', 'Scrivi perché li annulli.'],
    ['no', 'Scrivi almeno 3 caratteri.'],
    ['x'.repeat(201), 'Scrivi al massimo 200 caratteri.'],
    ['ruolo\u0007rifatto', 'un carattere che non si vede'],
  ])('%j is refused beside its field for more than one due, and nothing is done', async (perche, problem) => {
    const causale = `MOTIVO${perche.length}`
    const ids = await dues(2, causale)
    const answer = await confirm(await askAll(causale, 'cancel'), { perche })
    expect([answer.status, textOf(answer)]).toEqual([422, expect.stringContaining(problem)])
    expect(answer.html).toMatch(/id="perche-errore"/)
    expect(await states(ids)).toEqual({ payable: 2 })
  })

  it('stands on the page of the act, in the list and in the files, as it was typed', async () => {
    await dues(2, 'RAGIONE')
    const perche = `<b>Delibera 12</b> "d’ufficio"`
    const actId = idOf(await confirm(await askAll('RAGIONE', 'cancel'), { perche }))
    await workAct(site, actId)
    const page = await paolo.get(`${ACTS}/${actId}`)
    expect(page.html).toContain('&lt;b&gt;Delibera 12&lt;/b&gt;')
    expect(page.html).not.toContain('<b>Delibera')
    expect((await paolo.get(ACTS)).html).toContain('&lt;b&gt;Delibera 12&lt;/b&gt;')
  })

  it('is not asked of other acts, and is free for one due', async () => {
    await dues(1, 'SOLO UNO')
    expect((await askAll('SOLO UNO', 'export')).html).not.toContain('id="perche"')
    expect((await confirm(await askAll('SOLO UNO', 'cancel'), { perche: '' })).status).toBe(303)
  })

  it('may be said of a single due, and stands in its history', async () => {
    const [due] = await dues(1, 'SINGOLO')
    const page = await paolo.get(`${DUES}/${due}`)
    const question = await paolo.submit(page, '/conferma-annulla')
    expect(textOf(question)).toContain('Perché (facoltativo)')
    const short = await paolo.submit(question, '/annulla', { perche: 'x' })
    expect([short.status, textOf(short)]).toEqual([422, expect.stringContaining('almeno 3 caratteri')])
    expect((await paolo.submit(short, '/annulla', { perche: 'Chiesto due volte' })).status).toBe(303)
    expect(textOf(await paolo.get(`${DUES}/${due}`))).toMatch(
      /Annullamento chiesto da Paolo Ferri: perché: Chiesto due volte/,
    )
  })
})

describe('the number of dues to cancel', () => {
  it('is typed above ten', async () => {
    await dues(10, 'DIECI')
    expect((await askAll('DIECI', 'cancel')).html).not.toContain('id="numero"')
    await dues(1, 'DIECI')
    const question = await askAll('DIECI', 'cancel')
    expect(textOf(question)).toContain('Quanti dovuti vuoi annullare?')
    const wrong = await confirm(question, { numero: '10' })
    expect(textOf(wrong)).toContain('Hai scritto 10, ma la ricerca ne trova 11: 1 in più. Torna all’elenco')
    expect(textOf(await confirm(question, { numero: 'dieci' }))).toContain(
      'Scrivi in cifre quanti dovuti vuoi annullare.',
    )
  })
})

describe('words to leave out', () => {
  const without = (q: string, more = ''): string => `${DUES}?${new URLSearchParams({ q }).toString()}${more}`

  it('leave the ten that stay out of the list, its files and the act', async () => {
    const kept = await dues(2, 'LUCI2027 BUONO')
    const ids = await dues(3, 'LUCI2027 ERRATE')
    for (const q of ['LUCI2027 -BUONO', '-buono LUCI2027', 'LUCI2027 –BUON']) {
      const list = await paolo.get(without(q))
      expect([q, textOf(list)]).toEqual([q, expect.stringContaining('3 dovuti, 55,50 € in tutto')])
      expect(list.html).not.toContain(kept[0]!)
    }
    const list = await paolo.get(without('LUCI2027 -BUONO'))
    expect(textOf(list)).toMatch(/senza: BUONO/)
    expect(plain(list)).toContain(`href="${DUES}?q=LUCI2027"`)
    expect(plain(list)).toContain(`href="${DUES}?q=-BUONO"`)
    const csv = (await paolo.download(`${DUES}.csv?q=LUCI2027+-BUONO`)).bytes.toString()
    expect([csv.trim().split('\r\n').length, csv.includes('BUONO')]).toEqual([4, false])
    const question = await paolo.submit(list, '/molti/conferma', { atto: 'cancel', chi: 'tutti' })
    expect(textOf(question)).toContain('3 dovuti da annullare')
    expect(textOf(question)).toMatch(/Cerca un dovuto: LUCI2027 senza: BUONO/)
    await workAct(site, idOf(await confirm(question)))
    expect([await states(ids), await states(kept)]).toEqual([{ cancelled: 3 }, { payable: 2 }])
    expect(textOf(await paolo.get(without('LUCI2027 -BUONO', '&vista=archivio')))).toContain('3 dovuti')
  })

  it('are a search of their own, of the name as well; a minus alone is nothing', async () => {
    const [due] = await dues(1, 'SOLA')
    expect((await paolo.get(without('-SOLA', '&causale=SOLA'))).html).not.toContain(due!)
    expect((await paolo.get(without('- SOLA'))).html).toContain(due!)
    const { anagrafica } = (await site
      .db('due')
      .first(site.db.raw(`pagatore ->> 'anagrafica' as anagrafica`))
      .where({ id: due })) as { anagrafica: string }
    const name = anagrafica.split(' ')[0]!
    expect((await paolo.get(without(`SOLA -${name}`))).html).not.toContain(due!)
    expect((await paolo.get(without(`SOLA -x${name}`))).html).toContain(due!)
  })

  it('of any signs find nothing that they should not, and break nothing', async () => {
    for (const q of [`-'`, `-a'b:*|!&`, `-\\`, '-<->', '-"', '--', '-%_', `-${'x'.repeat(130)}`])
      expect([q, (await paolo.get(without(q))).status]).toEqual([q, 200])
  })
})

describe('ticks beside the whole result', () => {
  it('are refused with both answers, and the ticks stay', async () => {
    const ids = await dues(3, 'SEGNATI')
    const list = await listOf('SEGNATI')
    const both: [string, string][] = [
      ['atto', 'export'],
      ['chi', 'tutti'],
      ['dovuto', ids[0]!],
    ]
    const refused = await paolo.submit(list, '/molti/conferma', both)
    expect([refused.status, textOf(refused)]).toEqual([422, expect.stringContaining('Hai segnato 1 dovuto')])
    expect(refused.html).toContain(`value="${ids[0]}" aria-label`)
    expect(refused.html.match(/type="checkbox"[^>]* checked/g)).toHaveLength(1)
    expect(refused.html).toContain('value="tutti-comunque"')
    const whole = await paolo.submit(refused, '/molti/conferma', [
      ['atto', 'export'],
      ['chi', 'tutti-comunque'],
      ['dovuto', ids[0]!],
    ])
    expect(textOf(whole)).toContain('3 dovuti da esportare')
    expect(textOf(await pick(refused, [ids[0]!], 'export'))).toContain('1 dovuto da esportare')
  })
})

it('the archive does not offer to cancel', async () => {
  const [due] = await dues(1, 'ARCHIVIATO')
  await site.db('due').where({ id: due }).update({ state: 'cancelled', cancelled_reason: 'operator' })
  const archive = await paolo.get(`${DUES}?causale=ARCHIVIATO&vista=archivio`)
  expect(archive.html).toContain('value="export"')
  expect(archive.html).not.toContain('value="cancel"')
})

describe('the dues of an act', () => {
  it('are a list and a CSV with number, author and reason, and the history of a due leads to the act', async () => {
    const ids = await dues(3, 'ELENCO FATTI')
    const actId = idOf(await confirm(await askAll('ELENCO FATTI', 'cancel')))
    await site.db('due').where({ id: ids[0] }).update({ state: 'paying' })
    await workAct(site, actId)
    const { number } = (await site.db('bulk_act').first('number').where({ id: actId })) as { number: number }
    const page = await paolo.get(`${ACTS}/${actId}`)
    expect(plain(page)).toContain(`href="${DUES}?operazione=${number}"`)
    const list = await paolo.get(`${DUES}?operazione=${number}`)
    expect(textOf(list)).toMatch(/Operazione n\. \(su molti dovuti\): \d+ .*2 dovuti, 37,00 € in tutto/)
    expect([list.html.includes(ids[0]!), list.html.includes(ids[1]!)]).toEqual([false, true])
    const csv = (await paolo.download(`${DUES}.csv?operazione=${number}`)).bytes.toString()
    expect(csv.split('\r\n')[0]).toMatch(/Operazione;Autore;Motivo$/)
    expect(csv.split('\r\n')[1]).toMatch(new RegExp(`${number};Paolo Ferri;${WHY}$`))
    expect((await paolo.get(`${DUES}/${ids[1]}`)).html).toContain(`href="${ACTS}/${actId}"`)
    expect((await paolo.get(`${DUES}?operazione=x`)).status).toBe(422)
    expect(textOf(await sara.get(`/operatore/C_X903/dovuti?operazione=${number}`))).not.toContain('ELENCO')
  })

  it('are linked only for who may open the act', async () => {
    const enteId = ((await site.db('ente').first('id').where({ cod_ipa: 'C_X902' })) as { id: string }).id
    const { id } = (await site.db('operator').first('id').where({ codice_fiscale: SARA.codiceFiscale })) as {
      id: string
    }
    const [common] = await dues(1, 'LEGAME')
    const [hidden] = await dues(1, 'LEGAME', 'RETTA_ASILO_NIDO')
    const by = { id, name: SARA.anagrafica }
    const actId = await anAct(site.db, { kind: 'cancel', ids: [common!, hidden!], enteId, by })
    await workAct(site, actId)
    const due = await paolo.get(`${DUES}/${common}`)
    expect(textOf(due)).toMatch(/con l’operazione n\. \d+ su molti dovuti, perché: Ruolo rifatto/)
    expect(due.html).not.toContain(actId)
    expect((await sara.get(`${DUES}/${common}`)).html).toContain(actId)
  })
})

describe('a result that changes before it is confirmed', () => {
  it('stops the act when it has grown, and shows the new numbers', async () => {
    const ids = await dues(3, 'CRESCE')
    const question = await askAll('CRESCE', 'cancel')
    ids.push(...(await dues(1, 'CRESCE')))
    const stopped = await confirm(question)
    expect(stopped.status).toBe(409)
    expect(textOf(stopped)).toContain('il risultato è cambiato (+1 nuovo)')
    expect(textOf(stopped)).toMatch(/Nuovo: CRESCE, .+, 18,50 €/)
    expect(textOf(stopped)).toContain('4 dovuti da annullare')
    expect(await states(ids)).toEqual({ payable: 4 })
    await workAct(site, idOf(await confirm(stopped)))
    expect(await states(ids)).toEqual({ cancelled: 4 })
  })

  it('stops it too when one came for one that went', async () => {
    const ids = await dues(2, 'SCAMBIO')
    const question = await askAll('SCAMBIO', 'cancel')
    await site.db('due').where({ id: ids[0] }).update({ state: 'paid' })
    await dues(1, 'SCAMBIO')
    const stopped = await confirm(question)
    expect(stopped.status).toBe(409)
    expect(textOf(stopped)).toContain('(+1 nuovo, −1 uscito)')
    expect(textOf(stopped)).toMatch(/Nuovo: SCAMBIO, .*Uscito: SCAMBIO, /)
  })

  it('does not stop it when it has shrunk, because what was paid stays anyway', async () => {
    const ids = await dues(3, 'CALA')
    const question = await askAll('CALA', 'cancel')
    await site.db('due').where({ id: ids[0] }).update({ state: 'paid' })
    await workAct(site, idOf(await confirm(question)))
    expect(await states(ids)).toEqual({ cancelled: 2, paid: 1 })
  })

  it('cannot be talked round with a smaller number in the form', async () => {
    await dues(101, 'ABBASSATO')
    const question = await askAll('ABBASSATO', 'cancel')
    const answer = await confirm(question, { visti: '100', numero: '100' })
    expect(answer.status).toBe(409)
    expect(answer.html).toContain('id="numero"')
  })

  it('is not looked at any more once it is confirmed', async () => {
    await dues(2, 'FISSATO')
    const asked = await confirm(await askAll('FISSATO', 'cancel'))
    const late = await dues(1, 'FISSATO')
    await workAct(site, idOf(asked))
    expect(await states(late)).toEqual({ payable: 1 })
  })
})

it('a double click asks for one act', async () => {
  await dues(2, 'DOPPIO')
  const question = await askAll('DOPPIO', 'cancel')
  const clicks = await Promise.all([confirm(question), confirm(question), confirm(question)])
  expect(clicks.map(({ status }) => status)).toEqual([303, 303, 303])
  await workAct(site, idOf(clicks[0]!))
  const late = await confirm(question)
  expect(new Set([...clicks, late].map(idOf)).size).toBe(1)
})

it('a form that somebody has written by hand asks again and does nothing', async () => {
  const ids = await dues(2, 'A MANO')
  const question = await askAll('A MANO', 'cancel')
  for (const wrong of [
    { nonce: 'x' },
    { visti: '-1' },
    { visti: '1e9' },
    { somma: '0.5' },
    { quando: '0000-01-01T00:00:00Z' },
    { quando: 'ieri' },
    { atto: 'delete' },
    { chi: 'nessuno' },
    { ricerca: 'importo-da=abc' },
  ]) {
    const { status, location } = await confirm(question, wrong)
    expect([wrong, location?.includes('/operazioni/') ?? false, status < 500]).toEqual([wrong, false, true])
  }
  expect(await states(ids)).toEqual({ payable: 2 })
})

it('a result with more dues than an act takes is refused, and says how to go on', async () => {
  await dues(5_001, 'TROPPI')
  const question = await askAll('TROPPI', 'print')
  expect(question.status).toBe(422)
  expect(textOf(question)).toContain('al massimo 5.000 dovuti')
  expect(question.html).not.toContain('name="nonce"')
})

describe('notices of many dues', () => {
  it('come as one archive with a list of what was left out, until its days are over', async () => {
    const ids = await dues(3, 'STAMPA')
    await site.db('due').where({ id: ids[2] }).update({ iuv: null })
    const question = await askAll('STAMPA', 'print')
    expect(textOf(question)).toContain('1 dovuto, 18,50 €: non ha un numero di avviso')
    const actId = idOf(await confirm(question))
    // It is paid between the drawing and the end, and so its notice is not in the archive.
    await site.db('due').where({ id: ids[1] }).update({ state: 'paying' })
    await workAct(site, actId)
    const href = `${ACTS}/${actId}.zip`
    expect((await paolo.get(`${ACTS}/${actId}`)).html).toContain(`href="${href}"`)
    const { status, bytes, name } = await paolo.download(href)
    expect([status, name]).toEqual([200, expect.stringMatching(/^C_X902-operazione-\d+\.zip$/)])
    const files = await unzip(bytes)
    const { iuv } = (await site.db('due').first('iuv').where({ id: ids[0] })) as { iuv: string }
    expect([...files.keys()].sort()).toEqual([`avviso_${iuv}.pdf`, 'lasciati.csv'])
    expect(files.get(`avviso_${iuv}.pdf`)!.subarray(0, 4).toString()).toBe('%PDF')
    expect(files.get('lasciati.csv')!.toString()).toMatch(
      /pagamento in corso[\s\S]*non ha un numero|non ha un numero[\s\S]*pagamento in corso/,
    )
    expect(existsSync(site.files.path(bulkFiles(actId).notices))).toBe(false)
    expect(textOf(await paolo.get(`${DUES}/${ids[0]}`))).toMatch(
      /Avviso stampato da Paolo Ferri: con l’operazione/,
    )

    await site
      .db('bulk_act')
      .where({ id: actId })
      .update({ ended_at: site.db.raw(`now() - interval '31 days'`) })
    expect(await takeOutdatedActs(site.db, 30)).toEqual([actId])
    expect((await paolo.download(href)).status).toBe(404)
    expect(textOf(await paolo.get(`${ACTS}/${actId}`))).toContain('Il suo file non c’è più')
  })
})

describe('an export of many dues', () => {
  it('has the rows of the CSV of the list', async () => {
    await dues(3, 'ESPORTA')
    const actId = idOf(await confirm(await askAll('ESPORTA', 'export')))
    await workAct(site, actId)
    const files = await unzip((await paolo.download(`${ACTS}/${actId}.zip`)).bytes)
    const csv = (await paolo.download(`${DUES}.csv?causale=ESPORTA`)).bytes.toString()
    const rowsOf = (text: string): string[] => text.trim().split('\r\n').sort()
    expect([...files.keys()]).toEqual(['dovuti.csv'])
    expect(rowsOf(files.get('dovuti.csv')!.toString())).toEqual(rowsOf(csv))
    expect(rowsOf(csv)).toHaveLength(4)
  })

  it('is in the register of accesses when it is downloaded, also by a person among its dues', async () => {
    await dues(1, 'REGISTRO')
    const actId = idOf(await confirm(await askAll('REGISTRO', 'export')))
    await workAct(site, actId)
    await paolo.download(`${ACTS}/${actId}.zip`)
    const event = (await site.db('event').orderBy('id', 'desc').first()) as {
      entity: string
      entity_id: string
      kind: string
    }
    expect(event).toMatchObject({ entity: 'bulk_act', entity_id: actId, kind: 'accessed' })
    const { pagatore_codice: person } = (await site
      .db('due')
      .first('pagatore_codice')
      .where({ causale: 'REGISTRO' })) as { pagatore_codice: string }
    const register = await sara.get(`/admin/accessi?persona=${person}`)
    expect(textOf(register)).toMatch(
      /Ha scaricato un file di un’operazione su molti dovuti operazione n\. \d+/,
    )
  })
})

describe('notices of many dues by mail', () => {
  it('are booked once, and those without an address are left', async () => {
    const ids = await dues(3, 'SPEDISCI')
    const pagatore = { tipo: 'F', codice: 'MRONNA90B68M999G', anagrafica: 'Anna Moro' }
    const mail = { ...pagatore, email: 'anna@example.org' }
    await site
      .db('due')
      .whereIn('id', ids)
      .update({ pagatore: JSON.stringify(mail) })
    await site
      .db('due')
      .where({ id: ids[2] })
      .update({ pagatore: JSON.stringify(pagatore) })
    const question = await askAll('SPEDISCI', 'send')
    expect(textOf(question)).toContain('2 avvisi da mandare')
    expect(textOf(question)).toContain('il debitore non ha un indirizzo e-mail')
    const actId = idOf(await confirm(question))
    await workAct(site, actId)
    await workAct(site, actId)
    const booked = (await site.db('notice_mail').whereIn('due_id', ids)) as { kind: string }[]
    expect(booked.map(({ kind }) => kind)).toEqual(['asked', 'asked'])
    expect(await rowOf(actId)).toMatchObject({ state: 'done', rows_done: 2, rows_left: 1 })
    expect(textOf(await paolo.get(`${DUES}/${ids[0]}`))).toMatch(
      /Avviso per e-mail chiesto da Paolo .* con l’operazione n/,
    )
    const again = await askAll('SPEDISCI', 'send')
    expect([again.status, textOf(again)]).toEqual([
      422,
      expect.stringContaining('oggi un avviso per e-mail è già partito'),
    ])
  })
})

interface ActRow {
  state: string
  rows: number
  rows_done: number
  rows_left: number
  cents_done: number
}
const rowOf = async (id: string): Promise<ActRow> =>
  (await site.db('bulk_act').first().where({ id })) as ActRow

const reasonsOf = async (id: string): Promise<Record<string, number>> => {
  const rows = (await site
    .db('bulk_act_row')
    .where({ act_id: id, outcome: 'left' })
    .pluck('reason')) as string[]
  return Object.fromEntries(
    [...new Set(rows)].sort().map((one) => [one, rows.filter((r) => r === one).length]),
  )
}

const paoloId = async (): Promise<string> =>
  ((await site.db('operator').first('id').where({ codice_fiscale: PAOLO.codiceFiscale })) as { id: string })
    .id

describe('an act under way', () => {
  it('is stopped: what is done stays done, the rest stays as it was and is listed', async () => {
    const ids = await dues(250, 'FERMA')
    const actId = idOf(await confirm(await askAll('FERMA', 'cancel'), { numero: '250' }))
    await workAct(site, actId, { slices: 1, sliceMs: 0 })
    const page = await paolo.get(`${ACTS}/${actId}`)
    expect(textOf(page)).toContain('100 dovuti su 250')
    expect((await paolo.submit(page, '/ferma')).status).toBe(303)
    expect((await paolo.submit(page, '/ferma')).status).toBe(303)
    await workAct(site, actId)
    expect(await states(ids)).toEqual({ cancelled: 100, payable: 150 })
    const over = textOf(await paolo.get(`${ACTS}/${actId}`))
    expect(over).toMatch(/Fermata.*Fatti 100.*Lasciati 150.*150: l’operazione è stata fermata prima/)
    const csv = (await paolo.download(`${ACTS}/${actId}/lasciati.csv`)).bytes.toString()
    expect(csv.trim().split('\r\n')).toHaveLength(151)
  })

  it('leaves the rest when the grant of who asked is taken away half way', async () => {
    const ids = await dues(150, 'TOLTA', 'MENSA_SCOLASTICA')
    const actId = idOf(await confirm(await askAll('TOLTA', 'cancel'), { numero: '150' }))
    await workAct(site, actId, { slices: 1, sliceMs: 0 })
    const grants = site.db('operator_due_type').where({ operator_id: await paoloId() })
    const kept = (await grants.clone()) as object[]
    await grants.clone().delete()
    await workAct(site, actId)
    expect(await states(ids)).toEqual({ cancelled: 100, payable: 50 })
    expect(await reasonsOf(actId)).toEqual({ grant: 50 })
    expect((await paolo.get(`${ACTS}/${actId}`)).status).toBe(404)
    expect(textOf(await sara.get(`${ACTS}/${actId}`))).toContain(
      '50: chi ha chiesto l’operazione non può più usare',
    )
    await site.db('operator_due_type').insert(kept)
  })

  it('leaves the rest when who asked may work no more', async () => {
    await dues(2, 'CONGEDO')
    const actId = idOf(await confirm(await askAll('CONGEDO', 'cancel')))
    await site
      .db('operator')
      .where({ id: await paoloId() })
      .update({ active: false })
    await workAct(site, actId)
    await site
      .db('operator')
      .where({ id: await paoloId() })
      .update({ active: true })
    expect(await reasonsOf(actId)).toEqual({ grant: 2 })
  })

  it('leaves a due with money that a person must look at', async () => {
    const [due] = await dues(1, 'DENARO')
    await aDoubt(due!)
    const question = await askAll('DENARO', 'cancel')
    expect(textOf(question)).toContain('è arrivato del denaro da chiarire')
  })

  it('is done once by two workers at the same time', async () => {
    const ids = await dues(450, 'DUE OPERAI')
    const actId = idOf(await confirm(await askAll('DUE OPERAI', 'cancel'), { numero: '450' }))
    await Promise.all([workAct(site, actId), workAct(site, actId), workAct(site, actId)])
    expect(await rowOf(actId)).toMatchObject({
      state: 'done',
      rows_done: 450,
      rows_left: 0,
      cents_done: 450 * 1850,
    })
    const { count } = (await site
      .db('event')
      .whereIn('entity_id', ids)
      .where({ kind: 'cancelled_by' })
      .count('* as count')
      .first()) as { count: number }
    expect(Number(count)).toBe(450)
  })

  it('meets another one on the same dues: each due is done by one of them', async () => {
    const ids = await dues(300, 'STESSI')
    const [one, two] = [
      idOf(await confirm(await askAll('STESSI', 'cancel'), { numero: '300' })),
      idOf(await confirm(await askAll('STESSI', 'cancel', sara), { numero: '300' }, sara)),
    ]
    await Promise.all([workAct(site, one), workAct(site, two)])
    const [a, b] = [await rowOf(one), await rowOf(two)]
    expect([a.rows_done + b.rows_done, a.rows_left + b.rows_left]).toEqual([300, 300])
    expect(await states(ids)).toEqual({ cancelled: 300 })
  })

  it('meets citizens who begin to pay: each due is cancelled or being paid, and the act says which', async () => {
    const ids = await dues(60, 'PAGANO')
    const actId = idOf(await confirm(await askAll('PAGANO', 'cancel'), { numero: '60' }))
    const paying = ids.filter((_, at) => at % 3 === 0)
    const [, ...begun] = await Promise.all([
      workAct(site, actId),
      ...paying.map((id) =>
        aBegunPayment(site.db, [id]).then(
          () => 1,
          () => 0,
        ),
      ),
    ])
    const paid = begun.reduce((sum: number, one) => sum + Number(one), 0)
    expect(await states(ids)).toEqual({ cancelled: 60 - paid, ...(paid > 0 ? { paying: paid } : {}) })
    expect(await rowOf(actId)).toMatchObject({ rows_done: 60 - paid, rows_left: paid })
  })

  it('whose process is gone is found by the sweep and by support', async () => {
    await dues(1, 'FERMO')
    const actId = idOf(await confirm(await askAll('FERMO', 'cancel')))
    await site
      .db('bulk_act')
      .where({ id: actId })
      .update({ next_check_at: site.db.raw(`now() - interval '11 minutes'`) })
    const elena = await enterAsElena(site.db, site.visitor())
    expect(textOf(await elena.get('/supporto/da-guardare/file-fermi'))).toMatch(
      /operazione n\. \d+ In attesa, fermo dal/,
    )
    const { acts } = await findOverdue(site.db, { receipt: 15, check: 120, mail: 15 })
    expect(acts).toContainEqual(expect.objectContaining({ actId, kind: 'cancel', rows: 1 }))
    expect((await findOverdue(site.db, { receipt: 15, check: 120, mail: 15 })).acts).toEqual([])
  })
})

/** Money came for a due that was cancelled and is payable again for this test. */
async function aDoubt(dueId: string): Promise<void> {
  const { attemptIds } = await aBegunPayment(site.db, [dueId])
  await site.db('due').where({ id: dueId }).update({ state: 'payable' })
  const id = await anAnomaly(site.db, dueId)
  await site.db('anomaly').where({ id }).update({ attempt_id: attemptIds[0] })
}

describe('the list of acts', () => {
  it('shows an act to whoever may use all types of its dues, and to nobody else', async () => {
    const enteId = ((await site.db('ente').first('id').where({ cod_ipa: 'C_X902' })) as { id: string }).id
    const saraId = (
      (await site.db('operator').first('id').where({ codice_fiscale: SARA.codiceFiscale })) as { id: string }
    ).id
    const by = { id: saraId, name: SARA.anagrafica }
    const [common] = await dues(1, 'COMUNE')
    const [hidden] = await dues(1, 'ALTRUI', 'RETTA_ASILO_NIDO')
    const seen = await anAct(site.db, { kind: 'export', ids: [common!], enteId, by })
    const unseen = await anAct(site.db, { kind: 'export', ids: [common!, hidden!], enteId, by })
    const list = await paolo.get(`${ACTS}?operatore=gallo`)
    expect([list.html.includes(seen), list.html.includes(unseen)]).toEqual([true, false])
    expect((await sara.get(ACTS)).html).toContain(unseen)
    expect((await paolo.get(`${ACTS}/${seen}`)).status).toBe(200)
    // He sees it and may not stop it, because somebody else asked for it.
    const page = await paolo.get(`${ACTS}/${seen}`)
    expect(page.html).not.toContain('/ferma"')
    const forged = { ...page, html: page.html.replace('action="/esci"', `action="${ACTS}/${seen}/ferma"`) }
    expect((await paolo.submit(forged, '/ferma')).status).toBe(404)
    for (const path of ['', '.zip', '/lasciati.csv', '/eventi'])
      expect([path, (await paolo.get(`${ACTS}/${unseen}${path}`)).status]).toEqual([path, 404])
    expect((await sara.get(`/operatore/C_X903/operazioni/${seen}`)).status).toBe(404)
  })

  it('filters by act and day, and says when nothing is found', async () => {
    expect(textOf(await sara.get(`${ACTS}?atto=print&chiesta-dal=2000-01-01`))).toContain(
      'Stampa degli avvisi n.',
    )
    expect(textOf(await sara.get(`${ACTS}?atto=print`))).not.toContain('Annullamento n.')
    expect(textOf(await sara.get(`${ACTS}?chiesta-al=2000-01-01`))).toContain(
      'Nessuna operazione corrisponde',
    )
  })
})

it('a search for a person is in the register of accesses, because its numbers tell of that person', async () => {
  const last = (await site.db('event').max('id as id').first()) as { id: number }
  const [due] = await dues(1, 'CERCATO')
  const { pagatore_codice: code } = (await site.db('due').first('pagatore_codice').where({ id: due })) as {
    pagatore_codice: string
  }
  const list = await paolo.get(`${DUES}?debitore=${code}`)
  await paolo.submit(list, '/molti/conferma', { atto: 'cancel', chi: 'tutti' })
  const searches = (await site
    .db('event')
    .where('id', '>', last.id)
    .where({ kind: 'accessed', entity: 'search' })) as { data: { person?: string } }[]
  expect(searches.map(({ data }) => typeof data.person)).toEqual(['string', 'string'])
})
