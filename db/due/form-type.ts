import type { Knex } from 'knex'
import { mayUseDueType } from '../ente/due-type-access.ts'
import { rowOf } from '../ground/rows.ts'
import type { DueReader } from './dues.ts'

/** A type of due with what the form of a new due asks because of it. */
export interface FormDueType {
  code: string
  name: string
  /** The code of the taxonomy that dues of the type have. */
  datiSpecifici: string
  dueOnBinding: boolean
  printDueOn: boolean
  /** A payer may have no fiscal code. */
  anonymousPayer: boolean
  /** The form from which amount, causale and bilancio are computed, as JSON. */
  form: unknown
}

/** An active type that this reader may use; undefined when there is none with this code or he may not. */
export const formDueType = (db: Knex, reader: DueReader, code: string): Promise<FormDueType | undefined> =>
  rowOf<FormDueType>(
    db('ente_due_type')
      .first({
        code: 'code',
        name: 'name',
        datiSpecifici: 'dati_specifici_riscossione',
        dueOnBinding: 'due_on_binding',
        printDueOn: 'print_due_on',
        anonymousPayer: 'anonymous_payer',
        form: 'form',
      })
      .where({ ente_id: reader.enteId, code, active: true })
      .whereRaw(mayUseDueType('?', 'ente_due_type.id'), [reader.operatorId]),
  )
