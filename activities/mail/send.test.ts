import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../simulator/server.ts'
import { testDatabase, type TestDatabase } from '../../test/setup/database.ts'
import { KEYS } from '../../test/setup/keys.ts'
import { insertedId } from '../../db/ground/rows.ts'
import { createMailer } from './mailer.ts'
import { IN_DOUBT } from '../../db/mail/email.ts'
import { createMailActivities } from './send.ts'

const PATIENCE = { initial: 1, max: 1 }

let database: TestDatabase
let simulator: Simulator
const folder = mkdtempSync(join(tmpdir(), 'mypay-mail-'))

beforeAll(async () => {
  database = await testDatabase()
  simulator = await startSimulator({
    port: 0,
    smtpPort: 0,
    dataDir: folder,
    nodePortUrl: 'http://127.0.0.1:1',
    returnUrl: 'http://127.0.0.1:1/ritorno',
    broker: '99999900014',
    station: '99999900014_01',
    password: 'password1',
    settings: {},
  })
})
afterAll(async () => {
  await simulator.close()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => simulator.behave({ clear: true }))

interface Mail {
  mailId: string
  address: string
}

async function aMail(): Promise<Mail> {
  const address = `anna.${randomUUID()}@example.org`
  const linkId = await insertedId(
    database
      .db('email_link')
      .insert({
        token_hash: randomBytes(32),
        address,
        draft: { enteName: 'Comune di Prova' },
        expires_at: database.db.raw(`now() + interval '1 hour'`),
      })
      .returning('id'),
  )
  const mailId = await insertedId(
    database
      .db('email')
      .insert({
        kind: 'link',
        email_link_id: linkId,
        secret: 'a-token',
        address,
        message_id: `<${randomUUID()}@localhost>`,
      })
      .returning('id'),
  )
  return { mailId, address }
}

const attempt = async (
  mailId: string,
  url = simulator.smtpUrl,
  claimer = `send-mail:${mailId}`,
): Promise<string> => {
  const mailer = createMailer({ url, from: 'MyPay <noreply@mypay.example>' })
  const deps = {
    db: database.db,
    mailer,
    publicUrl: 'http://127.0.0.1:3000',
    linkKeys: KEYS.link,
    isTest: true,
  }
  const { sendMail } = createMailActivities(deps)
  const work = (): Promise<string> => sendMail({ mailId, claimer, patience: PATIENCE }).then(({ end }) => end)
  return new MockActivityEnvironment()
    .run<[], string, typeof work>(work)
    .catch((error: Error) => error.message)
}

const rowOf = ({ mailId }: Mail): Promise<unknown> =>
  database
    .db('email')
    .first({ state: 'state', answer: 'last_answer', tries: 'tries', inDoubt: 'in_doubt' })
    .where({ id: mailId })

const arrived = ({ address }: Mail): number =>
  simulator.state(0, Number.MAX_SAFE_INTEGER).mails.filter(({ to }) => to.includes(address)).length

const misbehave = (rule: object): void =>
  simulator.behave({ rules: [{ operation: 'smtp', ...rule }] } as Parameters<Simulator['behave']>[0])

it('sends once, and a second try of the same mail sends nothing', async () => {
  const mail = await aMail()
  expect([await attempt(mail.mailId), await attempt(mail.mailId)]).toEqual(['sent', 'not_ours'])
  expect(arrived(mail)).toBe(1)
  expect(await rowOf(mail)).toMatchObject({ state: 'sent', answer: '250', tries: 1 })
})

it('the answer lost after the mail was handed over: once more, and then never again', async () => {
  const mail = await aMail()
  misbehave({ kind: 'drop', when: 'after', times: 9 })
  for (let tries = 0; tries < 2; tries += 1) expect(await attempt(mail.mailId)).toMatch(/MAIL_UNREACHABLE/)
  expect(await attempt(mail.mailId)).toBe('refused')
  expect(arrived(mail)).toBe(2)
  expect(await rowOf(mail)).toEqual({ state: 'failed', answer: IN_DOUBT, tries: 2, inDoubt: 2 })
})

it.each([
  ['nobody listens', () => 'smtp://127.0.0.1:1'],
  [
    'the address is put off',
    () => {
      misbehave({ kind: 'refuse', code: 450, times: 5 })
      return simulator.smtpUrl
    },
  ],
])(
  '%s: however often, nothing is in doubt, and the mail arrives once when all is well',
  async (_, prepare) => {
    const mail = await aMail()
    const url = prepare()
    for (let tries = 0; tries < 5; tries += 1)
      expect(await attempt(mail.mailId, url)).toMatch(/MAIL_UNREACHABLE/)
    expect(await rowOf(mail)).toMatchObject({ state: 'pending', tries: 5, inDoubt: 0 })
    expect(await attempt(mail.mailId)).toBe('sent')
    expect(arrived(mail)).toBe(1)
  },
)

it('an address refused for good is not tried again, and the code is kept', async () => {
  const mail = await aMail()
  misbehave({ kind: 'refuse', code: 550, times: 1 })
  expect(await attempt(mail.mailId)).toBe('refused')
  expect(await rowOf(mail)).toMatchObject({ state: 'failed', answer: '550' })
})

it('an address that is no longer the account’s is told so', async () => {
  const address = `old.${randomUUID()}@example.org`
  const mailId = await insertedId(
    database
      .db('email')
      .insert({ kind: 'address', address, message_id: `<${randomUUID()}@localhost>` })
      .returning('id'),
  )
  expect(await attempt(mailId)).toBe('sent')
  expect(arrived({ mailId, address })).toBe(1)
})

it('a mail another process holds is not handed over', async () => {
  const mail = await aMail()
  await database.db('email').where({ id: mail.mailId }).update({ claimed_by: 'somebody else' })
  expect(await attempt(mail.mailId)).toBe('not_ours')
  expect(arrived(mail)).toBe(0)
})

it('ten tries of one mail at once, all answers lost: at most two arrive', async () => {
  const mail = await aMail()
  misbehave({ kind: 'drop', when: 'after', times: 99 })
  await Promise.all(Array.from({ length: 10 }, () => attempt(mail.mailId)))
  await attempt(mail.mailId)
  expect(arrived(mail)).toBe(2)
  expect(await rowOf(mail)).toMatchObject({ state: 'failed', answer: IN_DOUBT })
})
