import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import express from 'express'
import { aCart, aDue, anEnte } from '../../test/setup/builders.ts'
import { testDatabase, type TestDatabase } from '../../test/setup/database.ts'
import { waitUntil } from '../../test/setup/wait.ts'
import { createLive } from './live.ts'
import type { Live } from './news.ts'

let database: TestDatabase
let live: Live
let server: Server
let cartId: string

beforeAll(async () => {
  database = await testDatabase()
  live = createLive({ url: database.url })
  const app = express().get('/:id', (req, res) => {
    res.type('text/event-stream')
    if (live.follow(req.params.id, res)) res.write(':\n\n')
    else res.status(503).end()
  })
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cartId = await aCart(database.db, [await aDue(database.db, await anEnte(database.db))])
  await waitUntil(async () => (await listeners()) === 1)
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => {
    server.close(resolve)
  })
  await database.drop()
})

const LISTENERS = `select count(*)::int as count from pg_stat_activity
  where datname = current_database() and application_name = 'mypay-listen'`

async function listeners(): Promise<number> {
  const { rows } = await database.db.raw<{ rows: { count: number }[] }>(LISTENERS)
  return rows[0]!.count
}

interface Stream {
  text: () => string
  isOver: () => boolean
  abort: () => void
}

async function follow(id: string, cookie = ''): Promise<Stream> {
  const abort = new AbortController()
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/${id}`, {
    signal: abort.signal,
    headers: { cookie },
  })
  let text = String(response.status)
  let isOver = false
  void (async () => {
    const chunks: AsyncIterable<Uint8Array> = response.body!
    for await (const chunk of chunks) text += Buffer.from(chunk).toString()
  })()
    .catch(() => undefined)
    .finally(() => {
      isOver = true
    })
  return { text: () => text, isOver: () => isOver, abort: () => abort.abort() }
}

const change = (): Promise<unknown> =>
  database.db('cart').where({ id: cartId }).update({ returned_at: new Date().toISOString() })

it('a change reaches the followers of that cart and no others', async () => {
  const [mine, other] = [await follow(cartId), await follow('another')]
  await change()
  await waitUntil(() => mine.text().includes('event: changed'))
  expect(other.text()).not.toContain('changed')
  mine.abort()
  other.abort()
})

it('after the connection to the database was lost every stream gets `changed`, and later changes arrive again', async () => {
  const stream = await follow(cartId)
  await database.db.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'mypay-listen'`,
  )
  const count = (): number => stream.text().split('event: changed').length - 1
  await waitUntil(() => count() === 1)
  await change()
  await waitUntil(() => count() === 2)
  expect(stream.isOver()).toBe(false)
  stream.abort()
})

it('one cart has at most twenty followers; a place is free again when one leaves', async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => follow('crowded')))
  expect((await follow('crowded')).text()).toMatch(/^503/)
  streams[0]!.abort()
  const late = await waitUntil(async () => {
    const stream = await follow('crowded')
    return stream.text().startsWith('200') && stream
  })
  for (const stream of [...streams, late]) stream.abort()
})

const isOpen = (stream: Stream): boolean => stream.text().startsWith('200')

it('one session has at most ten streams over all things; another session has its own ten', async () => {
  const names = Array.from({ length: 11 }, (_, n) => `thing-${n}`)
  const mine = await Promise.all(names.map((name) => follow(name, 'a=b; mypay=mine')))
  expect(mine.filter(isOpen)).toHaveLength(10)
  const other = await follow('thing-0', 'mypay=other')
  expect(isOpen(other)).toBe(true)
  mine.find(isOpen)!.abort()
  const late = await waitUntil(async () => {
    const stream = await follow('thing-0', 'mypay=mine')
    return isOpen(stream) && stream
  })
  for (const stream of [...mine, other, late]) stream.abort()
})

it('one address has at most two hundred streams, whatever session cookies they send', async () => {
  const open = (n: number): Promise<Stream> => follow(`thing-${n % 20}`, `mypay=session-${n}`)
  const all = await waitUntil(async () => {
    // The streams of the tests before give their places back a moment after they are closed.
    const streams = await Promise.all(Array.from({ length: 200 }, (_, n) => open(n)))
    if (streams.every(isOpen)) return streams
    for (const stream of streams) stream.abort()
    return false
  })
  expect(isOpen(await open(201))).toBe(false)
  for (const stream of all) stream.abort()
})

it('closing ends the streams and the connection', async () => {
  const stream = await follow(cartId)
  await live.close()
  await waitUntil(() => stream.isOver())
  expect(await listeners()).toBe(0)
})
