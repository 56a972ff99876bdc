import { tableOf } from '../../domain/table.ts'
import { portTakenMessage } from '../../tools/embedded/port-owner.ts'
import { freePort, freePortsAfter, isPortFree } from '../../tools/embedded/ports.ts'
import { postgresUrl } from '../../tools/embedded/postgres-client.ts'
import type { Settings } from './settings.ts'

const CHOSEN = ['simulator', 'smtp', 'temporal', 'temporalUi', 'postgres', 'worker', 'flows'] as const

export type Ports = Record<'public' | 'node' | 'admin' | (typeof CHOSEN)[number], number>

/**
 * Takes the ports that the settings name and free ports after PORT for all others.
 * @throws when a port of the settings is taken; the message names the port and the process that has it
 */
export async function choosePorts(settings: Settings): Promise<Ports> {
  const { NODO_PORT, ADMIN_PORT } = settings
  const PORT = settings.PORT === 0 ? await freePort() : settings.PORT
  for (const [name, port] of Object.entries({ PORT, NODO_PORT, ADMIN_PORT }))
    if (port && !(await isPortFree(port))) throw new Error(portTakenMessage(name, port))
  const asked = [PORT, NODO_PORT ?? 0, ADMIN_PORT ?? 0]
  const free = await freePortsAfter(PORT, CHOSEN.length + 2, asked)
  const node = NODO_PORT || free.shift()!
  const admin = ADMIN_PORT || free.shift()!
  return { public: PORT, node, admin, ...tableOf(CHOSEN, () => free.shift()!) }
}

export interface Addresses {
  public: string
  node: string
  admin: string
  /** Null, like the next two, when an outside server takes its place. */
  simulator: string | null
  mailbox: string | null
  temporalUi: string | null
  temporal: string
  database: string
}

export const hasSimulator = (settings: Settings): boolean => !settings.NODO_URL || !settings.SMTP_URL

export function addressesOf(settings: Settings, ports: Ports): Addresses {
  const simulator = hasSimulator(settings) ? local(ports.simulator) : null
  return {
    public: settings.PUBLIC_URL ?? local(ports.public),
    node: local(ports.node),
    admin: local(ports.admin),
    simulator,
    mailbox: settings.SMTP_URL ? null : `${simulator}/posta`,
    temporalUi: settings.TEMPORAL_ADDRESS ? null : local(ports.temporalUi),
    temporal: settings.TEMPORAL_ADDRESS ?? `127.0.0.1:${ports.temporal}`,
    database: settings.DATABASE_URL ?? postgresUrl(ports.postgres),
  }
}

const local = (port: number): string => `http://localhost:${port}`

/** Keys that the simulated service of reporting flows takes. */
export const SIMULATED_KEYS = ['first-reporting-key', 'second-reporting-key'] as const

/** A real node has its own reporting flows: those of the simulator go with the simulator's payments. */
function reportingOf(settings: Settings, { simulator }: Addresses): Record<string, string> {
  const asked = settings.FDR_QUADRATURA === undefined ? {} : { FDR_QUADRATURA: settings.FDR_QUADRATURA }
  if (settings.FDR_URL) return { ...asked, FDR_URL: settings.FDR_URL, FDR_KEYS: settings.FDR_KEYS ?? '' }
  if (settings.NODO_URL || simulator === null) return asked
  return {
    FDR_QUADRATURA: 'true',
    ...asked,
    FDR_URL: `${simulator}/fdr-org/service/v1`,
    FDR_KEYS: SIMULATED_KEYS.join(','),
  }
}

/** Environment variables that every part gets. */
export function environmentOf(settings: Settings, ports: Ports): Record<string, string> {
  const at = addressesOf(settings, ports)
  const issuer = settings.OIDC_ISSUER ?? (at.simulator && `${at.simulator}/idp`)
  return {
    PORT: String(ports.public),
    NODO_PORT: String(ports.node),
    ADMIN_PORT: String(ports.admin),
    PUBLIC_URL: at.public,
    DATABASE_URL: at.database,
    TEMPORAL_ADDRESS: at.temporal,
    NODO_URL: settings.NODO_URL ?? `${at.simulator}/nodo/NodoPerPa`,
    SMTP_URL: settings.SMTP_URL ?? `smtp://127.0.0.1:${ports.smtp}`,
    NODO_BROKER: settings.NODO_BROKER,
    NODO_STATION: settings.NODO_STATION,
    NODO_PASSWORD: settings.NODO_PASSWORD,
    DATA_DIR: settings.DATA_DIR,
    ...reportingOf(settings, at),
    ...(at.temporalUi ? { TEMPORAL_UI: at.temporalUi } : {}),
    ...(issuer ? { OIDC_ISSUER: issuer } : {}),
  }
}
