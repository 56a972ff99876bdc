import type { Person } from '../../domain/person.ts'
import type { Citizen } from '../middleware/session.ts'

/** The person who is signed in, as the versante. Source: docs/field/payments.md#versante-and-sign-in. */
export const accountPerson = ({ codiceFiscale, anagrafica, email }: Citizen): Person => ({
  tipo: 'F',
  codice: codiceFiscale,
  anagrafica,
  ...(email === undefined ? {} : { email }),
})
