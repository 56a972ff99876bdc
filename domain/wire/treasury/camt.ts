import type { Item } from '../../treasury/movement.ts'
import { entryItems, type Statement } from './camt-entry.ts'
import { firstText, timeAt } from './xml-fields.ts'
import { readRecords } from './xml-records.ts'

const ASKED = new Set(['GrpHdr/CreDtTm', 'Stmt/CreDtTm', 'Stmt/Acct', 'Stmt/Ntry'])

/** A document of ISO 20022, or the envelope of CBI around its statements. */
const isRoot = (name: string): boolean => name === 'Document' || name.startsWith('CBI')

/**
 * Reads the statements of a camt.053, of any version whose elements have the same names (.02 to .08).
 * Source: docs/field/treasury.md#camt053.
 * @throws FileRefusal
 */
export async function* readCamt(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Item> {
  let statement: Statement = { account: '', madeAt: null }
  let number = 0
  for await (const { name, line, tree } of readRecords(bytes, ASKED, isRoot)) {
    if (name === 'Acct') statement = { ...statement, account: firstText(tree, ['Id/IBAN', 'Id/Othr/Id']) }
    else if (name === 'Ntry') yield* entryItems(tree, statement, { line, page: null, number: ++number })
    else statement = { ...statement, madeAt: timeAt(tree) ?? statement.madeAt }
  }
}
