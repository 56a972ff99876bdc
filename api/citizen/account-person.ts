import type { Person } from '../../domain/person.ts'
import type { Citizen } from '../middleware/session.ts'

/** Who signed in, as the one who pays. Source: docs/field/payments.md#versante-and-sign-in. */
export const accountPerson = ({ codiceFiscale, anagrafica, email }: Citizen): Person => ({
  tipo: 'F',
  codice: codiceFiscale,
  anagrafica,
  ...(email === undefined ? {} : { email }),
})
