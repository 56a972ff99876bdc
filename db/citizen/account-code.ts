import { randomBytes, randomInt, scryptSync, timingSafeEqual } from 'node:crypto'
import type { Knex } from 'knex'
import { insertedId, rowOf } from '../ground/rows.ts'

const RESEND = '15 minutes'
const MOST_TRIES = 5

export interface AskedCode {
  codiceFiscale: string
  address: string
  language: string
  mailHost: string
  /** False when the mailbox has got its limit of mails. */
  mayWrite: boolean
}

/**
 * Makes a code of six digits that proves a new address, and stores the mail with it. `too_soon` when the account got a code less than 15
 * minutes ago. The code is stored as a salted hash; the digits themselves stay in the row of the mail until it is sent. When the mailbox
 * may get no more mails, a code is stored but no mail, and the result is `sent` all the same, so that it does not show what other people
 * sent to that mailbox.
 */
export async function askCode(
  db: Knex,
  { codiceFiscale, address, language, mailHost, mayWrite }: AskedCode,
): Promise<{ kind: 'sent'; mailId: string | undefined } | { kind: 'too_soon'; againAt: string }> {
  return db.transaction(async (trx) => {
    await lockAccount(trx, codiceFiscale)
    const { rows: recent } = await trx.raw<{ rows: { againAt: string }[] }>(
      `select created_at + ?::interval as "againAt" from account_code
       where codice_fiscale = ? and created_at > now() - ?::interval order by created_at desc limit 1`,
      [RESEND, codiceFiscale, RESEND],
    )
    if (recent[0]) return { kind: 'too_soon', againAt: recent[0].againAt }
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const salt = randomBytes(16)
    const codeId = await insertedId(
      trx('account_code')
        .insert({ codice_fiscale: codiceFiscale, address, code_hash: hashOf(code, salt), salt })
        .returning('id'),
    )
    if (!mayWrite) return { kind: 'sent', mailId: undefined }
    const mailId = await insertedId(
      trx('email')
        .insert({
          kind: 'code',
          account_code_id: codeId,
          secret: code,
          address,
          language,
          message_id: `<code.${codeId}@${mailHost}>`,
        })
        .returning('id'),
    )
    return { kind: 'sent', mailId }
  })
}

export interface WaitingCode {
  id: string
  address: string
  expiresAt: string
}

/** The code that may still be typed. Only the last code of an account is valid. */
export async function findWaitingCode(db: Knex, codiceFiscale: string): Promise<WaitingCode | undefined> {
  const last = await lastCode(db, codiceFiscale)
  return last && last.state === 'OPEN' ? last : undefined
}

export type CodeAnswer =
  /** `mailId` is the mail to the previous address; undefined when there was none or the address is the same. */
  | { kind: 'OK'; address: string; mailId: string | undefined; left: 0 }
  | { kind: 'EXPIRED' | 'MAX_TRIES' | 'WRONG_CODE' | 'NONE'; left: number }

export interface TypedCode {
  codiceFiscale: string
  typed: string
  language: string
  mailHost: string
}

/**
 * Checks a typed code, counts the try, and stores the address of the account when the code is right. The lock of the account makes
 * parallel requests wait for each other, so that they too have five tries together. `left` is the number of tries that remain.
 */
export async function tryCode(
  db: Knex,
  { codiceFiscale, typed, language, mailHost }: TypedCode,
): Promise<CodeAnswer> {
  return db.transaction(async (trx) => {
    await lockAccount(trx, codiceFiscale)
    const code = await lastCode(trx, codiceFiscale)
    if (!code || code.state === 'USED') return { kind: 'NONE', left: 0 }
    if (code.state !== 'OPEN') return { kind: code.state, left: 0 }
    const isRight = timingSafeEqual(code.codeHash, hashOf(typed, code.salt))
    const change = isRight ? { used_at: trx.fn.now() } : { tries: code.tries + 1 }
    await trx('account_code').where({ id: code.id }).update(change)
    const left = MOST_TRIES - code.tries - 1
    if (!isRight) return { kind: left === 0 ? 'MAX_TRIES' : 'WRONG_CODE', left }
    const mailId = await tellOldAddress(trx, code, { codiceFiscale, language, mailHost })
    await trx('citizen_account').where({ codice_fiscale: codiceFiscale }).update({ email: code.address })
    return { kind: 'OK', address: code.address, mailId, left: 0 }
  })
}

/** Stores a mail to the previous address of the account, because its owner gets no further mails there. Returns its id. */
async function tellOldAddress(
  trx: Knex,
  { id, address }: Pick<WaitingCode, 'id' | 'address'>,
  { codiceFiscale, language, mailHost }: Omit<TypedCode, 'typed'>,
): Promise<string | undefined> {
  const query = trx('citizen_account').where({ codice_fiscale: codiceFiscale }).first('email')
  const old = (await rowOf<{ email: string | null }>(query))?.email
  if (!old || old.toLowerCase() === address.toLowerCase()) return undefined
  return insertedId(
    trx('email')
      .insert({ kind: 'address', address: old, language, message_id: `<address.${id}@${mailHost}>` })
      .returning('id'),
  )
}

type CodeRow = WaitingCode & {
  state: 'OPEN' | 'USED' | 'EXPIRED' | 'MAX_TRIES'
  tries: number
  codeHash: Buffer
  salt: Buffer
}

async function lastCode(db: Knex, codiceFiscale: string): Promise<CodeRow | undefined> {
  const { rows } = await db.raw<{ rows: CodeRow[] }>(
    `select id, address, expires_at as "expiresAt", tries, code_hash as "codeHash", salt,
       case when used_at is not null then 'USED' when tries >= ? then 'MAX_TRIES'
         when expires_at <= now() then 'EXPIRED' else 'OPEN' end as state
     from account_code where codice_fiscale = ? order by created_at desc limit 1`,
    [MOST_TRIES, codiceFiscale],
  )
  return rows[0]
}

async function lockAccount(trx: Knex, codiceFiscale: string): Promise<void> {
  await trx('citizen_account').where({ codice_fiscale: codiceFiscale }).forUpdate().first('codice_fiscale')
}

const hashOf = (code: string, salt: Buffer): Buffer => scryptSync(code.slice(0, 12), salt, 32)
