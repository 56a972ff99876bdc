import { normalizeFiscalId } from '../../codice-fiscale.ts'
import { FileRefusal, type Item } from '../../treasury/movement.ts'
import type { XmlTree } from '../xml-tree.ts'
import { itemsOfMovement, type Journal } from './opi-movement.ts'
import { textAt, timeAt, xmlFields } from './xml-fields.ts'
import { readRecords, type XmlRecord } from './xml-records.ts'

const ROOT = 'flusso_giornale_di_cassa'
const OF_ROOT = ['testata_messaggio', 'pagina', 'pagine_totali', 'esercizio', 'Signature']
const OF_ACCOUNT = ['conto_evidenza', 'movimento_conto_evidenza']
const ASKED = new Set([
  ...OF_ROOT.map((name) => `${ROOT}/${name}`),
  ...OF_ACCOUNT.map((name) => `informazioni_conto_evidenza/${name}`),
])

/** The file as a whole, in the list of what is odd. */
const OF_FILE = { line: 1, page: null, number: 0 }

/**
 * Reads one file of a giornale di cassa, versions 1.4 to 1.8. The caller has unpacked a zip, and gives what the pages say to `judgePages`.
 * Source: docs/field/treasury.md#giornale-di-cassa.
 * @param ente whose journal it must be
 * @throws FileRefusal, also after movements that are right by themselves
 */
export async function* readOpi(
  bytes: AsyncIterable<Uint8Array>,
  ente: { codiceFiscale: string },
): AsyncGenerator<Item> {
  const seen = { journal: blankJournal(), page: null as number | null, pages: null as number | null }
  let [hasHead, isSigned, number] = [false, false, 0]
  for await (const record of readRecords(bytes, ASKED, (name) => name === ROOT)) {
    if (record.name === 'testata_messaggio') {
      hasHead = true
      seen.journal = { ...seen.journal, ...headOf(record.tree, ente.codiceFiscale) }
      if (seen.journal.madeAt === null) yield headFault(record)
    } else if (record.name === 'movimento_conto_evidenza') {
      if (!hasHead) throw new FileRefusal({ kind: 'other_ente', found: '' })
      const place = { line: record.line, page: seen.page, number: ++number }
      yield* itemsOfMovement(record.tree, seen.journal, place)
    } else if (record.name === 'Signature') isSigned = true
    else noteHead(seen, record)
  }
  if (!hasHead) throw new FileRefusal({ kind: 'other_ente', found: '' })
  if (!isSigned)
    yield { kind: 'fault', fault: { place: OF_FILE, code: 'unsigned', field: 'Signature', value: '' } }
  yield { kind: 'page', page: { page: seen.page, pages: seen.pages } }
}

const blankJournal = (): Journal => ({ abi: '', enteNumber: '', year: null, account: '', madeAt: null })

function headOf(head: XmlTree, codiceFiscale: string): Pick<Journal, 'abi' | 'enteNumber' | 'madeAt'> {
  const found = textAt(head, 'codice_fiscale_ente')
  if (normalizeFiscalId(found) !== codiceFiscale)
    throw new FileRefusal({ kind: 'other_ente', found: found.slice(0, 16) })
  return {
    abi: textAt(head, 'codice_ABI_BT'),
    enteNumber: textAt(head, 'codice_ente_BT'),
    madeAt: timeAt(head, 'data_ora_creazione_flusso'),
  }
}

/** Without its time a journal can be read, but it is not known whether it corrects another. */
function headFault({ line, tree }: XmlRecord): Item {
  const fields = xmlFields(tree)
  const field = 'data_ora_creazione_flusso'
  fields.fault(fields.text(field) === '' ? 'missing' : 'day', field)
  return fields.items({ ...OF_FILE, line }, () => ({ kind: 'passed', place: OF_FILE }))[0]!
}

function noteHead(
  seen: { journal: Journal; page: number | null; pages: number | null },
  { name, tree }: XmlRecord,
): void {
  const text = tree.text.trim()
  if (name === 'conto_evidenza') seen.journal = { ...seen.journal, account: text }
  const value = /^\d{1,7}$/.test(text) ? Number(text) : null
  if (name === 'pagina') seen.page = value
  if (name === 'pagine_totali') seen.pages = value
  if (name === 'esercizio') seen.journal = { ...seen.journal, year: value }
}
