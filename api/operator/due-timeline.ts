import { z } from 'zod'
import type { DueDetail, DueEvent } from '../../db/due/dues.ts'
import type { NamedFlow } from '../../db/flow/named.ts'
import type { ReportedPayment } from '../../db/reporting/of-payment.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { dayOrDash } from '../../templates/due-words.ts'
import { actorName, euro } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import type { LoggedNotice } from '../../db/mail/notice-log.ts'
import { reportedLine } from '../../templates/reporting-words.ts'
import { noticeLine } from './notice-words.ts'

/** The files and the acts that the history of a due names. */
export interface Sources {
  flows: readonly NamedFlow[]
  /** The ids of those acts on many dues that the reader may open, by number. */
  acts: ReadonlyMap<number, string>
  /** What reporting flows say of it. */
  reported: readonly ReportedPayment[]
  flowsHref: string
  actsHref: string
}

interface Link {
  href: string
  text: string
}

export interface Line {
  at: string
  text: string
  links: readonly Link[]
}

/** The history of a due with its notices by mail. A due from a file has no `born` event, so a line about the file comes first. */
export function timelineOf(
  due: DueDetail,
  events: readonly DueEvent[],
  mailed: readonly LoggedNotice[],
  sources: Sources,
): Line[] {
  const isSigned = events.some(({ kind }) => kind === 'made_by')
  const told = inOrder(events.filter(({ kind }) => !(isSigned && kind === 'born'))).map((event) => ({
    instant: event.at,
    at: formatInstant(event.at),
    ...(event.kind === 'born' && due.spontaneous
      ? { text: t('dues.timeline.byCitizen'), links: [] }
      : eventLine(event, due, sources)),
  }))
  const later = [
    ...told,
    ...mailed.map((notice) => ({ ...noticeLine(notice), links: [] })),
    ...sources.reported.map(reportedIn),
  ].sort((one, other) => Date.parse(one.instant) - Date.parse(other.instant))
  return [...birthOf(due, events, sources), ...later]
}

function reportedIn(row: ReportedPayment) {
  const { text, link } = reportedLine(row)
  return { instant: row.storedAt, at: formatInstant(row.storedAt), text, links: [link] }
}

/** Who asked to cancel comes before the cancellation, which the database writes down first. */
const inOrder = (events: readonly DueEvent[]): DueEvent[] =>
  events.flatMap((event, n) => {
    const [before, after] = [events[n - 1], events[n + 1]]
    if (isCancelled(event) && after?.kind === ASKED) return [{ ...after, at: event.at }, event]
    return event.kind === ASKED && before && isCancelled(before) ? [] : [event]
  })

const ASKED = 'cancelled_by'
const isCancelled = ({ toState }: DueEvent): boolean => toState === 'cancelled'

/** The files that a history names, by id. */
export const flowsIn = (due: DueDetail, events: readonly DueEvent[]): string[] => [
  ...new Set(
    [due.flowId, ...events.flatMap(({ data }) => [detailsIn(data).flow, detailsIn(data).fromFlow])].filter(
      (id) => typeof id === 'string',
    ),
  ),
]

/** The numbers of the acts that a history names. */
export const actsIn = (events: readonly DueEvent[]): number[] => [
  ...new Set(events.flatMap(({ data }) => detailsIn(data).bulkAct ?? [])),
]

function birthOf(due: DueDetail, events: readonly DueEvent[], sources: Sources): Line[] {
  if (due.flowId === null || events.some(({ kind }) => kind === 'born')) return []
  const at = formatInstant(due.createdAt)
  const taken = events.map(({ data }) => detailsIn(data)).find(({ flow }) => flow !== undefined)
  // Earlier versions did not write which file a due was of before, and nothing at all when a row cancelled it.
  const made = due.cancelledReason === 'row' ? undefined : due.flowId
  const flow = flowOf(sources, taken ? taken.fromFlow : made)
  if (!flow) return [{ at, text: t('dues.timeline.fromFlow'), links: [] }]
  return [{ at, text: t('dues.timeline.birth', { flow: sentBy(flow) }), links: linkTo(flow, sources) }]
}

const flowOf = ({ flows }: Sources, id: string | undefined): NamedFlow | undefined =>
  flows.find((flow) => flow.id === id)

const sentBy = ({ baseName, operatorName }: NamedFlow): string =>
  operatorName === null
    ? t('dues.timeline.bySoftware', { name: baseName })
    : t('dues.timeline.sentBy', { name: baseName, who: operatorName })

const linkTo = ({ id, isReadable }: NamedFlow, { flowsHref }: Sources): Link[] =>
  isReadable ? [{ href: `${flowsHref}/${id}`, text: t('dues.timeline.openFlow') }] : []

function eventLine(event: DueEvent, due: DueDetail, sources: Sources): Pick<Line, 'text' | 'links'> {
  const { kind, toState, data } = event
  const isMove = kind === 'moved' && toState !== null
  const what = isMove ? t(`dues.state.${toState}`) : tOr(`dues.event.${kind}`, kind)
  const who = actorName(data)
  const line = who === null ? what : t('dues.timeline.by', { what, who })
  const withFlow = isMove && toState === 'cancelled' && due.cancelledReason === 'flow'
  const { text, links } = withFlow ? wholeFlow(due, sources) : changes(data, isMove, sources)
  return { text: text === '' ? line : t('dues.timeline.details', { what: line, details: text }), links }
}

/** A due that was cancelled with its whole file. */
function wholeFlow({ flowId }: DueDetail, sources: Sources): Pick<Line, 'text' | 'links'> {
  const flow = flowOf(sources, flowId ?? undefined)
  if (!flow) return { text: '', links: [] }
  const { baseName: name, cancelledByName, cancelWhy } = flow
  const parts = [
    cancelledByName === null
      ? t('dues.timeline.wholeFlow', { name })
      : t('dues.timeline.wholeFlowBy', { name, who: cancelledByName }),
    ...(cancelWhy === null ? [] : [t('dues.timeline.why', { why: cancelWhy })]),
  ]
  return { text: parts.join(', '), links: linkTo(flow, sources) }
}

const Day = z.string().nullable()

/** The details of an event about a change: values before and after it, and other changed fields. Unreadable details are left out. */
const Details = z.object({
  importoCents: z.tuple([z.number(), z.number()]).optional().catch(undefined),
  dueOn: z.tuple([Day, Day]).optional().catch(undefined),
  fields: z.array(z.string()).catch([]),
  row: z.number().optional().catch(undefined),
  /** The file whose row did it, and the file that the due was of before. */
  flow: z.string().optional().catch(undefined),
  fromFlow: z.string().optional().catch(undefined),
  /** The number of the act on many dues that did it. */
  bulkAct: z.number().optional().catch(undefined),
  /** Why, in the words of who did it. */
  why: z.string().optional().catch(undefined),
})

const detailsIn = (data: DueEvent['data']): z.output<typeof Details> => Details.parse(data)

function changes(data: DueEvent['data'], isMove: boolean, sources: Sources): Pick<Line, 'text' | 'links'> {
  if (isMove) return { text: '', links: [] }
  const { importoCents, dueOn, fields, row, flow: flowId, bulkAct, why } = detailsIn(data)
  const [before, after] = importoCents ?? []
  const flow = flowOf(sources, flowId)
  const parts = [
    before !== undefined && after !== undefined && before !== after
      ? t('dues.timeline.importo', { before: euro(before), after: euro(after) })
      : '',
    dueOnText(dueOn),
    ...fields.map((field) => tOr(`dues.field.${field}`, field)),
    rowText(row, flow),
    bulkAct === undefined ? '' : t('dues.timeline.bulkAct', { number: bulkAct }),
    why === undefined ? '' : t('dues.timeline.why', { why }),
  ].filter((part) => part !== '')
  const act = bulkAct === undefined ? undefined : sources.acts.get(bulkAct)
  return {
    text: parts.join(', '),
    links: [
      ...(flow ? linkTo(flow, sources) : []),
      ...(act === undefined
        ? []
        : [{ href: `${sources.actsHref}/${act}`, text: t('dues.timeline.openAct', { number: bulkAct! }) }]),
    ],
  }
}

function rowText(row: number | undefined, flow: NamedFlow | undefined): string {
  if (row === undefined) return ''
  return flow ? t('dues.timeline.rowOf', { row, flow: sentBy(flow) }) : t('dues.timeline.row', { row })
}

function dueOnText(days: z.output<typeof Details>['dueOn']): string {
  if (!days || days[0] === days[1]) return ''
  return t('dues.timeline.dueOn', { before: dayOrDash(days[0]), after: dayOrDash(days[1]) })
}
