import { z } from 'zod'

/** pagoPA's own pattern, with anchors and a length limit: without anchors it takes seconds on hostile input. */
export const emailAddress = z
  .string()
  .max(256)
  .regex(/^[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+$/)

/**
 * The mailbox of an address. Case and a suffix after "+" are ignored, because nearly all servers ignore them; dots
 * stay, because only some do. Use it only to count: what a person proves is the address.
 */
export function mailboxOf(address: string): string {
  const [name = '', host = ''] = address.trim().toLowerCase().split('@')
  return `${name.replace(/(?<=.)\+.*$/s, '')}@${host}`
}

/**
 * Who owes (pagatore) or who pays (versante). `tipo` F is a person, G a body. Lengths are those of the RPT 6.2.0
 * schema.
 */
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

/**
 * Replaces the fiscal code of an anonymous payer. It is not a code and is never printed. Source:
 * docs/field/identifiers.md#anonymous-payer.
 */
export const ANONYMOUS = 'ANONIMO'

/** The code to show to people; null for an anonymous payer. */
export const printedCode = (codice: string): string | null => (codice === ANONYMOUS ? null : codice)
