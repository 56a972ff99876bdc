import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { flowFiles } from '../../services/file-store.ts'
import { aFlowWorld } from '../flows/world.ts'
import { xlsx, type RawCell } from '../flows/xlsx.ts'
import { textOf } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const FLOWS = '/operatore/C_Q999/flussi'

let stack: Stack
let operator: Visitor

beforeAll(async () => {
  stack = await startStack({})
  const { operatorId } = await aFlowWorld(stack.db)
  await stack.db('operator').where({ id: operatorId }).update({ codice_fiscale: OPERATOR.codiceFiscale })
  operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
})
afterAll(() => stack.close())

const HEADERS = FLOW_COLUMNS['1_3'].map(({ header }) => header)
type Values = Record<string, RawCell>
const DUE: Values = {
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  importoDovuto: '45,50',
  dataEsecuzionePagamento: '30/12/2058',
  tipoDovuto: 'DIRITTI_VARI',
  causaleVersamento: 'Diritti di ottobre',
  datiSpecificiRiscossione: '9/0105107TS/DIRITTI',
  flgGeneraIuv: 'VERO',
  azione: 'I',
}
const BLANK: RawCell[] = HEADERS.map(() => null)
const rowOf = (values: Values): RawCell[] => HEADERS.map((name) => ({ ...DUE, ...values })[name] ?? null)

/** Row 4 is blank; rows 5 to 8 are rejected. */
const sheet = (): Promise<Buffer> =>
  xlsx([
    HEADERS,
    rowOf({ IUD: 'DUB-1' }),
    rowOf({ IUD: 'DUB-2' }),
    BLANK,
    rowOf({ IUD: 'DUB-1' }),
    rowOf({ IUD: 'DUB-3', codiceIdentificativoUnivoco: 'BNCCHR85H52M999', importoDovuto: '1234,50' }),
    rowOf({ IUD: 'DUB-4', tipoDovuto: 'DIRITTI_VAR', importoDovuto: '60,00' }),
    rowOf({ IUD: 'DUB-5', mailPagatore: 'chiara@', importoDovuto: '61,00' }),
    rowOf({
      IUD: 'DUB-6',
      dataEsecuzionePagamento: '30/12/2020',
      capPagatore: '3018',
      importoDovuto: '20,00',
    }),
  ])

const pathOf = (page: Page): string => new URL(page.location!).pathname
const send = async (name: string, bytes: Buffer, fields: Record<string, string> = {}): Promise<Page> =>
  operator.upload(await operator.get(FLOWS), FLOWS, { name, bytes }, fields)

async function whenItSays(path: string, words: string): Promise<Page> {
  let page = await operator.get(path)
  await waitUntil(async () => (page = await operator.get(path)).html.includes(words))
  return page
}

async function load(
  name: string,
  bytes: Buffer,
  iuf: string,
  says: string,
): Promise<{ path: string; page: Page }> {
  const draft = pathOf(await send(name, bytes))
  const preview = await whenItSays(draft, ' Da confermare</span>')
  const path = pathOf(await operator.submit(preview, `${draft}/carica`, { iuf }))
  return { path, page: await whenItSays(path, says) }
}

describe('a sheet with doubtful rows', () => {
  let check: string
  let flow: string
  let bytes: Buffer

  it('is recognized without the tick, recalls that it is only to be checked, and shows what is doubtful', async () => {
    bytes = await sheet()
    const draft = pathOf(await send('dubbi.xlsx', bytes, { azione: 'controlla' }))
    const page = await whenItSays(draft, ' Da confermare</span>')
    const text = textOf(page)
    expect(text).toContain('si legge come foglio di calcolo')
    expect(text).toContain(
      '0 righe non si leggono; codici fiscali, mail, doppi e dovuti che ci sono già non sono ancora',
    )
    expect(text).toContain('Hai chiesto di controllarlo senza caricarlo')
    expect(text).toContain('il controllo lo fai partire tu')
    expect(page.html).toMatch(
      /btn-primary" type="submit" form="carica" name="azione" value="controlla">Controlla</,
    )
    expect(text).toContain('Scadenze già passate: 1 (riga 9)')
    expect(text).toContain('CAP che non hanno cinque cifre: 1 (riga 9)')
    expect(text).toContain('20,00 € (riga 9)')
    expect(text).toContain('1.234,50 € (riga 6)')
    expect(text).toContain('30/12/2058')
    const taken = await operator.submit(page, `${draft}/carica`, { iuf: 'DUBBI', azione: 'controlla' })
    check = pathOf(taken)
  })

  it('is checked with the rows of the sheet, the wrong values and the doubles', async () => {
    const page = await whenItSays(check, ' Controllo: 4 scarti</span>')
    const text = textOf(page)
    for (const row of [5, 6, 7, 8])
      expect(page.html).toContain(`data-label="Riga del foglio" class="mypay-amount">${row}<`)
    expect(text).toContain('È già in questo file, uguale (riga 2): togli questa riga.')
    expect(text).toContain(
      'codiceIdentificativoUnivoco “BNCCHR85H52M999”: Controlla il codice fiscale: ha 15 caratteri, ne servono 16.',
    )
    expect(text).toContain(
      'tipoDovuto “DIRITTI_VAR”: Non è un tipo dovuto attivo dell’ente: il codice più vicino è DIRITTI_VARI.',
    )
    expect(text).toContain('mailPagatore “chiara@”')
    expect(text).toContain('1 riga è uguale a un dovuto che c’è già o a un’altra riga')
    expect(text).toContain('111,00 € (3 righe)')
    expect(await stack.db('due').where('iud', 'like', 'DUB-%')).toEqual([])
  })

  it('is loaded from its check; its rejected rows have their numbers in the file with remedies', async () => {
    flow = pathOf(await operator.submit(await operator.get(check), `${check}/carica`))
    const page = await whenItSays(flow, ' Caricato con 4 scarti</span>')
    expect(textOf(page)).toContain('1 riga è uguale a un dovuto che c’è già o a un’altra riga')
    expect(page.html).not.toContain("dello stesso flusso''")
    const csv = (await operator.download(`${flow}/file/scarti-con-rimedi`)).bytes
      .toString()
      .trim()
      .split('\n')
    expect(csv[0]).toMatch(/;rimedio;riga\r?$/)
    expect(csv.slice(1).map((line) => /;(\d+)\r?$/.exec(line)![1])).toEqual(['5', '6', '7', '8'])
    const { id } = (await stack.db('due').first('id').where({ iud: 'DUB-6' })) as { id: string }
    expect(textOf(await operator.get(`/operatore/C_Q999/dovuti/${id}`))).toContain('riga 9 del foglio.')
  })

  it('has its IUDs in the list of its dues', async () => {
    const { html } = await operator.get('/operatore/C_Q999/dovuti?flusso=DUBBI')
    expect(html).toContain('data-label="IUD" class="mypay-code">DUB-1<')
    expect((await operator.get('/operatore/C_Q999/dovuti')).html).not.toContain('data-label="IUD"')
  })

  it('is not taken twice: the page says when and as what it was loaded, before anything of its name', async () => {
    const again = await send('C_Q999-DUBBI-1_3.xlsx', bytes)
    expect(again.status).toBe(422)
    expect(textOf(again)).toMatch(/Questo stesso file è già stato caricato il .* come C_Q999-DUBBI-1_3\./)
    expect(again.html).toContain(`<a href="${flow}">Apri C_Q999-DUBBI-1_3</a>`)
    expect(textOf(again)).not.toContain('IUF è già')
  })

  it('says how many of its rejected rows a correction brought back', async () => {
    const csv = (await operator.download(`${flow}/file/scarti-con-rimedi`)).bytes.toString()
    const mended = csv
      .split('\n')
      .filter((line) => !line.startsWith('DUB-1;'))
      .join('\n')
      .replace('BNCCHR85H52M999;', 'BNCCHR85H52M999M;')
      .replace('DIRITTI_VAR;', 'DIRITTI_VARI;')
      .replace('chiara@;', ';')
    const file = { name: 'corretti.csv', bytes: Buffer.from(mended) }
    const sent = await operator.upload(await operator.get(flow), `${flow}/correzione`, file, {
      iuf: 'DUBBI_C1',
    })
    await whenItSays(pathOf(sent), ' Caricato</span>')
    const page = await operator.get(flow)
    expect(textOf(page)).toContain(
      '3 delle 4 righe scartate sono state caricate con la correzione. C_Q999-DUBBI_C1-1_3.csv',
    )
    expect(page.html).toContain('<summary>Carica un’altra correzione</summary>')
    const list = textOf(await operator.get(FLOWS))
    expect(list).toContain('3 già corretti')
    expect(list).toContain('Controllo di C_Q999-DUBBI-1_3')
  })

  it('a row whose IUD is loaded says whether it is the same debt', async () => {
    const again = await xlsx([
      HEADERS,
      rowOf({ IUD: 'DUB-1' }),
      rowOf({ IUD: 'DUB-2', importoDovuto: '50,00' }),
    ])
    const { page } = await load('ancora.xlsx', again, 'ANCORA', ' Tutto scartato</span>')
    const text = textOf(page)
    expect(text).toContain('È già caricato uguale (riga 2 di C_Q999-DUBBI-1_3): togli questa riga.')
    expect(text).toContain('Questo IUD c’è già, con 45,50 € (riga 3 di C_Q999-DUBBI-1_3).')
  })

  it('a due of another file that is alike is told of, and loaded', async () => {
    const other = await xlsx([HEADERS, rowOf({ IUD: 'DUB-9' })])
    const { page } = await load('altro.xlsx', other, 'ALTRO', ' Caricato</span>')
    expect(textOf(page)).toContain('con un altro IUD): riga 2.')
  })

  it('whose stored file is gone is not recorded as downloaded, and nobody is told to ask for rights', async () => {
    const id = flow.split('/').at(-1)!
    await rm(stack.files.path(flowFiles(id).sheet))
    const page = await operator.get(`${flow}/file/originale`)
    expect(page.status).toBe(404)
    expect(textOf(page)).toContain('Questo file ora non si può scaricare')
    expect(textOf(page)).not.toContain('abilitarti')
    const traced = await stack
      .db('event')
      .where({ entity_id: id, kind: 'accessed' })
      .whereRaw(`data ->> 'detail' = 'originale'`)
    expect(traced).toEqual([])
  })
})
