import type { Response } from 'express'
import { noteAccess, type Access } from '../../db/journal/access-trace.ts'
import type { AppDeps } from '../deps.ts'
import { theAccess, theOperator } from './operator.ts'
import { fiscalCodeIn, personHash } from './person-hash.ts'

type Trace = Omit<Access, 'by' | 'enteIds'>

/** Who is signed in sees personal data of the ente of the address: written down before they leave. */
export const traceAtEnte = (db: AppDeps['db'], res: Response, trace: Trace): Promise<void> =>
  noteAccess(db, { by: theOperator(res), enteIds: [theAccess(res).enteId], ...trace })

/** The same on pages of the region, where the thing itself says whose data it holds. */
export const traceAtRegion = (db: AppDeps['db'], res: Response, trace: Omit<Access, 'by'>): Promise<void> =>
  noteAccess(db, { by: theOperator(res), ...trace })

/** The hash of the person that a search is for: named in its own field, or by a fiscal code in any other. */
export function searchedPerson(
  config: AppDeps['config'],
  { person, others }: { person: string; others: readonly string[] },
): string | undefined {
  const searched = person === '' ? fiscalCodeIn(others.join(' ')) : person
  return searched === undefined ? undefined : personHash(config, searched)
}
