import nodemailer from 'nodemailer'

export interface OutgoingMail {
  to: string
  messageId: string
  subject: string
  text: string
  html: string
  attachments: { filename: string; content: Buffer; contentType: string }[]
}

export type Delivery =
  { kind: 'sent'; answer: string } | { kind: 'refused'; answer: string } | { kind: 'later'; answer: string }

export interface Mailer {
  send(mail: OutgoingMail): Promise<Delivery>
  close(): void
}

interface SmtpError extends Error {
  responseCode?: number
  code?: string
}

/** One pooled SMTP transport. A 5xx for the address is final; everything else is "later". */
export function createMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail) {
      try {
        const info = (await transport.sendMail({ from, ...mail })) as { response: string }
        return { kind: 'sent', answer: codeOf(info.response) }
      } catch (error) {
        const { responseCode, code } = error as SmtpError
        const answer = String(responseCode ?? code ?? 'SMTP')
        return { kind: responseCode !== undefined && responseCode >= 500 ? 'refused' : 'later', answer }
      }
    },
    close: () => transport.close(),
  }
}

/** Only the code: servers repeat the address in their words. */
const codeOf = (response: string): string => /^\d{3}/.exec(response)?.[0] ?? 'OK'
