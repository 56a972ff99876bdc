import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerAddress, type SMTPServerSession } from 'smtp-server'
import type { Drawn } from '../behaviour/behaviours.ts'
import { pause } from '../behaviour/waiting.ts'
import { nowIso, type Context } from '../context.ts'
import type { MailStore } from './store.ts'

const MAX_BYTES = 20 * 1024 * 1024
const LONG_MS = 35_000

type Refusal = Error & { responseCode?: number }

/** Accepts any mail for anybody and stores it, unless a rule makes it misbehave. */
export function createSmtp(context: Context, store: MailStore): SMTPServer {
  const rules = new WeakMap<SMTPServerSession, Drawn>()
  const server: SMTPServer = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAX_BYTES,
    closeTimeout: 200,
    onRcptTo: ({ address }: SMTPServerAddress, session, done) => {
      const rule = context.behaviours.first('smtp', { address })
      if (rule?.kind === 'refuse') return done(refusal(Number(rule.code)))
      if (rule) rules.set(session, rule)
      done()
    },
    onData: (stream, session, done) => {
      const rule = rules.get(session)
      rules.delete(session)
      receive(context, store, { server, session, rule, bytes: buffer(stream) })
        .then((isAnswered) => isAnswered && done())
        .catch((err: unknown) => done(err instanceof Error ? err : new Error(String(err))))
    },
  })
  // A client that closes the connection early is not an error of the server.
  server.on('error', () => undefined)
  return server
}

type Incoming = {
  server: SMTPServer
  session: SMTPServerSession
  rule: Drawn | undefined
  bytes: Promise<Buffer>
}

/** @returns whether the client gets the answer 250 */
async function receive(context: Context, store: MailStore, mail: Incoming): Promise<boolean> {
  const { rule, session, server } = mail
  const bytes = await mail.bytes
  const isKept = rule?.kind !== 'hang' || rule.when === 'after'
  const isLost = rule?.kind === 'drop' && rule.when === 'before'
  if (isKept && !isLost) await keep(context, store, session, bytes)
  if (rule?.kind === 'slow' || rule?.kind === 'hang') await pause(rule.pauseMs ?? LONG_MS, context.closing)
  if (rule?.kind !== 'drop' && rule?.kind !== 'hang') return true
  for (const connection of server.connections) if (connection.id === session.id) connection._socket.destroy()
  return false
}

async function keep(
  context: Context,
  store: MailStore,
  session: SMTPServerSession,
  bytes: Buffer,
): Promise<void> {
  const end = bytes.indexOf('\r\n\r\n')
  // Only the headers are parsed, because a receipt with its PDF would cost a hundred times more.
  const headers = await simpleParser(end < 0 ? bytes : bytes.subarray(0, end + 4))
  const id = randomUUID()
  store.write(id, bytes)
  const { mailFrom, rcptTo } = session.envelope
  context.world.record({
    type: 'mail',
    at: nowIso(context),
    id,
    messageId: headers.messageId ?? '',
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    subject: headers.subject ?? '',
    bytes: bytes.length,
  })
}

function refusal(code: number): Refusal {
  const text = code < 500 ? 'casella momentaneamente non disponibile' : 'casella inesistente'
  return Object.assign(new Error(text), { responseCode: code })
}
