import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Knex } from 'knex'
import { findAnomaly, recipientsOf, type Anomaly, type FoundRecipient } from '../../db/anomaly/anomalies.ts'
import { askedIn } from '../../db/anomaly/approved-act.ts'
import { anomalyEvents } from '../../db/anomaly/events.ts'
import { receiptsOfAnomaly } from '../../db/anomaly/receipts.ts'
import { waitingAbout, type Approval } from '../../db/ente/approval.ts'
import { actsFor, mayReceive, type AnomalyAct } from '../../domain/anomaly/acts.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { euro, actorText } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import { maskCode, maskName } from '../access/mask.ts'
import { theOperator } from '../access/operator.ts'
import { fieldView, statusOf, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { mustRead } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { SLUGS, fieldsOf } from './act-form.ts'
import type { Desk } from './desk.ts'
import { isOfTwo, receiptView } from './receipts-view.ts'
import { anomalyChip, kindWords } from './words.ts'
import { z } from 'zod'

const Params = z.object({ id: z.uuid() })

/** The message of a page whose anomaly changed before somebody's form came. */
export const STALE = 'stale'

/** The anomaly of the address. @throws NOT_FOUND when this person may not see it */
export async function mustFindAnomaly(db: Knex, desk: Desk, req: Request, res: Response): Promise<Anomaly> {
  const { id } = mustRead(Params, req.params)
  const anomaly = await findAnomaly(db, desk.reader(res), id)
  if (!anomaly) throw new AppError('NOT_FOUND')
  return anomaly
}

/** Sends the page of an anomaly: what happened, the money, what may be done, and what was done. @param typed what a form of it sent */
export async function showAnomaly(
  db: Knex,
  desk: Desk,
  res: Response,
  { anomaly, typed = {}, problems = {} }: { anomaly: Anomaly; typed?: Typed; problems?: Problems },
): Promise<void> {
  await desk.trace(res, anomaly)
  const acts = anomaly.isAsked ? [] : actsFor(anomaly)
  const recipients = acts.includes('give')
    ? (await recipientsOf(db, desk.reader(res), anomaly.id)).filter((due) =>
        mayReceive(due, anomaly.unplacedCents),
      )
    : []
  const [waiting] = await waitingAbout(db, anomaly.id)
  const href = `${desk.href(res)}/${anomaly.id}`
  const isStale = takeFlash(res.req)?.key === STALE
  const receipts = isOfTwo(anomaly) ? await receiptsOfAnomaly(db, desk.reader(res), anomaly.id) : []
  const title = kindWords(anomaly.kind)
  sendPage(
    res,
    'anomaly/anomaly',
    {
      title,
      ...desk.frame(res),
      ...summaryView(problems),
      csrf: csrfOf(res.req),
      href,
      state: anomalyChip(anomaly),
      stale: isStale ? t('anomaly.stale') : null,
      what: t(`anomaly.kind.${anomaly.kind}.what`),
      facts: factsOf(anomaly, desk),
      receipts: receipts.map((receipt) => receiptView(receipt, { desk, res, anomaly })),
      aboutHref: desk.aboutHref(res, anomaly),
      aboutText: t(`anomaly.about.${aboutOf(anomaly, desk)}`),
      acts: acts
        .map((act) => actView(act, { anomaly, desk, res, href, recipients, typed, problems }))
        // What is possible comes first.
        .sort((one, other) => Number(other.isPossible) - Number(one.isPossible)),
      isWaitingForEnd: acts.length === 0 && anomaly.state !== 'closed' && !waiting,
      waiting: waiting ? await waitingView(waiting, { res, href, desk, anomaly }) : null,
      closed: closedView(anomaly),
      events: (await anomalyEvents(db, anomaly.id)).map(({ at, data }) => ({
        at: formatInstant(at),
        by: actorText(data) ?? '–',
        what: eventText(data),
      })),
    },
    statusOf(problems),
  )
}

const aboutOf = ({ kind }: Anomaly, { isMasked }: Desk): string => {
  if (kind === 'fetch_missed') return kind
  return isMasked ? 'payment' : 'due'
}

const personText = ({ payer }: Anomaly, { isMasked }: Desk): string | null =>
  payer &&
  (isMasked
    ? `${maskName(payer.anagrafica)} ${maskCode(payer.codice)}`
    : `${payer.anagrafica} (${payer.codice})`)

function factsOf(anomaly: Anomaly, desk: Desk): { label: string; value: string }[] {
  const { unplacedCents, receiptCents, ente, dueTypeName, causale, iuv, details, createdAt, receivedAt } =
    anomaly
  const why = details['why']
  const facts: [string, string | null | undefined][] = [
    [moneyFact(anomaly), unplacedCents === 0 ? null : euro(unplacedCents)],
    ['receipt', receiptCents === null ? null : euro(receiptCents)],
    ['receivedAt', receivedAt && formatInstant(receivedAt)],
    ['why', typeof why === 'string' ? tOr(`support.receiptWhy.${why}`, why) : null],
    ['ente', ente?.name ?? t('anomaly.noEnte')],
    ['dueType', dueTypeName],
    ['causale', causale],
    ['payer', personText(anomaly, desk)],
    ['iuv', iuv],
    ...fetchFacts(anomaly),
    ['raisedAt', formatInstant(createdAt)],
  ]
  return facts
    .filter((fact): fact is [string, string] => Boolean(fact[1]))
    .map(([name, value]) => ({ label: t(`anomaly.fact.${name}`), value }))
}

/** When the flows of the ente were fetched last, and why not since. */
function fetchFacts({ kind, details }: Anomaly): [string, string][] {
  if (kind !== 'fetch_missed') return []
  const { lastOkAt, lastAt, lastOutcome } = FetchDetails.parse(details)
  const why = lastOutcome === null ? '' : `: ${tOr(`reporting.run.why.${lastOutcome}`, lastOutcome)}`
  return [
    ['lastOkAt', lastOkAt === null ? t('anomaly.never') : formatInstant(lastOkAt)],
    ['lastAt', lastAt === null ? t('anomaly.never') : formatInstant(lastAt) + why],
  ]
}

const FetchDetails = z.object({
  lastOkAt: z.string().nullable(),
  lastAt: z.string().nullable(),
  lastOutcome: z.string().nullable(),
})

/** What the money of an anomaly is called: it changes with what was decided. */
function moneyFact({ state, resolution }: Anomaly): string {
  if (state === 'to_return') return 'to_return'
  if (resolution === 'returned') return 'returned'
  return state === 'closed' ? 'left' : 'unplaced'
}

interface ActContext {
  anomaly: Anomaly
  desk: Desk
  res: Response
  href: string
  recipients: readonly FoundRecipient[]
  typed: Typed
  problems: Problems
}

function actView(act: AnomalyAct, { anomaly, desk, res, href, recipients, typed, problems }: ActContext) {
  const askHref = act === 'ask_node' ? desk.askHref(res, anomaly) : null
  const linkHref = act === 'reconcile' ? desk.reportedHref(res, anomaly) : null
  const isPossible = isPossibleHere(act, { recipients, askHref, linkHref })
  const choices = recipients.map((due) => ({
    value: due.id,
    label: t('anomaly.recipient', {
      causale: due.causale,
      dueType: due.dueTypeName,
      iuv: due.iuv ?? '–',
      day: due.dueOn === null ? '–' : formatDay(due.dueOn),
    }),
  }))
  return {
    title: t(`anomaly.act.${act}.title`),
    text: isPossible ? t(`anomaly.act.${act}.text`) : t(`anomaly.act.${act}.none`),
    isPossible,
    linkHref,
    action: askHref ?? `${href}/${SLUGS[act]}`,
    nonce: askHref === null ? null : randomUUID(),
    fields: isPossible ? fieldsOf(act, choices).map((field) => fieldView(field, typed, problems)) : [],
    button: t(`anomaly.act.${act}.button`),
  }
}

const isPossibleHere = (
  act: AnomalyAct,
  {
    recipients,
    askHref,
    linkHref,
  }: { recipients: readonly FoundRecipient[]; askHref: string | null; linkHref: string | null },
): boolean => {
  if (act === 'give') return recipients.length > 0
  if (act === 'ask_node') return askHref !== null
  return act !== 'reconcile' || linkHref !== null
}

async function waitingView(
  approval: Approval,
  { res, href, desk, anomaly }: { res: Response; href: string; desk: Desk; anomaly: Anomaly },
) {
  const { act, dueId, reason } = askedIn(approval)
  return {
    what: t(`anomaly.act.${act}.asked`),
    reason,
    asked: `${actorText({ by: approval.askedByName, byId: approval.askedBy })}, ${formatInstant(approval.askedAt)}`,
    dueHref: dueId === null ? null : desk.dueHref(res, anomaly, dueId),
    approveHref: approval.askedBy === theOperator(res).id ? null : `${href}/approva`,
    withdrawHref: `${href}/ritira`,
  }
}

function closedView({ kind, closedAt, closedBy, resolution, reason, reference }: Anomaly) {
  if (closedAt === null || resolution === null) return null
  return {
    how: tOr(`anomaly.kind.${kind}.${resolution}`, t(`anomaly.resolved.${resolution}`)),
    at: formatInstant(closedAt),
    by: closedBy,
    reason,
    reference,
  }
}

const Act = z.object({
  act: z.string(),
  step: z.string(),
  reason: z.string().optional(),
  reference: z.string().optional(),
})

function eventText(data: Record<string, unknown>): string {
  const { act, step, reason, reference } = Act.parse(data)
  const what = `${t(`anomaly.act.${act}.title`)}: ${t(`anomaly.step.${step}`)}`
  // The reason is of the person who asked, so it stands beside the request only.
  const why = step === 'asked' || step === 'done' ? reason : undefined
  return [what, why, reference && t('anomaly.withReference', { reference })].filter(Boolean).join(' · ')
}
