import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const LOOPBACK = '127.0.0.1'
/** Includes the wildcard addresses, because a listener on one of them would take connections meant for us. */
const ADDRESSES = [LOOPBACK, '0.0.0.0', '::']
const HIGHEST_PORT = 65_535

/** Below the range that systems use for outgoing connections, which could take the port before our server does. */
const DRAWN = { lowest: 10_240, highest: 32_767 }

/** Draws ports at random until it finds one that nobody listens on. */
export async function freePort(): Promise<number> {
  const port = randomInt(DRAWN.lowest, DRAWN.highest + 1)
  return (await isPortFree(port)) ? port : freePort()
}

export async function isPortFree(port: number): Promise<boolean> {
  for (const address of ADDRESSES) if ((await listenOnce(port, address)) === 'taken') return false
  return true
}

/** The next `count` free ports after `base`, skipping `except`. */
export async function freePortsAfter(
  base: number,
  count: number,
  except: readonly number[],
): Promise<number[]> {
  const found: number[] = []
  for (let port = base + 1; found.length < count && port <= HIGHEST_PORT; port++) {
    if (!except.includes(port) && (await isPortFree(port))) found.push(port)
  }
  if (found.length < count) throw new Error(`fewer than ${count} free ports above ${base}`)
  return found
}

/** Returns the port it could bind, `taken`, or `absent` when the machine has no such address (no IPv6). */
function listenOnce(port: number, host: string): Promise<number | 'taken' | 'absent'> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT' ? 'absent' : 'taken')
    })
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : port
      server.close(() => resolve(bound))
    })
  })
}
