import type { Knex } from 'knex'
import type { Doubt } from '../../domain/payment/known.ts'
import { ANONYMOUS, type Person } from '../../domain/person.ts'
import type { DueState } from '../../domain/states.ts'
import type { TestEnti } from '../ente/ente.ts'
import { DUE_DOUBT } from '../payment/known.ts'
import { MADE_BY, proved, type Proofs } from '../citizen/maker.ts'
import { plannedRows, someIds } from '../ground/planned.ts'

/** A due that has an IUV, with what the pages about its notice show. */
export interface NoticedDue extends Doubt {
  id: string
  enteId: string
  enteName: string
  codIpa: string
  dueTypeName: string
  causale: string
  importoCents: number
  dueOn: string | null
  iuv: string
  pagatore: Person
  state: DueState
  isExpired: boolean
  isTypeActive: boolean
  /** When the payment that holds the due began. */
  payingSince: string | null
  hasNotice: boolean
  receipts: { receiptId: string; totalCents: number }[]
}

export interface NoticeKey {
  iuv: string
  /** Fiscal code of the ente, from the QR. */
  domain?: string | undefined
  /** codIpa of the ente the citizen chose. */
  ente?: string | undefined
  /** Codice fiscale of the pagatore; absent when `name` is given. */
  codice?: string | undefined
  /** Name of the pagatore, for notices without a codice fiscale. */
  name?: string | undefined
}

const COLUMNS = `d.id, d.ente_id as "enteId", e.name as "enteName", e.cod_ipa as "codIpa", t.name as "dueTypeName", d.causale,
  d.importo_cents as "importoCents", d.due_on as "dueOn", d.iuv, d.pagatore, d.state,
  is_expired(d.due_on, t.due_on_binding) as "isExpired", t.active as "isTypeActive",
  t.notice_enabled as "hasNotice",
  (select c.begun_at from cart_item i join cart c on c.id = i.cart_id where i.due_id = d.id and i.live)
    as "payingSince", doubt."unplacedCents", doubt."isUnclear",
  coalesce((select json_agg(json_build_object('receiptId', receipt.id, 'totalCents', receipt.total_cents) order by receipt.received_at)
    from settlement s join receipt on receipt.id = s.receipt_id where s.due_id = d.id and receipt.settling), '[]') as receipts`
const TABLES = `due d join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id
  ${DUE_DOUBT}`
const VISIBLE = `(e.state = 'ESERCIZIO' or (e.state = 'PRE-ESERCIZIO' and e.cod_ipa = any (?)))`

/** SQL: the words of the pagatore's name, so that accents, apostrophes, case and order make no difference. */
const NAME = `name_words(d.pagatore ->> 'anagrafica')`

/**
 * The dues with this IUV whose pagatore the caller can name, at most 20: several enti may have given the same number. An unknown number
 * and a number of somebody else run the same statement and give the same empty result, so that nobody can try numbers out.
 * Source: docs/field/payments.md#paying-a-notice.
 */
export async function findNoticed(db: Knex, key: NoticeKey, tests: TestEnti): Promise<NoticedDue[]> {
  const rows = await plannedRows<NoticedDue>(
    db,
    `select ${COLUMNS} from ${TABLES}
     where d.iuv = ? and d.pagatore_codice = ? and ${VISIBLE}
       and (?::text is null or ${NAME} = name_words(?))
       and (?::text is null or e.codice_fiscale = ?) and (?::text is null or e.cod_ipa = ?)
     order by e.name, d.state = 'payable' desc, d.id limit 20`,
    [
      key.iuv,
      key.codice ?? ANONYMOUS,
      [...tests],
      ...twice(key.name),
      ...twice(key.domain),
      ...twice(key.ente),
    ],
  )
  return rows
}

/** The ente with the fiscal code of a QR, if its notices can be paid here. */
export async function findQrEnte(
  db: Knex,
  codiceFiscale: string,
  tests: TestEnti,
): Promise<{ codIpa: string; name: string } | undefined> {
  const { rows } = await db.raw<{ rows: { codIpa: string; name: string }[] }>(
    `select e.cod_ipa as "codIpa", e.name from ente e where e.codice_fiscale = ? and ${VISIBLE}`,
    [codiceFiscale, [...tests]],
  )
  return rows[0]
}

/** The due of a printed notice, for a caller who knows the ente and the name on it. */
export async function findPrinted(
  db: Knex,
  key: { iuv: string; ente: string; name: string },
): Promise<NoticedDue | undefined> {
  const { rows } = await db.raw<{ rows: NoticedDue[] }>(
    `select ${COLUMNS} from ${TABLES}
     where d.iuv = ? and e.cod_ipa = ? and e.state = 'ESERCIZIO' and d.state <> 'cancelled' and ${NAME} = name_words(?)`,
    [key.iuv, key.ente, key.name],
  )
  return rows[0]
}

export interface ShownNotice extends NoticedDue {
  /** True when the viewer made this due himself; then he may cancel it. */
  isMine: boolean
}

/** The present state of the notices that a session found before. */
export async function noticesById(db: Knex, ids: readonly string[], proofs: Proofs): Promise<ShownNotice[]> {
  const rows = await plannedRows<ShownNotice>(
    db,
    `select ${COLUMNS}, d.spontaneous and ${MADE_BY} as "isMine"
     from ${TABLES} where d.id = any (${someIds(ids)}) order by e.name, d.id`,
    [...proved(proofs), ...ids],
  )
  return rows
}

const twice = (value: string | undefined): (string | null)[] => [value ?? null, value ?? null]
