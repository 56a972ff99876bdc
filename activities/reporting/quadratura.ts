import {
  beginQuadratura,
  insertQuadrature,
  noteQuadratura,
  saveQuadraturaPart,
  storeQuadratura,
  wantedQuadrature,
  type WantedQuadratura,
} from '../../db/reporting/quadratura.ts'
import { findRun, type ReportingRun } from '../../db/reporting/run.ts'
import { AppError, isAppError } from '../../domain/errors.ts'
import type { ReportingDeps } from './deps.ts'
import { firstValueOf, inSlot, keeping } from './in-slot.ts'
import type { QuadraturaSource } from './source.ts'

/** Documents that one fetch takes; what is left is taken by the next one. */
const MOST = 100

type Deps = Pick<ReportingDeps, 'db' | 'quadratura'>

/** Asks for the documents of quadratura of the ente of a run, where they are switched on, and notes at the run what became of it. */
export async function fetchQuadratura({ db, quadratura }: Deps, runId: string): Promise<void> {
  const run = await findRun(db, runId)
  if (!quadratura || !run) return
  try {
    await fetchAll(db, quadratura, run)
    await noteQuadratura(db, runId, 'OK')
  } catch (error) {
    await noteQuadratura(db, runId, isAppError(error) ? error.code : 'INTERNAL')
    throw error
  }
}

/** One that fails does not keep back the others. @throws the first failure, after all were asked for */
async function fetchAll(db: Deps['db'], source: QuadraturaSource, run: ReportingRun): Promise<void> {
  await inSlot(db, run.enteId, async () =>
    insertQuadrature(db, run, await firstValueOf(db, await source.list(run.domain))),
  )
  const failures: unknown[] = []
  for (const wanted of await wantedQuadrature(db, run.enteId, MOST))
    try {
      await fetchOne(db, source, run.enteId, wanted)
    } catch (error) {
      // Whoever is asked to wait asks for nothing more.
      if (!isAppError(error) || error.code === 'REPORTING_BUSY') throw error
      failures.push(error)
    }
  if (failures.length > 0) throw failures[0]
}

const fetchOne = (
  db: Deps['db'],
  source: QuadraturaSource,
  enteId: string,
  { id, domain, quadraturaId }: WantedQuadratura,
): Promise<void> =>
  inSlot(db, enteId, async (slot) => {
    const fetchId = await beginQuadratura(db, id)
    if (fetchId === undefined) return
    const kept = keeping(db, slot)
    let number = 0
    let bytes = 0
    const asked = await source.document({ domain, flowId: quadraturaId }, async (document) => {
      await kept()
      number += 1
      bytes += document.length
      return saveQuadraturaPart(db, fetchId, { number, document })
    })
    await firstValueOf(db, asked)
    if (bytes === 0) throw new AppError('REPORTING_UNREACHABLE', { why: 'NO_DOCUMENT' })
    await storeQuadratura(db, fetchId, bytes)
  })
