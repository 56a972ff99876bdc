import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Knex } from 'knex'
import type { ProcessList } from './processes.ts'

/** Shorter names are not searched for, because they would be found in any text. */
const SHORTEST = 6
const AT_A_TIME = 500

/**
 * I16: searches logs and process histories for the codici fiscali, names and e-mail addresses of the database. Returns the
 * places where one was found, never the personal data itself.
 */
export async function findPersons(
  trx: Knex,
  places: { logs: readonly string[]; processes: ProcessList | undefined },
): Promise<string[]> {
  const patterns = await personsAsPatterns(trx)
  const isPersonal = (text: string): boolean => patterns.some((pattern) => pattern.test(text))
  const found: string[] = []
  for (const file of places.logs) {
    const line = await firstLine(file, isPersonal)
    if (line !== undefined) found.push(`log ${file}, line ${line}`)
  }
  if (places.processes)
    for await (const { id, text } of places.processes.readable())
      if (isPersonal(text)) found.push(`history of a process of type ${id.split(':')[0]}`)
  const { rows } = await trx.raw<{ rows: { iud: string; message_id: string }[] }>(
    `select iud, '' as message_id from due union all select '', message_id from email`,
  )
  if (rows.some((row) => isPersonal(row.iud) || isPersonal(row.message_id))) found.push('an id of ours')
  return found
}

async function personsAsPatterns(trx: Knex): Promise<RegExp[]> {
  const { rows } = await trx.raw<{ rows: { text: string }[] }>(
    `select distinct text from (
       select pagatore as person from due union all select versante from cart) p
     cross join lateral (values (person ->> 'codice'), (person ->> 'anagrafica'), (person ->> 'email')) as v(text)
     where length(text) >= ? union select distinct address from email`,
    [SHORTEST],
  )
  const escaped = rows.map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  const patterns: RegExp[] = []
  for (let from = 0; from < escaped.length; from += AT_A_TIME)
    patterns.push(new RegExp(escaped.slice(from, from + AT_A_TIME).join('|'), 'i'))
  return patterns
}

async function firstLine(file: string, isPersonal: (text: string) => boolean): Promise<number | undefined> {
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    number++
    if (isPersonal(line)) return number
  }
  return undefined
}
