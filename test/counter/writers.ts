import { createDb } from '../../db/ground/connection.ts'
import { drawProgressives } from '../../db/due/counter.ts'

// Program of a test: runs many writers that draw numbers and print each one after its transaction has committed.
const [url, writers] = process.argv.slice(2)
const db = createDb({ url: url!, pool: Number(writers), name: 'writers' })
const COUNTER = { domain: '99999901012', segregationCode: '11', generator: 'iuv17' } as const

async function write(): Promise<never> {
  for (;;) {
    const number = await db.transaction((trx) => drawProgressives(trx, COUNTER))
    process.stdout.write(`${number}\n`)
  }
}

await Promise.all(Array.from({ length: Number(writers) }, write))
