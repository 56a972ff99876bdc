import type { ApprovedAct } from '../../domain/anomaly/acts.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { shownFlowState } from '../../domain/flow/shown-state.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import { oneLine, wholeNumber } from '../format.ts'
import { DEFAULT_LANGUAGE as language, t } from '../language.ts'
import type { ChangeRow } from '../pages/admin/change-words.ts'
import { flowWords } from '../pages/operator/words.ts'
import { mailText, type MailText } from './mail-text.ts'

/** Mails for operators, administrators and maintainers, whose pages are in Italian only. */

/** Outcome of a file of dues. */
export interface FlowMailView {
  enteName: string
  fileName: string
  /** For a file refused as a whole. */
  errorCode: string | null
  counts: Record<FlowCount, number>
  link: string
}

const FLOW_COUNTS = ['loaded', 'changed', 'cancelled', 'unchanged', 'rejected'] as const
type FlowCount = (typeof FLOW_COUNTS)[number]

/** Source of the subject: docs/field/files.md#reports. */
export function renderFlowMail({ enteName, fileName, errorCode, counts, link }: FlowMailView): MailText {
  const lines = FLOW_COUNTS.map((count) => ({
    label: t(`staffmail.flow.${count}`),
    value: wholeNumber(counts[count]),
  }))
  return mailText('flow', t('staffmail.flow.subject', { file: fileName }), {
    language,
    title: flowTitle(errorCode, counts),
    intro: t('staffmail.flow.intro', { file: fileName, ente: oneLine(enteName) }),
    lines: [...codeLine(errorCode), ...lines],
    todo: counts.rejected > 0 ? t('staffmail.flow.todo') : null,
    link,
  })
}

function flowTitle(errorCode: string | null, counts: FlowMailView['counts']): string {
  if (errorCode !== null) return t('staffmail.flow.refused')
  const rowsRead = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const flow = { state: 'loaded', isCheck: false, rowsRead, rowsRejected: counts.rejected } as const
  if (shownFlowState(flow) === 'all_rejected') return t('staffmail.flow.allRejected')
  return t('staffmail.flow.done', { state: flowWords(flow).toLowerCase() })
}

/** A requested export that is ready or has failed. */
export interface ExportMailView {
  enteName: string
  /** Null for one that has failed. */
  fileName: string | null
  rows: number
  skipped: number
  errorCode: string | null
  link: string
}

export function renderExportMail({ enteName, errorCode, link, ...made }: ExportMailView): MailText {
  const end = errorCode === null ? 'ready' : 'failed'
  return mailText('report', t(`staffmail.export.${end}.subject`), {
    language,
    open: t('staffmail.export.open'),
    title: t(`staffmail.export.${end}.title`),
    intro: t('staffmail.export.intro', { ente: oneLine(enteName) }),
    lines: errorCode === null ? fileLines(made) : codeLine(errorCode),
    todo: t(`staffmail.export.${end}.todo`),
    link,
  })
}

/** New anomalies of an ente. `cents` belong to no due. */
export interface AnomaliesMailView {
  enteName: string
  kinds: readonly { kind: AnomalyKind; count: number; cents: number }[]
  link: string
}

export function renderAnomaliesMail({ enteName, kinds, link }: AnomaliesMailView): MailText {
  const count = kinds.reduce((sum, one) => sum + one.count, 0)
  const ente = oneLine(enteName)
  return mailText('report', t('staffmail.anomalies.subject', { count, ente }), {
    language,
    open: t('staffmail.anomalies.open'),
    title: t('staffmail.anomalies.title', { count, shown: wholeNumber(count) }),
    intro: t('staffmail.anomalies.intro', { ente }),
    lines: kinds.map((one) => ({
      label: t(`anomaly.kind.${one.kind}.name`),
      value:
        one.cents === 0
          ? wholeNumber(one.count)
          : t('staffmail.anomalies.withMoney', {
              count: wholeNumber(one.count),
              importo: formatEuro(cents(one.cents)),
            }),
    })),
    todo: t('staffmail.anomalies.todo'),
    link,
  })
}

/** A request on an anomaly that needs a second person. The reason is left out, because people may write names into it. */
export interface AskedMailView {
  /** Null for an anomaly that names no ente of ours. */
  enteName: string | null
  kind: AnomalyKind
  unplacedCents: number
  /** The person who asked, and the instant. */
  asked: { act: ApprovedAct; by: string; at: string }
  link: string
}

export function renderAskedMail({ enteName, kind, unplacedCents, asked, link }: AskedMailView): MailText {
  const ente = oneLine(enteName ?? t('anomaly.noEnte'))
  return mailText('report', t('staffmail.asked.subject', { ente }), {
    language,
    open: t('staffmail.asked.open'),
    title: t('staffmail.asked.title'),
    intro: t('staffmail.asked.intro', { ente, by: oneLine(asked.by), at: formatInstant(asked.at) }),
    lines: [
      { label: t('staffmail.asked.act'), value: t(`anomaly.act.${asked.act}.asked`) },
      { label: t('staffmail.asked.about'), value: t(`anomaly.kind.${kind}.name`) },
      ...(unplacedCents === 0
        ? []
        : [{ label: t('anomaly.fact.unplaced'), value: formatEuro(cents(unplacedCents)) }]),
    ],
    todo: t('staffmail.asked.todo'),
    link,
  })
}

interface Line {
  label: string
  value: string
}

function fileLines({
  fileName,
  rows,
  skipped,
}: Pick<ExportMailView, 'fileName' | 'rows' | 'skipped'>): Line[] {
  return [
    { label: t('staffmail.export.file'), value: fileName! },
    { label: t('staffmail.export.rows'), value: wholeNumber(rows) },
    ...(skipped > 0 ? [{ label: t('staffmail.export.skipped'), value: wholeNumber(skipped) }] : []),
  ]
}

const codeLine = (errorCode: string | null): Line[] =>
  errorCode === null ? [] : [{ label: t('staff.label.code'), value: errorCode }]

/** A change by an administrator of an ente. `at` is an instant. */
export interface ChangeMailView {
  enteName: string
  codIpa: string
  /** Name of the due type, if a due type was changed. */
  dueType: string | null
  /** Null when no person did it, because a waiting time ended. */
  by: string | null
  at: string
  rows: readonly ChangeRow[]
  link: string
}

/** The mail for the people who maintain the platform. */
export function renderChangeMail(view: ChangeMailView): MailText {
  return changeMail(view, {
    short: t('staffmail.change.short'),
    title: t('staffmail.change.title'),
    intro: t('staffmail.change.intro', placesOf(view)),
    from: t('staffmail.change.from'),
    to: t('staffmail.change.to'),
    todo: null,
  })
}

/** One step of a change of account that needs a second person. */
export interface AccountMailView extends ChangeMailView {
  step: AccountStep
  /** The instant at which the change takes effect without a second person. */
  until: string | null
  /** The person who requested it. */
  asked: string | null
}

const ACCOUNT_STEPS = [
  'account asked',
  'account approved',
  'account elapsed',
  'account withdrawn',
  'account overtaken',
] as const
type AccountStep = (typeof ACCOUNT_STEPS)[number]

export const isAccountStep = (what: string): what is AccountStep =>
  ACCOUNT_STEPS.some((step) => step === what)

/** The mail for the administrators of the ente and of the region. */
export function renderAccountMail({ step, until, asked, ...view }: AccountMailView): MailText {
  const title = t(`staffmail.step.${step}.title`)
  return changeMail(view, {
    short: title,
    title,
    intro: t(`staffmail.step.${step}.intro`, { ...placesOf(view), asked: oneLine(asked ?? '') }),
    from: t(`staffmail.step.${step}.from`),
    to: t(`staffmail.step.${step}.to`),
    todo: t(`staffmail.step.${step}.todo`, { until: until === null ? '' : formatInstant(until) }),
  })
}

function placesOf({
  by,
  at,
  enteName,
  dueType,
  codIpa,
}: ChangeMailView): Record<'by' | 'at' | 'about', string> {
  const ente = oneLine(enteName)
  return {
    by: by === null ? t('staffmail.change.system') : oneLine(by),
    at: formatInstant(at),
    about:
      dueType === null
        ? t('staffmail.change.ofEnte', { ente, codIpa })
        : t('staffmail.change.ofDueType', { dueType: oneLine(dueType), ente, codIpa }),
  }
}

interface ChangeWords {
  /** The title as the subject says it. */
  short: string
  title: string
  intro: string
  /** Headings of the columns of old and new values. */
  from: string
  to: string
  todo: string | null
}

function changeMail({ enteName, rows, link }: ChangeMailView, words: ChangeWords): MailText {
  const { short, title, intro, from, to, todo } = words
  return mailText('change', t('staffmail.change.subject', { title: short, ente: oneLine(enteName) }), {
    language,
    title,
    intro,
    columns: [t('staffmail.change.field'), from, to],
    rows: rows.map((row) => ({ field: row.field, from: oneLine(row.from), to: oneLine(row.to) })),
    todo,
    link,
  })
}
