import { z } from 'zod'
import { readOptions } from './config.ts'
import { startSimulator } from './server.ts'

try {
  const simulator = await startSimulator(readOptions(process.env))
  const { url, smtpUrl, nodeUrl } = simulator
  process.stdout.write(`${JSON.stringify({ ready: true, url, smtpUrl, nodeUrl, mailbox: `${url}/posta` })}\n`)
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= simulator.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (err) {
  const text = err instanceof z.ZodError ? z.prettifyError(err) : String(err)
  process.stderr.write(`simulator: ${text}\n`)
  process.exit(1)
}
