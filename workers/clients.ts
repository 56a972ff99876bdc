import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import pino, { type Logger } from 'pino'
import { temporalTls } from '../activities/temporal-tls.ts'
import type { Config } from './config.ts'
import { warnOfExceptions } from './production.ts'

/** Logs JSON lines. No code logs personal data on purpose; redaction only catches mistakes. */
export function createLog(config: Pick<Config, 'LOG_LEVEL' | 'ACCEPT_INSECURE'>, part: string): Logger {
  const log = pino({
    level: config.LOG_LEVEL,
    base: { part },
    redact: [
      'req.headers.cookie',
      'req.headers.authorization',
      'res.headers["set-cookie"]',
      '*.email',
      '*.codice',
      '*.anagrafica',
    ],
    serializers: { err: pino.stdSerializers.errWithCause },
  })
  warnOfExceptions(config.ACCEPT_INSECURE, log)
  return log
}

/** Connects at first use, so that pages that only read work while Temporal is down. */
export function createTemporalClient(config: Config): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy({ address: config.TEMPORAL_ADDRESS, ...temporalTls(config) })
  return {
    client: new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }),
    close: () => connection.close(),
  }
}

/** Retries every second until Temporal answers, because a worker can do nothing without it. */
export async function connectWorker(config: Config, log: Logger): Promise<NativeConnection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS, ...temporalTls(config) })
    } catch (error) {
      if (attempt === 0) log.warn({ err: error }, 'temporal not reachable, waiting')
      await pause(1_000)
    }
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
