import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { findMatch, type Match } from '../../db/reporting/matches.ts'
import { AppError } from '../../domain/errors.ts'
import { mayLink } from '../../domain/reporting/decision.ts'
import type { Decision } from '../../domain/reporting/iuv-facts.ts'
import { askReceiptOf, decide, takeBack, type DecidedHow } from '../../services/reporting/decide.ts'
import { t } from '../../templates/language.ts'
import { reportingSummary } from '../../templates/process-words.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { reconcilersOnly } from '../access/region.ts'
import type { AppDeps } from '../deps.ts'
import { fieldView, statusOf, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { mustRead, trimmedText, typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone, redirectWith, takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import {
  classChip,
  classText,
  decisionView,
  matchFacts,
  placesView,
  reconciliationHref,
  SECTION,
  todoText,
} from './match-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/:reportedRowId`
const MOST_REASON = 500

/** The end of the address of each decision. */
const SLUGS: Record<Decision['kind'], string> = {
  accepted: 'accetta',
  linked: 'lega',
  refunded: 'rimborsato',
}
const KINDS: readonly Decision['kind'][] = ['accepted', 'linked', 'refunded']

interface Shown {
  typed?: Typed
  problems?: Problems
}

/** One reported payment: what it is found to be and why, and what a person decides about it. It names no person. */
export function matchPages({ db, processes }: Pick<AppDeps, 'db' | 'processes'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => show(req, res, await mustFind(req, res)))

  for (const kind of KINDS)
    router.post(`${PATH}/${SLUGS[kind]}`, reconcilersOnly, async (req, res) => {
      const match = await mustFind(req, res)
      const typed = typedIn(req)
      const { reason, dueIuv, problems } = readDecision(kind, typed)
      if (Object.keys(problems).length > 0) return show(req, res, match, { typed, problems })
      const how = await decide(db, { ...deciderOf(res, match, typed), kind, reason, dueIuv })
      if (how === 'no_due' || how === 'not_recipient')
        return show(req, res, match, { typed, problems: { [idOf('dovuto', kind)]: dueProblem(how) } })
      goBack(req, res, match, { how, what: kind })
    })

  router.post(`${PATH}/riprendi`, reconcilersOnly, async (req, res) => {
    const match = await mustFind(req, res)
    const how = await takeBack(db, deciderOf(res, match, typedIn(req)))
    goBack(req, res, match, { how, what: 'takeBack' })
  })

  router.post(`${PATH}/chiedi-ricevuta`, reconcilersOnly, async (req, res) => {
    const match = await mustFind(req, res)
    const how = await askReceiptOf(db, deciderOf(res, match, typedIn(req)))
    const { enteId, enteName } = theAccess(res)
    // A fetch looks for receipts at its end; the next one does it where this one does not begin.
    await hint(req.log, { enteId }, () =>
      processes.fetchReporting({
        enteId,
        operatorId: theOperator(res).id,
        fromOn: null,
        summary: reportingSummary(enteName),
      }),
    )
    goBack(req, res, match, { how, what: 'ask' })
  })

  async function mustFind(req: Request, res: Response): Promise<Match> {
    const id = mustRead(z.uuid(), req.params['reportedRowId'])
    const match = await findMatch(db, readerOf(res), id)
    if (!match) throw new AppError('NOT_FOUND')
    return match
  }

  function show(req: Request, res: Response, match: Match, { typed = {}, problems = {} }: Shown = {}): void {
    const access = theAccess(res)
    const mayDecide = (match.isCurrent || match.decision !== null) && match.class !== null
    sendPage(
      res,
      'operator/match',
      {
        title: t('reporting.match.title'),
        here: match.iuv,
        ...operatorFrame(access, SECTION),
        ...summaryView(problems),
        heading:
          match.iuv === '' ? t('reporting.match.title') : t('reporting.match.heading', { iuv: match.iuv }),
        stale: takeFlash(req)?.key === 'stale' ? t('reporting.match.problem.stale') : null,
        state: classChip(match),
        why: classText(match.class),
        todo: match.decision === null ? todoText(match.class) : null,
        contradicted: match.isContradicted ? t('reporting.match.contradictedWhat') : null,
        facts: matchFacts(match, access.codIpa),
        places: placesView(match),
        decision: decisionView(match, access.codIpa),
        needsGrant: mayDecide && !access.mayReconcile ? t('reporting.match.needsGrant') : null,
        acts: mayDecide && access.mayReconcile ? actsView(hrefOf(res, match), match, typed, problems) : null,
        seen: match.class,
        csrf: csrfOf(req),
      },
      statusOf(problems),
    )
  }

  return router
}

const hrefOf = (res: Response, { id }: Match): string => `${reconciliationHref(res)}/${id}`

function deciderOf(res: Response, { id }: Match, typed: Typed) {
  const { id: operatorId, name } = theOperator(res)
  const seen = trimmedText(typed, 'visto')
  return { enteId: theAccess(res).enteId, rowId: id, seen, by: { id: operatorId, name } }
}

function goBack(
  req: Request,
  res: Response,
  match: Match,
  { how, what }: { how: DecidedHow; what: string },
): void {
  if (how === 'done') redirectDone(req, res, hrefOf(res, match), `reporting.match.done.${what}`)
  else redirectWith(req, res, hrefOf(res, match), { key: 'stale' })
}

// Several forms stand on one page, so the name of each field has its decision.
const idOf = (field: 'motivo' | 'dovuto', kind: Decision['kind']): string => `${field}-${SLUGS[kind]}`

function readDecision(kind: Decision['kind'], typed: Typed) {
  const reason = trimmedText(typed, idOf('motivo', kind))
  const dueIuv = kind === 'linked' ? trimmedText(typed, idOf('dovuto', kind)) : ''
  const problems: Record<string, string> = {}
  if (reason === '') problems[idOf('motivo', kind)] = t('reporting.match.problem.reason')
  if (reason.length > MOST_REASON) problems[idOf('motivo', kind)] = t('reporting.match.problem.long')
  if (kind === 'linked' && !/^[A-Za-z0-9]{1,35}$/.test(dueIuv))
    problems[idOf('dovuto', kind)] = dueProblem('no_due')
  return { reason, dueIuv, problems }
}

const dueProblem = (how: 'no_due' | 'not_recipient'): string =>
  t(`reporting.match.problem.${how === 'no_due' ? 'due' : 'recipient'}`)

function actsView(href: string, match: Match, typed: Typed, problems: Problems) {
  const ask =
    match.isCurrent && match.receiptId === null
      ? [{ ...words('ask'), action: `${href}/chiedi-ricevuta` }]
      : []
  if (match.decision) return [{ ...words('takeBack'), action: `${href}/riprendi` }, ...ask]
  return [
    ...KINDS.filter(
      (kind) => kind !== 'linked' || mayLink({ ...match, placedCents: match.places['placed'] ?? 0 }),
    ).map((kind) => ({
      ...words(kind),
      action: `${href}/${SLUGS[kind]}`,
      fields: fieldsOf(kind).map((field) => fieldView(field, typed, problems)),
    })),
    ...ask,
  ]
}

const fieldsOf = (kind: Decision['kind']) => [
  ...(kind === 'linked'
    ? [
        {
          id: idOf('dovuto', kind),
          label: t('reporting.match.dueIuv'),
          help: t('reporting.match.dueIuvHelp'),
          maxLength: 35,
        },
      ]
    : []),
  { id: idOf('motivo', kind), label: t('reporting.match.reason'), maxLength: MOST_REASON },
]

const words = (act: string) => ({
  title: t(`reporting.match.act.${act}.title`),
  text: t(`reporting.match.act.${act}.text`),
  button: t(`reporting.match.act.${act}.button`),
})
