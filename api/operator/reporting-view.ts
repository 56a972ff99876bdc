import type { Response } from 'express'
import type { Logger } from 'pino'
import type { FlowSummary } from '../../db/reporting/list.ts'
import type { ReportingRun } from '../../db/reporting/run.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { shownReportingState } from '../../domain/reporting/shown-state.ts'
import { stateChip, type Chip } from '../../templates/chip.ts'
import { signedEuro, wholeNumber } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import { pspText } from '../../templates/reporting-words.ts'
import { theAccess } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { fieldView, type Problems, type Typed } from '../form/field-view.ts'

export const SECTION = 'rendicontazione'

export const reportingHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/${SECTION}`

export function flowChip(flow: FlowSummary): Chip {
  const state = shownReportingState(flow)
  return stateChip('reporting', state, t(`reporting.state.${state}`))
}

export const flowRow = (flow: FlowSummary, href: string, notes: readonly string[] = []) => ({
  href: `${href}/${flow.id}`,
  flowId: flow.flowId,
  revision: flow.revision > 1 ? t('reporting.list.revision', { revision: flow.revision }) : null,
  psp: pspText(flow),
  producedAt: formatInstant(flow.flowAt),
  availableAt: flow.publishedAt === null ? '–' : formatInstant(flow.publishedAt),
  payments: wholeNumber(flow.rows),
  amount: signedEuro(flow.declaredCents ?? flow.rowsCents),
  state: flowChip(flow),
  notes,
})

/** The last fetch, the next one, and the form that asks for one. */
export const runView = (
  { last, next, isMissed }: { last: ReportingRun | undefined; next: string | null; isMissed: boolean },
  typed: Typed,
  problems: Problems,
) => ({
  last: lastText(last),
  missed: isMissed ? t('reporting.run.missed') : null,
  next: next === null ? t('reporting.run.noNext') : t('reporting.run.next', { at: formatInstant(next) }),
  fields: [
    fieldView(
      {
        id: 'dal',
        label: t('reporting.run.from'),
        help: t('reporting.run.fromHint'),
        type: 'date',
        maxLength: 10,
        required: false,
      },
      typed,
      problems,
    ),
  ],
})

/** What became of the last time that documents of quadratura were asked for. */
export function runText(last: ReportingRun | undefined): string {
  if (!last) return t('reporting.quadratura.never')
  if (last.quadratura === null)
    return t(last.outcome === null ? 'reporting.quadratura.running' : 'reporting.quadratura.off')
  const at = formatInstant(last.startedAt)
  if (last.quadratura === 'OK') return t('reporting.quadratura.ok', { at })
  const other = t('reporting.run.why.other', { code: last.quadratura })
  return t('reporting.quadratura.failed', { at, why: tOr(`reporting.run.why.${last.quadratura}`, other) })
}

function lastText(last: ReportingRun | undefined): string {
  if (!last) return t('reporting.run.never')
  if (last.outcome === null) return t('reporting.run.running', { at: formatInstant(last.startedAt) })
  const at = formatInstant(last.endedAt!)
  if (last.outcome === 'OK') return t('reporting.run.ok', { at, stored: wholeNumber(last.stored) })
  const other = t('reporting.run.why.other', { code: last.outcome })
  return t('reporting.run.failed', { at, why: tOr(`reporting.run.why.${last.outcome}`, other) })
}

const DEADLINE_MS = 1_000

/** When the next fetch begins; null also when Temporal does not say it in time, because the page must come without it. */
export async function nextFetchAt(
  log: Logger,
  processes: AppDeps['processes'],
  enteId: string,
): Promise<string | null> {
  return processes.nextFetch(enteId, DEADLINE_MS).catch((error: unknown) => {
    log.warn({ err: error, enteId }, 'schedule not read')
    return null
  })
}
