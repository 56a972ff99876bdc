import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { createApp } from '../../../api/app.ts'
import { createLive } from '../../../api/live.ts'
import type { World } from './world.ts'

/** The citizens' pages in this process, on the world's database and processes, with a clock of their own. */
export async function appWithClock(
  world: World,
  clock: () => string,
): Promise<{ url: string; close(): Promise<void> }> {
  const live = createLive({ url: world.postgres.url })
  const holder = { app: createServer() }
  await new Promise<void>((resolve) => holder.app.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(holder.app.address() as AddressInfo).port}`
  holder.app.on(
    'request',
    createApp({
      db: world.db,
      processes: world.processes,
      live,
      log: pino({ level: 'silent' }),
      config: {
        publicUrl: url,
        nodoHosts: [new URL(world.simulator.url).host],
        // The worker signs the links of mails with it.
        sessionSecret: 'only-for-development-not-a-secret-0123456789',
        isProduction: false,
        isTest: true,
        trustedProxies: [],
        linkMinutes: 15,
        clock,
      },
    }),
  )
  return {
    url,
    async close() {
      await live.close()
      holder.app.closeAllConnections()
      await new Promise((resolve) => holder.app.close(resolve))
    },
  }
}
