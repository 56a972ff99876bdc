import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setStage, until, type Stage } from './testing/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())
beforeEach(() => stage.simulator.reset())

const MAIL = {
  from: 'MyPay <noreply@example.test>',
  to: 'mario@example.test',
  subject: 'Ricevuta di pagamento, però è una prova',
  messageId: '<rt-1@example.test>',
  text: 'Apri https://example.test/conferma/abc per continuare',
  html: '<p>Ciao <b>Mario</b></p><script>alert(1)</script>',
  attachments: [{ filename: 'ricevuta.pdf', content: Buffer.from('%PDF-1.7 prova') }],
}

async function send(changes: Partial<typeof MAIL> = {}) {
  const transport = createTransport({ url: stage.simulator.smtpUrl, socketTimeout: 500 })
  try {
    return await transport.sendMail({ ...MAIL, ...changes })
  } finally {
    transport.close()
  }
}

const refusal = async (sending: Promise<unknown>) =>
  sending.then(
    () => 0,
    (err: { responseCode?: number }) => err.responseCode ?? -1,
  )
const page = async (path: string) => {
  const answer = await fetch(stage.simulator.url + path)
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

it('a mail is listed with its Message-ID and recipients', async () => {
  await send()
  expect(stage.simulator.state().mails).toMatchObject([
    { messageId: '<rt-1@example.test>', to: 'mario@example.test', subject: MAIL.subject },
  ])
})

it('a person reads it, follows its link and downloads the attachment', async () => {
  await send()
  const { id } = stage.simulator.state().mails[0]!
  expect((await page('/posta')).bytes.toString()).toContain(
    `<a href="/posta/${id}">Ricevuta di pagamento, però`,
  )
  const text = (await page(`/posta/${id}`)).bytes.toString()
  expect(text).toContain('<a href="https://example.test/conferma/abc">')
  expect(text).not.toContain('<script>')
  const file = await page(`/posta/${id}/allegati/0`)
  expect(file.bytes.toString()).toBe('%PDF-1.7 prova')
  expect(file.headers.get('content-disposition')).toContain('ricevuta.pdf')
})

it('the HTML of a mail is shown in a sandbox', async () => {
  await send()
  const { id } = stage.simulator.state().mails[0]!
  expect((await page(`/posta/${id}/html`)).headers.get('content-security-policy')).toContain('sandbox')
})

it('a mail survives a restart, its body too', async () => {
  await send()
  await stage.restart()
  const { id } = stage.simulator.state().mails[0]!
  expect((await page(`/posta/${id}`)).bytes.toString()).toContain('conferma/abc')
})

it('a mail that is not there is a 404 page', async () => {
  expect((await page('/posta/altro')).status).toBe(404)
})

describe('a mail server that misbehaves', () => {
  const smtp = { operation: 'smtp', times: 1 } as const
  const count = () => stage.simulator.state().mails.length

  it('refuses temporarily, then accepts the mail', async () => {
    stage.simulator.behave({ rules: [{ ...smtp, kind: 'refuse', code: 450 }] })
    expect(await refusal(send())).toBe(450)
    expect(await refusal(send())).toBe(0)
  })

  it('refuses one address for good and accepts the others', async () => {
    const address = 'nessuno@example.test'
    stage.simulator.behave({ rules: [{ operation: 'smtp', kind: 'refuse', code: 550, address }] })
    expect(await refusal(send({ to: address }))).toBe(550)
    expect(await refusal(send())).toBe(0)
  })

  it('hangs after DATA without storing the mail', async () => {
    stage.simulator.behave({ rules: [{ ...smtp, kind: 'hang', ms: 50 }] })
    expect(await refusal(send())).toBe(-1)
    expect(count()).toBe(0)
  })

  it('stores the mail and closes the connection without an answer', async () => {
    stage.simulator.behave({ rules: [{ ...smtp, kind: 'drop' }] })
    expect(await refusal(send())).toBe(-1)
    await until(() => count() === 1)
  })
})
