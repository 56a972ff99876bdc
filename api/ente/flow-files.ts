import { Router } from 'express'
import { z } from 'zod'
import { findCredential } from '../../services/ente/passwords.ts'
import { flowFiles } from '../../services/file-store.ts'
import { findFlow } from '../../db/flow/flow.ts'
import { AppError } from '../../domain/errors.ts'
import { OUTCOME_FILES, outcomeFilesOf, type OutcomeFile } from '../../domain/flow/import-state.ts'
import { isSigned } from '../../templates/signed-link.ts'
import { now, type AppDeps } from '../deps.ts'
import { sendStored } from '../documents/download.ts'

const Params = z.object({ flowId: z.uuid(), credential: z.string(), kind: z.enum(OUTCOME_FILES) })

/** The path of an outcome file, to be signed. @param file `credential` is the name of the password that the link depends on */
export const outcomePath = (
  flowId: string,
  { credential, kind }: { credential: string; kind: OutcomeFile },
): string => `/flussi/${flowId}/${credential}/${kind}.zip`

/**
 * Downloads of the outcome files of a file of dues. The signed link of a file is enough to download it, as long as the password with which
 * the software got the link is valid.
 */
export function flowFilesDownload({ db, files, config }: Pick<AppDeps, 'db' | 'files' | 'config'>): Router {
  const router = Router()
  router.get('/flussi/:flowId/:credential/:kind.zip', async (req, res) => {
    if (!isSigned(config.keys.link, req.path, { query: req.query, now: now(config) }))
      throw new AppError('FORBIDDEN')
    const { data } = Params.safeParse(req.params)
    const flow = data && (await findFlow(db, data.flowId))
    if (flow && !(await findCredential(db, { id: flow.enteId }, data.credential)))
      throw new AppError('FORBIDDEN')
    if (!flow || flow.state !== 'loaded' || !outcomeFilesOf(flow).includes(data.kind))
      throw new AppError('NOT_FOUND')
    const path = files.path(flowFiles(flow.id).outcome(data.kind))
    await sendStored(res, { path, name: `${flow.baseName}_${data.kind}.zip` }, { missing: 'NOT_FOUND' })
  })
  return router
}
