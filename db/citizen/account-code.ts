import { randomBytes, randomInt, scryptSync, timingSafeEqual } from 'node:crypto'
import type { Knex } from 'knex'

const RESEND = '15 minutes'
const MOST_TRIES = 5

export interface AskedCode {
  codiceFiscale: string
  address: string
  language: string
  mailHost: string
  /** Whether the mailbox may get one more mail. */
  mayWrite: boolean
}

/**
 * Six digits for a new address, and the mail that carries them; not again before 15 minutes. Only a salted hash stays;
 * the digits rest in the mail's row until it has left. Without room in the mailbox a code is made that nobody is told: who asks
 * learns nothing about what others sent there.
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
    const [made] = (await trx('account_code')
      .insert({ codice_fiscale: codiceFiscale, address, code_hash: hashOf(code, salt), salt })
      .returning('id')) as { id: string }[]
    if (!mayWrite) return { kind: 'sent', mailId: undefined }
    const [mail] = (await trx('email')
      .insert({
        kind: 'code',
        account_code_id: made!.id,
        secret: code,
        address,
        language,
        message_id: `<code.${made!.id}@${mailHost}>`,
      })
      .returning('id')) as { id: string }[]
    return { kind: 'sent', mailId: mail!.id }
  })
}

export interface WaitingCode {
  id: string
  address: string
  expiresAt: string
}

/** The code that may still be typed; only the last one asked counts. */
export async function findWaitingCode(db: Knex, codiceFiscale: string): Promise<WaitingCode | undefined> {
  const last = await lastCode(db, codiceFiscale)
  return last && last.state === 'OPEN' ? last : undefined
}

export type CodeAnswer =
  /** `mailId`: of the mail to the address before, when there was another. */
  | { kind: 'OK'; address: string; mailId: string | undefined; left: 0 }
  | { kind: 'EXPIRED' | 'MAX_TRIES' | 'WRONG_CODE' | 'NONE'; left: number }

export interface TypedCode {
  codiceFiscale: string
  typed: string
  language: string
  mailHost: string
}

/** Counts the try first: a thousand browsers at once still have five. */
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

/** Who loses the account's mail hears of it where he still reads. */
async function tellOldAddress(
  trx: Knex,
  { id, address }: Pick<WaitingCode, 'id' | 'address'>,
  { codiceFiscale, language, mailHost }: Omit<TypedCode, 'typed'>,
): Promise<string | undefined> {
  const account = (await trx('citizen_account').where({ codice_fiscale: codiceFiscale }).first('email')) as
    { email: string | null } | undefined
  const old = account?.email
  if (!old || old.toLowerCase() === address.toLowerCase()) return undefined
  const [mail] = (await trx('email')
    .insert({ kind: 'address', address: old, language, message_id: `<address.${id}@${mailHost}>` })
    .returning('id')) as { id: string }[]
  return mail!.id
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
