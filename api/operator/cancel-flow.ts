import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { beginCancelling } from '../../db/flow/cancel.ts'
import { duesNow, type DuesNow } from '../../db/flow/dues-now.ts'
import type { Flow } from '../../db/flow/flow.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { cancelSummary } from '../../templates/process-words.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import type { AppDeps } from '../deps.ts'
import { askConfirm } from '../form/confirm.ts'
import type { Problems } from '../form/field-view.ts'
import { typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { redirectDone } from '../page/flash.ts'
import { mustTypeNumber } from '../../domain/bulk/acts.ts'
import { brakeFields, readBrakes } from './brakes.ts'
import { flowHref, FLOW_PATH, mustFindFlow } from './flow-page.ts'

/** The number of dues that the page of confirmation showed. */
const Seen = z.coerce.number().int().nonnegative().max(10_000_000)

/** Cancels all dues of a file that can still be paid, after a page has said how many and asked why. A check is ended without questions. */
export function cancelFlowPages({ db, processes }: Pick<AppDeps, 'db' | 'processes'>): Router {
  const router = Router()

  router.post(`${FLOW_PATH}/conferma-annulla`, async (req, res) => {
    const flow = await mustFindFlow(db, req, res)
    ask(req, res, flow, { now: await duesNow(db, flow), problems: {} })
  })

  router.post(`${FLOW_PATH}/annulla`, async (req, res) => {
    const flow = await mustFindFlow(db, req, res)
    const why = flow.isCheck ? null : await readWhy(req, res, flow)
    if (why === undefined) return
    const state = await beginCancelling(db, flow.id, { operatorId: theOperator(res).id, why })
    if (state === 'cancelling')
      await hint(req.log, { flowId: flow.id }, () =>
        processes.cancelImport({
          flowId: flow.id,
          enteId: flow.enteId,
          summary: cancelSummary({ ...flow, enteName: theAccess(res).enteName }),
        }),
      )
    redirectDone(req, res, flowHref(res, flow.id), `staff.done.flow.${flow.isCheck ? 'endCheck' : 'cancel'}`)
  })

  /** The reason; undefined when the page asks again, because the form is wrong or there are more dues than it showed. */
  async function readWhy(req: Request, res: Response, flow: Flow): Promise<string | null | undefined> {
    const typed = typedIn(req)
    const now = await duesNow(db, flow)
    const { count } = now.payable
    const seen = Seen.safeParse(typed['visti']).data
    // Dues that are loaded while somebody looks are no surprise: the file goes as a whole.
    const isStale = seen === undefined || (count > seen && flow.endedAt !== null)
    const { why, problems } = readBrakes(typed, { kind: 'cancel', from: 'flow', count }, seen ?? count)
    if (!isStale && Object.keys(problems).length === 0) return why
    const field = mustTypeNumber('cancel', count) ? 'numero' : 'perche'
    const grown: Problems = isStale ? { [field]: t('flows.cancel.grown', { shown: wholeNumber(count) }) } : {}
    ask(req, res, flow, { now, problems: { ...problems, ...grown } })
    return undefined
  }

  return router
}

function ask(
  req: Request,
  res: Response,
  flow: Flow,
  { now, problems }: { now: DuesNow; problems: Problems },
): void {
  const href = flowHref(res, flow.id)
  const { count } = now.payable
  askConfirm(req, res, {
    page: 'operator/cancel-flow',
    title: t('flows.cancel.title'),
    lead: shownFileName(flow),
    frame: operatorFrame(theAccess(res), 'flussi', { text: flow.baseName, href }),
    facts: factsOf(now),
    effects: [t(`flows.cancel.${flow.state === 'loaded' ? 'loaded' : 'loading'}`), t('flows.cancel.effect')],
    confirms: flow.id,
    typed: { visti: String(count) },
    fields: brakeFields({ kind: 'cancel', count }, typedIn(req), problems),
    problems,
    action: `${href}/annulla`,
    button: t('flows.cancel.confirm'),
    isDanger: true,
    back: { href, text: t('flows.cancel.back') },
  })
}

/** How many dues are cancelled, for how much, and what stays. */
const factsOf = (now: DuesNow): { name: string; text: string }[] =>
  (['payable', 'paying', 'paid', 'cancelled'] as const)
    .filter((state) => state === 'payable' || now[state].count > 0)
    .map((state) => ({
      name: t(`flows.cancel.fact.${state}`),
      text: t('flows.cancel.dues', {
        count: now[state].count,
        shown: wholeNumber(now[state].count),
        importo: euro(now[state].cents),
      }),
    }))
