import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { FileStore } from '../../services/file-store.ts'
import { FLOW_COLUMNS, type ColumnHeader } from '../../domain/flow/columns.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { aFlow, loadFlow, rejectsOf } from '../flows/world.ts'
import { textOf } from './citizen-site.ts'
import { CODE } from './operators.ts'
import { typed, type Page, type Visitor } from './visitor.ts'

/** The keys of a due that a test tries to reach, or of a due that does not exist. */
export interface Target {
  id: string
  iud: string
  iuv: string
  code: string
}

type Row = Partial<Record<ColumnHeader, string>>

const USUAL: Row = {
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  dataEsecuzionePagamento: '2099-12-31',
  importoDovuto: '24.50',
  causaleVersamento: 'Causale di prima',
  datiSpecificiRiscossione: '9/0114100TS/PROVA',
}

export interface Senders {
  db: Knex
  files: FileStore
  /** Operator who sends the files; null for the software of the ente. */
  operatorId: string | null
  /** Browser that opens the pages. */
  visitor: Visitor
  /** Code of a type of due that the operator may use. */
  ownCode: string
}

/**
 * Loads a file of one row into the ente with that code. Returns the counts of the flow as JSON or, for a rejected row, its
 * code and text with the IUD masked.
 */
export async function sendRow(
  { db, files, operatorId }: Pick<Senders, 'db' | 'files' | 'operatorId'>,
  row: Row,
  codIpa = CODE,
): Promise<string> {
  const { id: enteId } = (await db('ente').first('id').where({ cod_ipa: codIpa })) as { id: string }
  const columns = FLOW_COLUMNS['1_4']
  const fields = columns.map(({ header }) => row[header] ?? USUAL[header] ?? '')
  const csv = [columns.map(({ header }) => header).join(';'), fields.join(';')].join('\n')
  const fixture = { db, files, world: { enteId, operatorId: operatorId as string, codIpa } }
  const base = `${codIpa}-${randomUUID().slice(0, 8)}-1_4`
  const flow = await loadFlow(fixture, await aFlow(fixture, { base, csv }))
  const [reject] = await rejectsOf(db, flow.id)
  if (reject) return masked(`${reject.code} ${reject.text}`, row.IUD!)
  const { rowsLoaded, rowsChanged, rowsCancelled, rowsUnchanged } = flow
  return JSON.stringify({ rowsLoaded, rowsChanged, rowsCancelled, rowsUnchanged })
}

const masked = (text: string, iud: string): string => text.replaceAll(iud, '…')

let drawn = 0
/** Keys of a due that does not exist; each call gives new ones. */
export function noTarget(segregationCode: string, code: string): Target {
  const progressive = 700_000 + ++drawn
  const iuv = iuv17({ segregationCode, sil: '09', progressive })
  return { id: randomUUID(), iud: `VIA-${progressive}`, iuv, code }
}

/** Loads a due of an ente as its software would; returns its keys. */
export async function aTarget(
  from: Pick<Senders, 'db' | 'files'>,
  { codIpa, segregationCode, code }: { codIpa: string; segregationCode: string; code: string },
): Promise<Target> {
  const target = noTarget(segregationCode, code)
  const told = await sendRow({ ...from, operatorId: null }, rowOf(target, code, 'I'), codIpa)
  const due = (await from.db('due').first('id').where({ iud: target.iud })) as { id: string } | undefined
  if (!due) throw new Error(`not loaded: ${told}`)
  return { ...target, id: due.id }
}

const rowOf = ({ iud, iuv }: Pick<Target, 'iud' | 'iuv'>, code: string, azione: string): Row => ({
  IUD: iud,
  codIuv: iuv,
  tipoDovuto: code,
  azione,
})

/** Every way in which an operator or the software of an ente can name a due. Each returns the answer as one text. */
export const DUE_WAYS = {
  'file A, another type': (from, due) => sendRow(from, rowOf(due, from.ownCode, 'A')),
  'file A, its type': (from, due) => sendRow(from, rowOf(due, due.code, 'A')),
  'file M, another type': (from, due) => sendRow(from, { ...rowOf(due, from.ownCode, 'M'), ...OTHER }),
  'file M, its type': (from, due) => sendRow(from, { ...rowOf(due, due.code, 'M'), ...OTHER }),
  'file M, every value equal': (from, due) => sendRow(from, rowOf(due, due.code, 'M')),
  'file I, its IUD': (from, due) => sendRow(from, { ...rowOf(due, from.ownCode, 'I'), codIuv: '' }),
  'file I, its IUV': (from, due) => sendRow(from, { ...rowOf(due, from.ownCode, 'I'), IUD: `${due.iud}-B` }),
  'file I, its IUD and type': (from, due) => sendRow(from, rowOf(due, due.code, 'I')),
  'page, change': async ({ visitor }, due) => {
    const path = `/operatore/${CODE}/dovuti/${due.id}/modifica`
    const page = await visitor.get(path)
    if (page.status !== 200) return toldBy(page)
    const fields = { ...typed(page), causaleVersamento: 'Causale di dopo' }
    return toldBy(await visitor.submit(page, '/modifica', fields))
  },
  'page, cancel': async ({ visitor }, due) => {
    const form = aimedAt(await visitor.get(`/operatore/${CODE}/dovuti/nuovo`), due, 'annulla')
    return toldBy(await visitor.submit(form, '/annulla'))
  },
  'page, notice by mail': async ({ visitor }, due) => {
    const form = aimedAt(await visitor.get(`/operatore/${CODE}/dovuti/nuovo`), due, 'avviso-email')
    return toldBy(await visitor.submit(form, '/avviso-email'))
  },
  'page, new with its IUV': async ({ visitor, ownCode }, due) => {
    const form = await visitor.get(`/operatore/${CODE}/dovuti/nuovo`)
    const importoDovuto = '12,34'
    const row = { ...USUAL, ...rowOf(due, ownCode, 'I'), importoDovuto, nazionePagatore: 'IT' }
    const { IUD: _, azione: __, ...fields } = row
    return toldBy(await visitor.submit(form, '/nuovo', { ...fields, flgGeneraIuv: 'false' }))
  },
} satisfies Record<string, (from: Senders, due: Target) => Promise<string>>

const OTHER: Row = { causaleVersamento: 'Causale di dopo' }

/** The page with the action of its form changed, so that the form is sent to an address of this due. */
const aimedAt = (page: Page, due: Target, action: string): Page => ({
  ...page,
  html: page.html.replace(/action="[^"]*\/nuovo"/, `action="/operatore/${CODE}/dovuti/${due.id}/${action}"`),
})

/** The status of the answer and, for 422, the summary of errors on its page. */
function toldBy(page: Page): string {
  if (page.status !== 422) return String(page.status)
  const [summary] = /id="errori">[\s\S]*?<\/ul>/.exec(page.html) ?? ['']
  return `${page.status} ${textOf({ ...page, html: `<p ${summary}` }).trim()}`
}
