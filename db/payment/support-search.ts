import type { Knex } from 'knex'
import type { SearchTerms } from '../../domain/search-terms.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvsIn } from '../../domain/iuv.ts'
import { isUuid } from '../ground/uuid.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'

type Condition = [sql: string, bindings: Knex.RawBinding[]]

/** Carts of one code: the id of a cart, an IUV of any attempt or due, a notice number, or an IUD. */
function ofCode(code: string): Condition {
  const iuvs = iuvsIn(code)
  return [
    `select id from cart where id = ?::uuid
     union select cart_id from attempt where iuv = any (?)
     union select i.cart_id from cart_item i join due d on d.id = i.due_id where d.iuv = any (?) or d.iud = ?`,
    [isUuid(code) ? code : null, iuvs, iuvs, iudOf(code)],
  ]
}

const ofFiscalCode = (code: string): Condition => [
  `select i.cart_id as id from cart_item i join due d on d.id = i.due_id where d.pagatore_codice = ?
   union select id from cart where versante_codice = ? and begun_at is not null`,
  [code, code],
]

const ofEmail = (address: string): Condition => [
  `select cart_id as id from email where lower(address) = ? and cart_id is not null
   union select id from cart where lower(versante ->> 'email') = ?`,
  [address, address],
]

/** Carts whose payer has these words in the name, or with a due whose debtor has; in any order. */
const ofName = (words: string): Condition => [
  `select i.cart_id as id from cart_item i join due d on d.id = i.due_id
     where due_words(d.ente_id, d.pagatore ->> 'anagrafica', d.causale) @@ name_query('n:', ?)
   union select id from cart where begun_at is not null and payer_words(versante ->> 'anagrafica') @@ name_query('', ?)`,
  [words, words],
]

/** An amount finds the newest payments of exactly that much, or with a due of that much among those that other terms find. */
const NEWEST = 500
const ofAmount = (cents: number): Condition => [
  `(select cart_id as id from attempt where total_cents = ? order by id desc limit ${NEWEST})`,
  [cents],
]
const hasAmount = (cents: number): Condition => [
  `exists (select from attempt a where a.cart_id = c.id and a.total_cents = ?)
   or exists (select from cart_item i join due d on d.id = i.due_id where i.cart_id = c.id and d.importo_cents = ?)`,
  [cents, cents],
]

const ofDay = (day: string): Condition => [
  `(select id from cart where begun_at ${FROM_DAY} and begun_at ${UP_TO_DAY} order by begun_at desc limit ${NEWEST})`,
  [day, day],
]
const isOnDay = (day: string): Condition => [`c.begun_at ${FROM_DAY} and c.begun_at ${UP_TO_DAY}`, [day, day]]

/**
 * SQL of the ids of the carts that all terms fit. A code or a person leads to few carts, so amounts and days then only filter those; without
 * a code or a person they are looked up by themselves, the newest first.
 */
export function cartsOf(terms: SearchTerms): { sql: string; bindings: Knex.RawBinding[] } {
  const { codes, fiscalCodes, emails, amounts, days, words } = terms
  const exact = [
    ...codes.map(ofCode),
    ...fiscalCodes.map(ofFiscalCode),
    ...emails.map(ofEmail),
    ...(words.length > 0 ? [ofName(words.join(' '))] : []),
  ]
  const sets = exact.length > 0 ? exact : [...amounts.map(ofAmount), ...days.map(ofDay)].slice(0, 1)
  const filters = [...amounts.map(hasAmount), ...days.map(isOnDay)]
  const conditions = [
    ...sets.map(([sql, bindings]): Condition => [`c.id in (${sql})`, bindings]),
    ...filters.map(([sql, bindings]): Condition => [`(${sql})`, bindings]),
  ]
  return {
    sql: `select c.id from cart c where ${conditions.map(([sql]) => sql).join(' and ') || 'false'}`,
    bindings: conditions.flatMap(([, bindings]) => bindings),
  }
}
