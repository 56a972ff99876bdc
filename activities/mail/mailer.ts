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
  /** Further headers of the message. */
  headers?: Record<string, string>
  attachments: { filename: string; content: Buffer; contentType: string }[]
}

/**
 * The result of a try. `answer` is a code of the server or of the connection.
 * - `refused`: the server refused the mail for good.
 * - `later`: the server has certainly not taken it, and another try may succeed.
 * - `unknown`: the mail was sent and no answer came.
 */
export type Delivery =
  | { kind: 'sent' | 'refused' | 'later' | 'unknown'; answer: string }
  /** `HandOver` gave false, so nothing was sent. */
  | { kind: 'not_ours' }

/**
 * Returns whether the mail may be sent. Called after the server's "354" and before the first byte, because from then on the mail may
 * arrive without an answer to us.
 */
export type HandOver = () => Promise<boolean>

export interface Mailer {
  send(mail: OutgoingMail, mayHandOver: HandOver): Promise<Delivery>
}

const WAITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/**
 * Sends each mail on a connection of its own. The pool of nodemailer is not used, because it reads a message before the server wants it,
 * and then a mail without an answer may or may not have been sent. An answer 5xx is final.
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
        return await message.failure(error)
      }
    },
  }
}

/**
 * True when nodemailer, as it reads this address, sends mails only to a server that encrypts the connection and has a verified
 * certificate.
 */
export function isEncryptedMail(url: string): boolean {
  const { secure, requireTLS, tls } = parseConnectionUrl(url)
  return Boolean(secure || requireTLS) && tls?.rejectUnauthorized !== false
}

interface SmtpError extends Error {
  responseCode?: number
  code?: string
}

/** Every error counts, because all fields of its own are optional. */
const isSmtpError = (error: unknown): error is SmtpError => error instanceof Error

/** The bytes of one mail. They are read only when the server wants them and `mayHandOver` gives true. */
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

  /** The result for an error of the connection. It depends on whether the bytes were sent. */
  async failure(error: unknown): Promise<Delivery> {
    this.destroy()
    // A permission that is still pending must arrive first, because it decides whether the caller may record a try.
    const isGiven = await this.permission
    if (isGiven === false) return { kind: 'not_ours' }
    const { responseCode, code } = isSmtpError(error) ? error : {}
    const answer = String(responseCode ?? code ?? 'SMTP')
    if (responseCode !== undefined) return { kind: responseCode >= 500 ? 'refused' : 'later', answer }
    return { kind: this.hasLeft ? 'unknown' : 'later', answer }
  }
}

function connected(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    // The listener stays for the life of the connection, because an error without a listener would end the process.
    connection.on('error', reject)
    connection.connect((error?: Error | null) => (error ? reject(error) : resolve()))
  })
}

type Done<T> = (error: Error | null | undefined, result?: T) => void

function called<T>(call: (done: Done<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result)))
  })
}

/** The code of an answer without its text, because servers repeat the address in it. */
const codeOf = (response = ''): string => /^\d{3}/.exec(response)?.[0] ?? 'OK'
