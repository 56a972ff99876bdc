import type { Request, Response } from 'express'
import { z } from 'zod'
import { operatorName } from '../../db/ente/operator.ts'
import { duesNow, duesPassed } from '../../db/flow/dues-now.ts'
import { filesBefore, findReadableFlow, firstFreeIuf, sheetNumbers, type Flow } from '../../db/flow/flow.ts'
import { correctedRows, relatedFlows } from '../../db/flow/list.ts'
import { rejectedRows } from '../../db/flow/outcome.ts'
import { correctionIufs } from '../../domain/flow/correction.ts'
import { AppError } from '../../domain/errors.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { summaryView, type Problems } from '../form/field-view.ts'
import { mustRead } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { correctionOf, mayBeCorrected } from './correction-view.ts'
import { listHref } from './flow-list-view.ts'
import { flowView, hasDues, type Today } from './flow-view.ts'
import { knownRejects } from './reject-facts.ts'

const SHOWN_REJECTS = 20

const Params = z.object({ flowId: z.uuid() })

export const FLOW_PATH = '/operatore/:codIpa/flussi/:flowId'

export const flowHref = (res: Response, flowId: string): string => `${listHref(res)}/${flowId}`

/**
 * The file of dues of the address.
 * @throws NOT_FOUND when it is of another ente or this operator may not see it
 */
export async function mustFindFlow(db: AppDeps['db'], req: Request, res: Response): Promise<Flow> {
  const { flowId } = mustRead(Params, req.params)
  const flow = await findReadableFlow(db, readerOf(res), flowId)
  if (!flow) throw new AppError('NOT_FOUND')
  return flow
}

/** Up to this number of rows the page says by itself what became of the dues, because every one of them is read. */
const MOST_COUNTED = 10_000

const isSmall = ({ rowsRead }: Flow): boolean => rowsRead <= MOST_COUNTED

async function todayOf(db: AppDeps['db'], flow: Flow): Promise<Today> {
  const [now, passed] = await Promise.all([duesNow(db, flow), duesPassed(db, flow)])
  return { now, passed }
}

/** What was wrong with a form of the page that was just sent, and the IUF that was typed in it. */
interface RefusedForm {
  iuf?: string
  problems: Problems
}

/** Sends the page of a file: what it does or did, its downloads, its rejected rows, and the forms that go on from there. */
export async function showFlow(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  { req, res }: { req: Request; res: Response },
  flow: Flow,
  refused: RefusedForm = { problems: {} },
): Promise<void> {
  const access = theAccess(res)
  const [before, rejected, name, cancelledByName, today, related, freeIuf, numbers, corrected] =
    await Promise.all([
      flow.state === 'queued' ? filesBefore(db, flow) : 0,
      flow.rowsRejected > 0 ? rejectedRows(db, flow.id, { after: 0, limit: SHOWN_REJECTS }) : [],
      flow.operatorId === null ? null : operatorName(db, flow.operatorId),
      flow.cancelledBy === null ? null : operatorName(db, flow.cancelledBy),
      hasDues(flow) && (isSmall(flow) || req.query['conta'] === 'oggi') ? todayOf(db, flow) : undefined,
      relatedFlows(db, readerOf(res), flow),
      mayBeCorrected(flow) ? firstFreeIuf(db, flow.enteId, correctionIufs(flow.iuf)) : undefined,
      sheetNumbers(db, flow.id),
      correctedRows(db, flow.id),
    ])
  const rejects = await knownRejects(db, readerOf(res), flow, rejected)
  // Their payers and their values stand in the page.
  if (rejects.length > 0 && flow.endedAt !== null)
    await traceAtEnte(db, res, {
      what: 'file',
      of: { entity: 'flow', id: flow.id },
      detail: 'righe-scartate',
    })
  const href = flowHref(res, flow.id)
  const view = flowView({
    flow,
    before,
    rejects,
    numbers,
    corrected,
    related,
    operatorName: name,
    cancelledByName,
    today,
    href,
    listHref: listHref(res),
    duesHref: `/operatore/${access.codIpa}/dovuti`,
    csrf: csrfOf(req),
    now: now(config),
  })
  sendPage(
    res,
    'operator/flow',
    {
      here: flow.baseName,
      ...operatorFrame(access, 'flussi'),
      ...view,
      correction: correctionOf(
        flow,
        { href, codIpa: access.codIpa, iuf: refused.iuf ?? freeIuf ?? '', isFolded: corrected > 0 },
        refused.problems,
      ),
      ...summaryView(refused.problems),
      script: 'flow.js',
    },
    Object.keys(refused.problems).length > 0 ? 422 : 200,
  )
}
