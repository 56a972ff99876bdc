import { z } from 'zod'
import { Settings } from './behaviour/schema.ts'
import type { SimulatorOptions } from './server.ts'

const Port = z.coerce.number().int().min(0).max(65_535)
const json = z.string().transform((text, issues): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    issues.addIssue({ code: 'custom', message: 'not JSON' })
    return z.NEVER
  }
})

const Environment = z.object({
  NODE_ENV: z
    .string()
    .refine((value) => value !== 'production', 'the simulator does not run in production')
    .optional(),
  SIMULATOR_PORT: Port,
  SIMULATOR_SMTP_PORT: Port,
  SIMULATOR_HOST: z.string().optional(),
  SIMULATOR_PUBLIC_URL: z.url().optional(),
  SIMULATOR_NODO_PORT_URL: z.url(),
  SIMULATOR_RETURN_URL: z.url(),
  SIMULATOR_DOMAINS: json.pipe(z.record(z.string(), z.array(z.string()))).optional(),
  SIMULATOR_REPORTING_KEYS: json.pipe(z.tuple([z.string(), z.string()])).optional(),
  SIMULATOR_SETTINGS: json.pipe(Settings.partial()).optional(),
  DATA_DIR: z.string().min(1),
  NODO_BROKER: z.string().min(1),
  NODO_STATION: z.string().min(1),
  NODO_PASSWORD: z.string().min(8).max(15),
})

/** @throws ZodError with every problem of the environment */
export function readOptions(env: NodeJS.ProcessEnv): SimulatorOptions {
  const read = Environment.parse(env)
  const given = {
    host: read.SIMULATOR_HOST,
    publicUrl: read.SIMULATOR_PUBLIC_URL,
    domains: read.SIMULATOR_DOMAINS,
    settings: read.SIMULATOR_SETTINGS,
    reportingKeys: read.SIMULATOR_REPORTING_KEYS,
  }
  const optional = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return {
    port: read.SIMULATOR_PORT,
    smtpPort: read.SIMULATOR_SMTP_PORT,
    dataDir: read.DATA_DIR,
    nodePortUrl: read.SIMULATOR_NODO_PORT_URL.replace(/\/$/, ''),
    returnUrl: read.SIMULATOR_RETURN_URL,
    broker: read.NODO_BROKER,
    station: read.NODO_STATION,
    password: read.NODO_PASSWORD,
    ...optional,
  }
}
