import type { Knex } from 'knex'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'
import { bookBirths } from '../mail/notice-book.ts'
import { copyRows, type CopyValue } from '../ground/copy.ts'
import { uuidv7 } from '../ground/uuid.ts'
import type { DueOrigin } from './known-dues.ts'

export interface DueRow {
  row: number
  due: FlowDue
  /** The IUV of the due after this row. The platform draws it when the row wants one. */
  iuv: string | undefined
  contentHash: string
}

const DUE_COLUMNS = [
  'id',
  'ente_id',
  'ente_due_type_id',
  'iud',
  'iuv',
  'importo_cents',
  'causale',
  'pagatore_codice',
  'pagatore',
  'due_on',
  'bilancio',
  'flow_id',
  'flow_row',
  'tipo_versamento',
  'commissione_cents',
  'generates_iuv',
  'content_hash',
] as const

export const SHARE_COLUMNS = [
  'due_id',
  'position',
  'domain',
  'ente_id',
  'ente_name',
  'iban',
  'importo_cents',
  'dati_specifici_riscossione',
  'causale',
  'address',
] as const

/**
 * Stores new dues and their shares by COPY, and books the notices by mail of those whose type sends them. `origin` and `settings` are
 * those of their ente and file.
 * @param isReborn the dues take the place of others: their debtors know of them already
 */
export async function insertDues(
  trx: Knex.Transaction,
  origin: DueOrigin,
  settings: FlowSettings,
  rows: readonly DueRow[],
  { isReborn }: { isReborn: boolean } = { isReborn: false },
): Promise<void> {
  if (rows.length === 0) return
  const ids = rows.map(() => uuidv7())
  await copyRows(
    trx,
    { table: 'due', columns: DUE_COLUMNS },
    rows.map(({ row, due, iuv, contentHash }, at): CopyValue[] => [
      ids[at],
      origin.enteId,
      due.dueType.id,
      due.iud,
      iuv,
      totalOf(due),
      due.causale,
      due.pagatore.codice,
      JSON.stringify(due.pagatore),
      due.dueOn,
      due.bilancio,
      origin.flowId,
      origin.flowId === null ? null : row,
      due.tipoVersamento,
      due.commissione,
      due.generatesIuv,
      Buffer.from(contentHash, 'hex'),
    ]),
  )
  await copyRows(
    trx,
    { table: 'due_share', columns: SHARE_COLUMNS },
    rows.flatMap(({ due }, at) => shareRows(ids[at]!, origin, settings, due)),
  )
  if (!isReborn)
    await bookBirths(
      trx,
      ids.filter((_, at) => rows[at]!.due.dueType.mailsNotice),
    )
}

/** The cents that the pagatore owes: both shares together. */
export const totalOf = (due: FlowDue): number => due.importo + (due.secondary?.importo ?? 0)

/** One or two rows of `due_share`, with their values in the order of SHARE_COLUMNS. */
export function shareRows(
  dueId: string,
  { enteId }: DueOrigin,
  settings: FlowSettings,
  due: FlowDue,
): CopyValue[][] {
  const { dueType, importo, datiSpecifici, causale, secondary } = due
  const primary: CopyValue[] = [
    dueId,
    1,
    settings.domain,
    enteId,
    settings.enteName,
    dueType.iban,
    importo,
    datiSpecifici,
    causale,
    null,
  ]
  if (!secondary) return [primary]
  return [
    primary,
    [
      dueId,
      2,
      secondary.domain,
      null,
      secondary.name,
      secondary.iban,
      secondary.importo,
      secondary.datiSpecifici,
      secondary.causale ?? causale,
      JSON.stringify(secondary.address),
    ],
  ]
}
