import type { Flow } from '../../db/flow/flow.ts'
import type { DuesNow } from '../../db/flow/dues-now.ts'
import type { FlowLink, RelatedFlow } from '../../db/flow/list.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { outcomeFilesOf, type OutcomeFile } from '../../domain/flow/import-state.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { numberInSheet, type SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import type { FlowState } from '../../domain/states.ts'
import { fileSize, wholeNumber } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import { isCompared } from '../../domain/flow/findings.ts'
import { rejectOf } from '../../domain/wire/flow-reject.ts'
import { remediesOf } from '../../templates/pages/operator/reject-remedies.ts'
import { flowChip } from '../../templates/pages/operator/words.ts'
import { findingsView, notComparedText } from './findings-view.ts'
import type { KnownReject } from './reject-facts.ts'

export interface FlowFacts {
  flow: Flow
  /** The number of files of the ente that load before this one while it is queued. */
  before: number
  operatorName: string | null
  cancelledByName: string | null
  /** What became of its dues; undefined when they are too many to count unasked. */
  today: Today | undefined
  rejects: readonly KnownReject[]
  /** Where its rows are in the sheet from which it was made. */
  numbers: SheetNumbers | null
  /** How many of its rejected rows its corrections brought back. */
  corrected: number
  /** Checks, loads and corrections that belong to this file. */
  related: readonly RelatedFlow[]
  href: string
  /** The list of files of the ente. */
  listHref: string
  /** The list of dues of the ente. */
  duesHref: string
  csrf: string
  now: string
}

const LIVE = new Set(['queued', 'loading', 'paused', 'writing', 'stopped', 'cancelling'])

/** The values of the page of a file. */
export function flowView(facts: FlowFacts) {
  const { flow, href } = facts
  const found = findingsView(flow.findings, {
    numberOf: (row) => numberInSheet(facts.numbers, row),
    alike: 'flow',
  })
  return {
    title: t(flow.isCheck ? 'flows.check.title' : 'flows.detail.title', { name: flow.baseName }),
    name: flow.isCheck ? t('flows.check.title', { name: shownFileName(flow) }) : shownFileName(flow),
    checkNote: flow.isCheck ? t(`flows.check.note.${flow.state === 'checked' ? 'done' : 'running'}`) : null,
    load: loadOf(facts),
    state: flowChip(flow),
    queue: queueText(facts),
    error: errorOf(flow),
    cancelled: cancelledText(flow, facts.cancelledByName),
    progress: progressOf(facts),
    notices: noticesOf(flow),
    counts: [...countsOf(flow), ...found.facts],
    warnings: found.warnings.length === 0 ? null : found.warnings,
    notCompared: found.facts.length === 0 || isCompared(flow) ? null : notComparedText(),
    corrected: correctedView(facts),
    files: filesOf(flow, href),
    dues: duesOf(flow, facts.duesHref),
    today: todayText(facts),
    countHref: facts.today === undefined ? `${href}?conta=oggi` : null,
    actions: actionsOf(flow, href),
    cancel: cancelOf(flow, href),
    rejects: facts.rejects.length === 0 ? null : facts.rejects.map((one) => rejectView(one, flow)),
    rejectsNote: rejectsNote(flow, facts.rejects.length),
    rowTitle: t(facts.numbers === null ? 'flows.detail.rejects.row' : 'sheet.preview.row'),
    firstRow: facts.numbers === null ? t('flows.detail.rejects.firstRow') : null,
    facts: [
      {
        label: t(`flows.${flow.isCheck ? 'check' : 'detail'}.fact.createdAt`),
        value: formatInstant(flow.createdAt),
      },
      { label: t('flows.detail.fact.operator'), value: facts.operatorName ?? t('operator.software') },
      { label: t('flows.detail.fact.format'), value: flow.format.replace('_', '.') },
      { label: t('flows.detail.fact.iuf'), value: flow.iuf },
      ...(flow.originalName === null
        ? []
        : [{ label: t('flows.detail.fact.sent'), value: flow.originalName }]),
      ...(flow.endedAt === null
        ? []
        : [{ label: t('flows.detail.fact.endedAt'), value: formatInstant(flow.endedAt) }]),
    ],
    related: facts.related.map((other) => relatedView(other, facts.listHref)),
    live: LIVE.has(flow.state) ? `${href}/eventi` : null,
    self: href,
    csrf: facts.csrf,
  }
}

const LINKS: Record<FlowLink, string> = {
  corrects: 'flows.related.corrects',
  correctedBy: 'flows.related.correctedBy',
  fromCheck: 'flows.related.fromCheck',
  loadedAs: 'flows.related.loadedAs',
}

const relatedView = ({ id, link, ...file }: RelatedFlow, list: string) => ({
  label: t(LINKS[link]),
  href: `${list}/${id}`,
  text: shownFileName(file),
})

/** What became of the rejected rows: how many their corrections loaded, with links to these. */
function correctedView({ flow, corrected, related, listHref }: FlowFacts) {
  if (corrected === 0) return null
  const values = { count: corrected, done: wholeNumber(corrected), rejected: wholeNumber(flow.rowsRejected) }
  const isAll = corrected === flow.rowsRejected
  return {
    text: t(`flows.correction.${isAll ? 'allDone' : 'partlyDone'}`, values),
    files: related
      .filter(({ link, state }) => link === 'correctedBy' && state === 'loaded')
      .map((other) => relatedView(other, listHref)),
  }
}

/** The file that loads the bytes of a check; one that was refused or cancelled does so no more. */
export const loadedAs = (related: readonly RelatedFlow[]): RelatedFlow | undefined =>
  related.find(({ link, state }) => link === 'loadedAs' && state !== 'refused' && state !== 'cancelled')

/** The button that loads the kept file of a check; null when it is loaded, or when nothing of it would be. */
function loadOf({ flow, related, href }: FlowFacts): { href: string; note: string | null } | null {
  const { state, rowsRead, rowsRejected } = flow
  if (state !== 'checked' || rowsRead === rowsRejected || loadedAs(related)) return null
  const values = { count: rowsRejected, shown: wholeNumber(rowsRejected) }
  return { href: `${href}/carica`, note: rowsRejected > 0 ? t('flows.check.loadNote', values) : null }
}

/** True when the rejected rows are complete and can be read. */
export const hasRejectsToRead = ({ endedAt, rowsRejected }: Flow): boolean =>
  endedAt !== null && rowsRejected > 0

/** A workbook blocks its process while it is written: this many rows take a fraction of a second. */
export const MOST_REJECTS_IN_SHEET = 500

/** True when the rejected rows are few enough for a workbook. */
export const hasRejectsSheet = (flow: Flow): boolean =>
  hasRejectsToRead(flow) && flow.rowsRejected <= MOST_REJECTS_IN_SHEET

function queueText({ flow, before }: FlowFacts): string | null {
  if (flow.state !== 'queued') return null
  if (before === 0) return t('flows.detail.queue.soon')
  return t(`flows.${flow.isCheck ? 'check' : 'detail'}.queue.before`, { count: before })
}

function errorOf({ state, errorCode, errorDetails }: Flow): { code: string; text: string } | null {
  if (state !== 'refused' || errorCode === null) return null
  return { code: [errorCode, ...errorDetails].join(' · '), text: tOr(`flows.error.${errorCode}`, '') }
}

/** What became of the dues of a file. */
export interface Today {
  now: DuesNow
  passed: number
}

function todayText({ today }: FlowFacts): string | null {
  if (!today) return null
  const counts = [
    ...(['payable', 'paying', 'paid', 'cancelled'] as const).map(
      (state) => [state, today.now[state].count] as const,
    ),
    ['passed', today.passed] as const,
  ]
  const parts = counts
    .filter(([what, count]) => count > 0 || what === 'payable')
    .map(([what, count]) => t(`flows.detail.today.${what}`, { count, shown: wholeNumber(count) }))
  return t('flows.detail.today.title', { parts: parts.join(', ') })
}

function cancelledText(flow: Flow, by: string | null): string | null {
  if (flow.isCheck || (flow.state !== 'cancelled' && flow.state !== 'cancelling')) return null
  const counts = t(`flows.detail.${flow.state}`, {
    cancelled: wholeNumber(flow.duesCancelled),
    paid: wholeNumber(flow.duesKeptPaid),
    paying: wholeNumber(flow.duesKeptPaying),
  })
  return [
    counts,
    ...(by === null ? [] : [t('flows.detail.cancelledBy', { by })]),
    ...(flow.cancelWhy === null ? [] : [t('flows.detail.cancelWhy', { why: flow.cancelWhy })]),
  ].join(' ')
}

function progressOf({ flow, now }: FlowFacts): { rows: string; percent: string; pace: string | null } | null {
  if (flow.state === 'queued' && flow.rowsRead === 0) return null
  const part = flow.csvBytes === 0 ? 1 : flow.nextByte / flow.csvBytes
  const percent = flow.state === 'loading' ? Math.min(99, Math.floor(part * 100)) : Math.floor(part * 100)
  return { rows: wholeNumber(flow.rowsRead), percent: String(percent), pace: paceText(flow, part, now) }
}

function paceText(flow: Flow, part: number, now: string): string | null {
  if (flow.state !== 'loading' || flow.loadingSince === null || flow.rowsRead === 0) return null
  const seconds = (flow.loadingMs + Math.max(0, Date.parse(now) - Date.parse(flow.loadingSince))) / 1000
  if (seconds < 1 || part <= 0) return null
  const rows = wholeNumber(Math.round(flow.rowsRead / seconds))
  return t('flows.detail.pace', { rows, left: durationText((seconds / part) * (1 - part)) })
}

function durationText(seconds: number): string {
  if (seconds < 60) return t('flows.detail.seconds', { count: Math.max(1, Math.round(seconds)) })
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return t('flows.detail.minutes', { count: minutes })
  return t('flows.detail.hours', { n: Math.round(minutes / 60) })
}

function noticesOf({ noticesWanted, noticesPrinted, wantsNotices }: Flow) {
  if (!wantsNotices || noticesWanted === 0) return null
  return {
    printed: wholeNumber(noticesPrinted),
    wanted: wholeNumber(noticesWanted),
    percent: String(Math.min(100, Math.floor((noticesPrinted / noticesWanted) * 100))),
  }
}

/** How many rows did what, or would do what if the checked file were loaded. */
function countsOf(flow: Flow): { label: string; value: string }[] {
  const words = flow.isCheck ? 'check' : 'detail'
  return [
    { label: t(`flows.${words}.count.loaded`), value: wholeNumber(flow.rowsLoaded) },
    { label: t(`flows.${words}.count.changed`), value: wholeNumber(flow.rowsChanged) },
    { label: t(`flows.${words}.count.cancelled`), value: wholeNumber(flow.rowsCancelled) },
    { label: t(`flows.${words}.count.unchanged`), value: wholeNumber(flow.rowsUnchanged) },
    { label: t(`flows.${words}.count.rejected`), value: wholeNumber(flow.rowsRejected) },
  ]
}

/** True when a file has written dues. */
export const hasDues = ({ isCheck, rowsLoaded, rowsChanged, rowsCancelled }: Flow): boolean =>
  !isCheck && rowsLoaded + rowsChanged + rowsCancelled > 0

/** The lists of the dues of a file, once it has written some: those to collect, and those that are over. */
function duesOf(flow: Flow, duesHref: string) {
  if (!hasDues(flow)) return null
  const search = new URLSearchParams({ flusso: flow.baseName }).toString()
  return [
    { href: `${duesHref}?${search}`, text: t('flows.detail.dues.open') },
    { href: `${duesHref}?${search}&vista=archivio`, text: t('flows.detail.dues.closed') },
  ]
}

/** The files that can be downloaded: always the original, and the outcome files once they are completely written. */
function filesOf(flow: Flow, href: string): { href: string; text: string }[] {
  const isWritten = ['loaded', 'cancelling', 'cancelled'].includes(flow.state) && flow.endedAt !== null
  const has = (kind: OutcomeFile): boolean => isWritten && outcomeFilesOf(flow).includes(kind)
  const words = flow.isCheck ? 'check' : 'detail'
  const isSheet = flow.source === 'sheet'
  const size = fileSize(flow.zipBytes)
  const files: [boolean, string, string][] = [
    [true, 'originale', t(isSheet ? 'sheet.file.sheet' : `flows.${words}.files.original`, { size })],
    [isSheet, 'convertito', t('sheet.file.converted')],
    [has('IUV'), 'iuv', t('flows.detail.files.iuv')],
    [hasRejectsToRead(flow), 'scarti-con-rimedi', t(`flows.${words}.files.remedies`)],
    [hasRejectsSheet(flow), 'scarti-con-rimedi.xlsx', t('flows.detail.files.remediesSheet')],
    [has('SCARTI'), 'scarti', t('flows.detail.files.rejects')],
    [has('AVVISI_PDF'), 'avvisi', t('flows.detail.files.notices')],
  ]
  return files
    .filter(([isThere]) => isThere)
    .map(([, kind, text]) => ({ href: `${href}/file/${kind}`, text }))
}

function actionsOf(
  { state, isCheck }: Flow,
  href: string,
): { href: string; text: string; kind: string }[] | null {
  if (isCheck) return checkActions(state, href)
  const pause = { href: `${href}/sospendi`, text: t('flows.detail.action.pause'), kind: 'btn-primary' }
  const resume = { href: `${href}/riprendi`, text: t('flows.detail.action.resume'), kind: 'btn-primary' }
  switch (state) {
    case 'loading':
    case 'writing':
      return [pause]
    case 'paused':
      return [resume]
    case 'queued':
    case 'stopped':
    case 'cancelling':
      return []
    // Nothing changes any more, so there is nothing to refresh.
    case 'loaded':
    case 'refused':
    case 'checked':
    case 'cancelled':
      return null
  }
}

/** The button that cancels the whole file. It stands by itself at the end of the page, where nobody presses it for another. */
const cancelOf = ({ state, isCheck }: Flow, href: string): { href: string; text: string } | null =>
  !isCheck && CANCELLABLE.has(state)
    ? { href: `${href}/conferma-annulla`, text: t('flows.detail.action.cancel') }
    : null

const CANCELLABLE: ReadonlySet<FlowState> = new Set([
  'queued',
  'loading',
  'writing',
  'paused',
  'loaded',
  'refused',
])

/** A check that runs can be ended. It has written nothing, so nobody is asked to confirm. */
function checkActions(state: FlowState, href: string): { href: string; text: string; kind: string }[] | null {
  if (state !== 'queued' && state !== 'loading') return null
  return [{ href: `${href}/annulla`, text: t('flows.check.end'), kind: 'btn-outline-primary' }]
}

/** A rejected row with what to do about it, and the reasons as the file of rejected rows has them, one per line. */
function rejectView({ number, reasons, facts }: KnownReject, { endedAt }: Flow) {
  const { code, text } = rejectOf(reasons)
  const { values } = facts
  return {
    row: wholeNumber(number),
    iud: brief(values.IUD ?? ''),
    // Before the end the page is read again and again, and the register of accesses would have each time.
    payer: endedAt === null ? '' : brief(values.anagraficaPagatore ?? ''),
    remedies: endedAt === null ? remediesOf(reasons) : remediesOf(reasons, facts),
    code: code.replace(/^\|/, ''),
    reasons: text
      .split(/\|| (?=Errore sintassi)/)
      // The old platform wrote some apostrophes twice.
      .map((reason) => reason.trim().replaceAll("''", "'"))
      .filter((reason) => reason !== ''),
  }
}

/** A text of a row, which may be anything. */
const brief = (text: string): string => text.replace(/[\p{C}"]/gu, '').slice(0, 40)

function rejectsNote({ isCheck, rowsRead, rowsRejected }: Flow, shown: number): string {
  const first =
    rowsRejected <= shown ? [] : [t('flows.detail.rejects.first', { shown, rows: wholeNumber(rowsRejected) })]
  const check = rowsRead === rowsRejected ? 'flows.check.rejectsAll' : 'flows.check.rejects'
  return [...first, t(isCheck ? check : 'flows.detail.rejects.all')].join(' ')
}
