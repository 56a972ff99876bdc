import pg from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { callCounter, type CounterReply } from '../setup/psp.ts'
import { waitUntil } from '../setup/wait.ts'
import { anExportRuns, bookExpired, expectWhole } from './tools/exports.ts'
import { useWorld } from './tools/frame.ts'
import { aFileEnte, csvOf, loaded, sendFile, type FileEnte } from './tools/files.ts'
import { payAndSettle } from './tools/payments.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

const ROWS = 15_000

let world: World
useWorld((started) => (world = started), { withFiles: true, postgres: { max_connections: '40' } })

interface Notice {
  domain: string
  iuv: string
  importo: string
}

/** Notices of the dues of an ente, which come from one file. */
async function noticesOf({ enteId }: FileEnte, count: number): Promise<Notice[]> {
  const rows = (await world
    .db('due')
    .join('ente', 'ente.id', 'due.ente_id')
    .select('ente.codice_fiscale as domain', 'due.iuv', 'due.importo_cents')
    .where({ ente_id: enteId })
    .orderBy('due.iuv')
    .limit(count)) as { domain: string; iuv: string; importo_cents: number }[]
  return rows.map(({ domain, iuv, importo_cents: cents }) => ({
    domain,
    iuv,
    importo: (cents / 100).toFixed(2),
  }))
}

const verify = (notice: Notice): Promise<CounterReply> =>
  callCounter(world.urls.nodePort, 'paaVerificaRPT', notice)
const activate = (notice: Notice): Promise<CounterReply> =>
  callCounter(world.urls.nodePort, 'paaAttivaRPT', { ...notice, ccp: `CCP-${notice.iuv}` })

interface Call {
  esito: string | undefined
  ms: number
}

async function timed(call: Promise<CounterReply>): Promise<Call> {
  const startedAt = performance.now()
  const { esito } = await call.catch(() => ({ esito: undefined }))
  return { esito, ms: performance.now() - startedAt }
}

/** Opens sessions until the server refuses more, and takes every session that our processes release. */
async function takeAllConnections(url: string): Promise<{ refusals(): number; giveBack(): Promise<void> }> {
  const held: pg.Client[] = []
  let refusals = 0
  let isOver = false
  const taking = (async () => {
    while (!isOver) {
      const client = new pg.Client({ connectionString: url })
      client.on('error', () => undefined)
      try {
        await client.connect()
        held.push(client)
      } catch {
        refusals++
        await sleep(50)
      }
    }
  })()
  return {
    refusals: () => refusals,
    async giveBack() {
      isOver = true
      await taking
      await Promise.all(held.map((client) => client.end()))
    },
  }
}

const CALLS = 100
const APART_MS = 120
const ACTIVATED_EVERY = 20

it('F10: three exports run and PostgreSQL has no connection left: the node is answered within 2 s for 98 % of its calls', async () => {
  const enti = [await aFileEnte(world), await aFileEnte(world), await aFileEnte(world)]
  const flowIds = await Promise.all(enti.map((ente) => sendFile(ente, 'EXPORT', csvOf(ROWS))))
  for (const flowId of flowIds) await loaded(world, flowId)
  const notices = await noticesOf(enti[0]!, CALLS)
  for (const notice of notices.slice(0, 3)) expect(await verify(notice)).toMatchObject({ esito: 'OK' })
  for (const ente of enti) expect((await bookExpired(ente)).status).toBe(303)
  await anExportRuns(world)
  const others = await takeAllConnections(world.postgres.url)
  await waitUntil(() => others.refusals() > 0)
  const calls: Promise<Call>[] = []
  for (const [at, notice] of notices.entries()) {
    calls.push(timed((at % ACTIVATED_EVERY === 0 ? activate : verify)(notice)))
    await sleep(APART_MS)
  }
  const answers = await Promise.all(calls)
  await others.giveBack()
  const inTime = answers.filter(({ esito, ms }) => esito === 'OK' && ms < 2_000)
  expect(
    inTime.length / CALLS,
    JSON.stringify(answers.filter((one) => !inTime.includes(one))),
  ).toBeGreaterThan(0.98)
  for (const ente of enti) await expectWhole(world, ente, ROWS * 0.99)
  await payAll(notices.filter((_, at) => at % ACTIVATED_EVERY === 0))
  await expectSound(world)
}, 150_000)

/** Pays all notices at the counter. */
async function payAll(notices: readonly Notice[]): Promise<void> {
  for (const { domain, iuv } of notices) {
    const attempt = await waitUntil(
      () => world.simulator.state(0, 10_000).rpts.find((one) => one.iuv === iuv && one.domain === domain),
      30_000,
    )
    const { cart_id: cartId } = (await world.db('attempt').first('cart_id').where({ domain, iuv })) as {
      cart_id: string
    }
    await payAndSettle(world, { cartId, idSession: attempt.idSession })
  }
}
