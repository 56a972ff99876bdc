import { z } from 'zod'

/** Insecure settings that production accepts only when `ACCEPT_INSECURE` names them. */
const EXCEPTIONS = [
  'tls_unverified',
  'public_http',
  'nodo_http',
  'smtp_plain',
  'database_plain',
  'temporal_plain',
  'database_superuser',
  'staff_level_1',
] as const
export type Exception = (typeof EXCEPTIONS)[number]

export const exceptionNames = z.array(
  z.enum(EXCEPTIONS, { error: `names are divided by commas, and are: ${EXCEPTIONS.join(', ')}` }),
)
