import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

export interface OutgoingMail {
  to: string
  messageId: string
  subject: string
  text: string
  html: string
  attachments: { filename: string; content: Buffer; contentType: string }[]
}

/** `later`: the server certainly has not taken it; `unknown`: the mail was handed over and no answer came. */
export type Delivery =
  | { kind: 'sent' | 'refused' | 'later' | 'unknown'; answer: string }
  /** The right to hand it over was not given. */
  | { kind: 'not_ours' }

/** Asked after the server's "354", before the first byte: from here on a mail may arrive without our knowing. */
export type HandOver = () => Promise<boolean>

export interface Mailer {
  send(mail: OutgoingMail, mayHandOver: HandOver): Promise<Delivery>
}

const WAITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/**
 * One connection per mail: the pool of nodemailer reads a message before the server has asked for it, and then
 * nobody knows whether a mail that got no answer had left. A 5xx for the address is final.
 */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const { auth, ...server } = parseConnectionUrl(url)
  return {
    async send(mail, mayHandOver) {
      const composed = new MailComposer({
        from,
        ...mail,
        disableFileAccess: true,
        disableUrlAccess: true,
      }).compile()
      const message = new Message(await composed.build(), mayHandOver)
      const connection = new SMTPConnection({ ...server, ...WAITS })
      try {
        await connected(connection)
        if (auth) await called((done) => connection.login(auth, done))
        const info = await called<{ response?: string }>((done) =>
          connection.send(composed.getEnvelope(), message, done),
        )
        connection.quit()
        return { kind: 'sent', answer: codeOf(info?.response) }
      } catch (error) {
        connection.close()
        return await message.failure(error as SmtpError)
      }
    },
  }
}

/** By the mailer's own reading of the address: a server that offers no encryption, or proves nothing, gets no mail. */
export function isEncryptedMail(url: string): boolean {
  const { secure, requireTLS, tls } = parseConnectionUrl(url)
  return (
    Boolean(secure || requireTLS) && (tls as { rejectUnauthorized?: unknown })?.rejectUnauthorized !== false
  )
}

interface SmtpError extends Error {
  responseCode?: number
  code?: string
}

/** The bytes of one mail, not read before the server wants them and not given without permission. */
class Message extends Readable {
  private readonly bytes: Buffer
  private readonly mayHandOver: HandOver
  private permission: Promise<boolean> | undefined
  private hasLeft = false

  constructor(bytes: Buffer, mayHandOver: HandOver) {
    super()
    this.bytes = bytes
    this.mayHandOver = mayHandOver
  }

  override _read(): void {
    this.permission ??= this.mayHandOver()
    this.permission.then(
      (isGiven) => this.give(isGiven),
      (error: Error) => this.destroy(error),
    )
  }

  private give(isGiven: boolean): void {
    if (this.hasLeft || this.destroyed) return
    if (!isGiven) return void this.destroy(new Error('not ours'))
    this.hasLeft = true
    this.push(this.bytes)
    this.push(null)
  }

  /** What an error means depends on how far the mail had come. */
  async failure(error: SmtpError): Promise<Delivery> {
    this.destroy()
    // A permission still on its way must be known before anybody writes down what happened.
    const isGiven = await this.permission
    if (isGiven === false) return { kind: 'not_ours' }
    const answer = String(error.responseCode ?? error.code ?? 'SMTP')
    if (error.responseCode !== undefined)
      return { kind: error.responseCode >= 500 ? 'refused' : 'later', answer }
    return { kind: this.hasLeft ? 'unknown' : 'later', answer }
  }
}

function connected(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for the life of the connection: an error without a listener would end the process.
    connection.on('error', reject)
    connection.connect((error?: unknown) => (error ? reject(error as Error) : resolve()))
  })
}

type Done<T> = (error: unknown, result?: T) => void

function called<T>(call: (done: Done<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error as Error) : resolve(result)))
  })
}

/** Only the code: servers repeat the address in their words. */
const codeOf = (response = ''): string => /^\d{3}/.exec(response)?.[0] ?? 'OK'
