import { z } from 'zod'

/** pagoPA's own pattern, anchored and length-checked first: unanchored it takes seconds on hostile input. */
export const emailAddress = z
  .string()
  .max(256)
  .regex(/^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+$/)

/**
 * The mailbox behind an address: the case and what follows a "+" are the same mailbox nearly everywhere. Dots stay, because
 * only some servers ignore them. For counting only: what is proved is the address.
 */
export function mailboxOf(address: string): string {
  const [name = '', host = ''] = address.trim().toLowerCase().split('@')
  return `${name.replace(/(?<=.)\+.*$/s, '')}@${host}`
}

/** Who owes (pagatore) or who pays (versante). `tipo` F person, G body; lengths as in the RPT 6.2.0 schema. */
export const personSchema = z.object({
  tipo: z.enum(['F', 'G']),
  codice: z.string().min(2).max(16),
  anagrafica: z.string().min(1).max(70),
  email: emailAddress.optional(),
  indirizzo: z.string().max(70).optional(),
  civico: z.string().max(16).optional(),
  cap: z.string().max(16).optional(),
  localita: z.string().max(35).optional(),
  provincia: z.string().max(35).optional(),
  nazione: z.string().length(2).optional(),
})

export type Person = z.infer<typeof personSchema>

/** Stands where a payer has no fiscal code; it is none, and is printed nowhere. Source: docs/field/identifiers.md#anonymous-payer. */
export const ANONYMOUS = 'ANONIMO'

/** The code as people may read it; null when there is none. */
export const printedCode = (codice: string): string | null => (codice === ANONYMOUS ? null : codice)
