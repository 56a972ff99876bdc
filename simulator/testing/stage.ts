import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../behaviour/schema.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from '../server.ts'
import {
  aRpt,
  BROKER,
  callNode,
  PASSWORD,
  sendCartMessage,
  sessionOf,
  STATION,
  type RptSample,
} from './messages.ts'
import { startStation, type Station } from './station.ts'

/** A simulator and a station that call each other, with short times. */
export type Stage = {
  simulator: Simulator
  station: Station
  dataDir: string
  /** Sends a cart that the node accepts, and returns its session. */
  cart: (idCart: string, ...rpts: RptSample[]) => Promise<string>
  /** Stops the simulator and starts it again on the same data. */
  restart: () => Promise<void>
  close: () => Promise<void>
}

const QUICK: Partial<Settings> = { rtDelayMs: 0, rtTimeoutMs: 300, rtRetryMs: [20, 20], deferredMs: 50 }

export async function setStage(changes: Partial<SimulatorOptions> = {}): Promise<Stage> {
  const station = await startStation()
  const dataDir = mkdtempSync(join(tmpdir(), 'simulator-'))
  const start = () =>
    startSimulator({
      port: 0,
      smtpPort: 0,
      dataDir,
      nodePortUrl: station.url,
      returnUrl: 'http://127.0.0.1:9/ritorno',
      broker: BROKER,
      station: STATION,
      password: PASSWORD,
      ...changes,
      settings: { ...QUICK, ...changes.settings },
    })
  const stage: Stage = {
    simulator: await start(),
    station,
    dataDir,
    cart: async (idCart, ...rpts) => {
      const message = sendCartMessage(rpts.length === 0 ? [aRpt()] : rpts, { idCart })
      return sessionOf(await callNode(stage.simulator.nodeUrl, 'nodoInviaCarrelloRPT', message))
    },
    restart: async () => {
      await stage.simulator.close()
      stage.simulator = await start()
    },
    close: async () => {
      await stage.simulator.close()
      await station.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return stage
}

/** Waits for a condition, at most two seconds. */
export async function until(holds: () => boolean, what = 'the condition'): Promise<void> {
  const end = performance.now() + 2_000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await sleep(5)
  }
}
