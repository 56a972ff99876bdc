import type { Person } from '../../domain/person.ts'
import type { Citizen } from '../middleware/session.ts'

/** Who signed in, as the one who pays. Source: payments.md §4, "Login". */
export const accountPerson = ({ codiceFiscale, anagrafica, email }: Citizen): Person => ({
  tipo: 'F',
  codice: codiceFiscale,
  anagrafica,
  ...(email === undefined ? {} : { email }),
})
