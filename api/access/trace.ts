import type { Response } from 'express'
import { noteAccess, type Access } from '../../db/journal/access-trace.ts'
import type { AppDeps } from '../deps.ts'
import { theAccess, theOperator } from './operator.ts'
import { fiscalCodeIn, personHash } from './person-hash.ts'

type Trace = Omit<Access, 'by' | 'enteIds'>

/**
 * Records in the register of accesses that the operator sees personal data of the ente of the address. Callers wait for it before they send
 * the data.
 */
export const traceAtEnte = (db: AppDeps['db'], res: Response, trace: Trace): Promise<void> =>
  noteAccess(db, { by: theOperator(res), enteIds: [theAccess(res).enteId], ...trace })

/** The same on pages of the region, where `trace` says whose data is shown: by enti, by cart or by domain. */
export const traceAtRegion = (db: AppDeps['db'], res: Response, trace: Omit<Access, 'by'>): Promise<void> =>
  noteAccess(db, { by: theOperator(res), ...trace })

/**
 * The hash of the person whom somebody searches for, or undefined when the search is not for a person.
 * @param searched `person` is the field for a person; `others` are all other fields, which may hold a fiscal code
 */
export function searchedPerson(
  config: AppDeps['config'],
  { person, others }: { person: string; others: readonly string[] },
): string | undefined {
  const searched = person === '' ? fiscalCodeIn(others.join(' ')) : person
  return searched === undefined ? undefined : personHash(config, searched)
}
