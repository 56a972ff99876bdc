import { z } from 'zod'
import { readOptions } from './config.ts'
import { startSimulator } from './server.ts'

try {
  const simulator = await startSimulator(readOptions(process.env))
  const { url, smtpUrl, nodeUrl, reportingUrl } = simulator
  const ready = { ready: true, url, smtpUrl, nodeUrl, reportingUrl, mailbox: `${url}/posta` }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
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
