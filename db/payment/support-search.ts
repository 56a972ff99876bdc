import type { Knex } from 'knex'
import { partsOf, type PartOf, type SearchPart } from '../../domain/search-terms.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvsIn } from '../../domain/iuv.ts'
import { isUuid } from '../ground/uuid.ts'
import { FROM_DAY, UP_TO_DAY } from '../ground/rome.ts'

type Condition = [sql: string, bindings: Knex.RawBinding[]]

/** Terms that lead to many carts are looked for among the newest ones only. */
const NEWEST = 500
/** Words that are in more dues than this are too common to lead to carts: they only filter. */
const COMMON = 5_000
/** The newest payments among which words that are too common are looked for, when nothing else is known. */
export const LATEST = 5_000

/** SQL: true when there are such rows. It is asked once for each cart and never reads a whole table, as one with exists could. */
const some = (rows: string): string => `(select true from ${rows} limit 1) is true`

/** Carts of one code: the id of a cart, an IUV of any attempt or due, a notice number, or an IUD. */
function ofCode(code: string): Condition {
  const iuvs = iuvsIn(code)
  return [
    `select id from cart where id = ?::uuid
     union select cart_id from attempt where iuv = any (?)
     union select cart_id from cart_item where due_id = any (array(
       select id from due where iuv = any (?)
       -- An index has the IUDs of each ente.
       union all select d.id from ente e join due d on d.ente_id = e.id and d.iud = ? and d.state <> 'cancelled'
       union all select d.id from ente e join due d on d.ente_id = e.id and d.iud = ? and d.state = 'cancelled'))`,
    [isUuid(code) ? code : null, iuvs, iuvs, iudOf(code), iudOf(code)],
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

/** SQL: dues `d` whose words fit a query of `dueWords`. It is the expression of the index `due_words`. */
const WORDS_OF_DUE = `due_words(d.ente_id, d.pagatore ->> 'anagrafica', d.causale)`

/** The query for dues in which each of these words begins a word of the debtor's name, of the causale, or of the name of the ente. */
const dueWords = (words: readonly string[]): Condition => [
  words
    .map(
      () => `(name_query('n:', ?) || name_query('c:', ?) || coalesce(
        (select string_agg('''e:' || id || '''', ' | ')::tsquery from ente where ' ' || folded(name) like '% ' || nullif(folded(?), '') || '%'), ''))`,
    )
    .join(' && '),
  words.flatMap((word) => [word, word, word]),
]

/** Carts with a due that has these words, or whose payer has them all in the name; in any order. */
function ofWords(words: readonly string[]): Condition {
  const [query, bindings] = dueWords(words)
  return [
    `select cart_id as id from cart_item
       where due_id = any (array(select d.id from due d where ${WORDS_OF_DUE} @@ (${query}) limit ${COMMON + 1}))
     union select id from cart where begun_at is not null and payer_words(versante ->> 'anagrafica') @@ name_query('', ?)`,
    [...bindings, words.join(' ')],
  ]
}
function hasWords(words: readonly string[]): Condition {
  const [query, bindings] = dueWords(words)
  return [
    `${some(`cart_item i join due d on d.id = i.due_id where i.cart_id = c.id and ${WORDS_OF_DUE} @@ (${query})`)}
     or payer_words(c.versante ->> 'anagrafica') @@ name_query('', ?)`,
    [...bindings, words.join(' ')],
  ]
}

const ofAmount = (cents: number): Condition => [
  `(select cart_id as id from attempt where total_cents = ? order by id desc limit ${NEWEST})`,
  [cents],
]
const hasAmount = (cents: number): Condition => [
  `${some('attempt a where a.cart_id = c.id and a.total_cents = ?')}
   or ${some('cart_item i join due d on d.id = i.due_id where i.cart_id = c.id and d.importo_cents = ?')}`,
  [cents, cents],
]
const hasNumber = ({ text, cents }: PartOf<'number'>): Condition =>
  eitherOf([hasAmount(cents), hasWords([text])])

const ofDays = (days: readonly string[]): Condition =>
  eitherOf(
    days.map((day) => [
      `(select id from cart where begun_at ${FROM_DAY} and begun_at ${UP_TO_DAY} order by begun_at desc limit ${NEWEST})`,
      [day, day],
    ]),
    ' union all ',
  )
const isOnDay = (days: readonly string[]): Condition =>
  eitherOf(days.map((day) => [`c.begun_at ${FROM_DAY} and c.begun_at ${UP_TO_DAY}`, [day, day]]))

const LATEST_CARTS: Condition = [
  `(select id from cart where begun_at is not null order by begun_at desc limit ${LATEST})`,
  [],
]

const eitherOf = (conditions: readonly Condition[], or = ' or '): Condition => [
  conditions.map(([sql]) => sql).join(or),
  conditions.flatMap(([, bindings]) => bindings),
]

/** True when these parts have words, and more dues have those words than can be looked through one by one. */
export async function areWordsCommon(db: Knex, parts: readonly SearchPart[]): Promise<boolean> {
  const words = wordsIn(parts)
  if (words.length === 0) return false
  const [query, bindings] = dueWords(words)
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count from (select from due d where ${WORDS_OF_DUE} @@ (${query}) limit ?) found`,
    [...bindings, COMMON + 1],
  )
  return rows[0]!.count > COMMON
}

const wordsIn = (parts: readonly SearchPart[]): string[] => partsOf(parts, 'word').map(({ text }) => text)

/**
 * SQL of the ids of the carts that all parts fit. A code or a person leads to few carts, so amounts and days then only filter those; without
 * a code or a person they are looked up by themselves, the newest first. Words that are too common only filter too.
 */
export function cartsOf(
  parts: readonly SearchPart[],
  { isCommon }: { isCommon: boolean },
): { sql: string; bindings: Knex.RawBinding[]; isPartial: boolean } {
  const words = wordsIn(parts)
  const numbers = partsOf(parts, 'number')
  const amounts = partsOf(parts, 'amount').map(({ cents }) => cents)
  const days = partsOf(parts, 'day').map((part) => part.days)
  const exact = [
    // Causali contain codes too.
    ...partsOf(parts, 'code').map(({ text }) => eitherOf([ofCode(text), ofWords([text])], ' union ')),
    ...partsOf(parts, 'fiscalCode').map(({ text }) => ofFiscalCode(text)),
    ...partsOf(parts, 'email').map(({ text }) => ofEmail(text)),
    ...(words.length > 0 && !isCommon ? [ofWords(words)] : []),
  ]
  const wide = [
    ...amounts.map(ofAmount),
    ...days.map(ofDays),
    ...(words.length > 0 ? [LATEST_CARTS] : []),
    ...numbers.map(({ cents }) => ofAmount(cents)),
  ]
  const sets = exact.length > 0 ? exact : wide.slice(0, 1)
  const filters = [
    ...amounts.map(hasAmount),
    ...days.map(isOnDay),
    ...numbers.map(hasNumber),
    ...(words.length > 0 && isCommon ? [hasWords(words)] : []),
  ]
  // The planner takes an array for few ids, and looks each one up.
  const [ids, idBindings] = eitherOf(
    sets.map(([sql, bindings]): Condition => [`(${sql})`, bindings]),
    ' intersect ',
  )
  const conditions = [
    ...(sets.length > 0 ? [[`c.id = any (array(${ids}))`, idBindings] satisfies Condition] : []),
    ...filters.map(([sql, bindings]): Condition => [`(${sql})`, bindings]),
  ]
  return {
    sql: `select c.id from cart c where ${conditions.map(([sql]) => sql).join(' and ') || 'false'}`,
    bindings: conditions.flatMap(([, bindings]) => bindings),
    isPartial: sets[0] === LATEST_CARTS,
  }
}
