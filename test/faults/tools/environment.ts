import { join } from 'node:path'
import type { Simulator } from '../../../simulator/server.ts'
import { freePort } from '../../../tools/embedded/ports.ts'
import type { Gate } from './gate.ts'
import { FAST } from './pace.ts'

export const BROKER = '99999900014'
export const STATION = '99999900014_01'
export const REPORTING_KEYS = ['first-reporting-key', 'second-reporting-key'] as const

const PORTS = [
  'postgres',
  'temporal',
  'public',
  'nodePort',
  'workerAdmin',
  'flowsAdmin',
  'spareAdmin',
  'apiAdmin',
] as const
export type Ports = Record<(typeof PORTS)[number], number>

/** One gate per connection: `node` for our calls to the node, `nodePort` for the node's calls to us. */
export type Gates = Record<'database' | 'temporal' | 'smtp' | 'node' | 'nodePort', Gate>

export async function choosePorts(): Promise<Ports> {
  const found = {} as Ports
  for (const name of PORTS) found[name] = await freePort()
  return found
}

export interface Wiring {
  folder: string
  ports: Ports
  gates: Gates
  simulator: Simulator
  publicUrl: string
  databaseUrl: string
}

/** Folder for temporary files that only worker and api use. */
export const tempFolderIn = (folder: string): string => join(folder, 'tmp')

/** Environment variables of worker and api, in which every address leads through its gate. */
export function environmentOf(wiring: Wiring): Record<string, string> {
  const { folder, ports, gates, simulator, publicUrl, databaseUrl } = wiring
  return {
    NODE_ENV: 'test',
    DATABASE_URL: through(databaseUrl, gates.database),
    TEMPORAL_ADDRESS: `127.0.0.1:${gates.temporal.port}`,
    NODO_URL: through(simulator.nodeUrl, gates.node),
    NODO_BROKER: BROKER,
    NODO_STATION: STATION,
    NODO_PAGE_HOSTS: new URL(simulator.url).host,
    NODO_TIMEOUT_MS: '2500',
    SMTP_URL: through(simulator.smtpUrl, gates.smtp),
    PORT: String(ports.public),
    NODO_PORT: String(ports.nodePort),
    PUBLIC_URL: publicUrl,
    DATA_DIR: folder,
    TMPDIR: tempFolderIn(folder),
    PATIENCE: JSON.stringify(FAST),
  }
}

/** Variables with which reporting flows are fetched, through the gate of the node. */
export const reportingOf = ({ simulator, gates }: Wiring): Record<string, string> => ({
  FDR_URL: through(`${simulator.url}/fdr-org/service/v1`, gates.node),
  FDR_KEYS: REPORTING_KEYS.join(','),
  FDR_TIMEOUT_MS: '3000',
})

function through(url: string, gate: Gate): string {
  const changed = new URL(url)
  changed.port = String(gate.port)
  return changed.href
}
