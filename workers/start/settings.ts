import { resolve } from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)

const Settings = z.object({
  PORT: port.default(3000),
  NODO_PORT: port.optional(),
  ADMIN_PORT: port.optional(),
  PUBLIC_URL: z.url().optional(),
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((path) => resolve(path)),
  DATABASE_URL: z.url().optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  NODO_URL: z.url().optional(),
  SMTP_URL: z.url().optional(),
  FDR_URL: z.url().optional(),
  FDR_QUADRATURA: z.enum(['true', 'false']).optional(),
  FDR_KEYS: z.string().optional(),
  OIDC_ISSUER: z.url().optional(),
  NODO_BROKER: z.string().default('99999900014'),
  NODO_STATION: z.string().default('99999900014_01'),
  NODO_PASSWORD: z.string().default('password1'),
})

export type Settings = z.infer<typeof Settings>

/** @throws ZodError with all faults at once */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return Settings.parse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
}
