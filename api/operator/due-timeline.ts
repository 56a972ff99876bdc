import { z } from 'zod'
import type { DueDetail, DueEvent } from '../../db/due/dues.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { dayOrDash } from '../../templates/due-words.ts'
import { actorName, euro } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import type { LoggedNotice } from '../../db/mail/notice-log.ts'
import { noticeLine } from './notice-words.ts'

/** The history of a due with its notices by mail. A due from a file has no `born` event, so a line about the file comes first. */
export function timelineOf(
  due: DueDetail,
  events: readonly DueEvent[],
  mailed: readonly LoggedNotice[],
): { at: string; text: string }[] {
  const isBorn = events.some(({ kind }) => kind === 'born')
  const birth =
    isBorn || due.flowName === null
      ? []
      : [{ at: formatInstant(due.createdAt), text: t('dues.timeline.fromFlow') }]
  const isSigned = events.some(({ kind }) => kind === 'made_by')
  const told = inOrder(events.filter(({ kind }) => !(isSigned && kind === 'born'))).map((event) => ({
    instant: event.at,
    at: formatInstant(event.at),
    text: event.kind === 'born' && due.spontaneous ? t('dues.timeline.byCitizen') : eventText(event),
  }))
  const later = [...told, ...mailed.map(noticeLine)].sort(
    (one, other) => Date.parse(one.instant) - Date.parse(other.instant),
  )
  return [...birth, ...later]
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

function eventText({ kind, toState, data }: DueEvent): string {
  const isMove = kind === 'moved' && toState !== null
  const what = isMove ? t(`dues.state.${toState}`) : tOr(`dues.event.${kind}`, kind)
  const who = actorName(data)
  const line = who === null ? what : t('dues.timeline.by', { what, who })
  const details = isMove ? '' : changesText(data)
  return details === '' ? line : t('dues.timeline.details', { what: line, details })
}

const Day = z.string().nullable()

/** The details of an event about a change: values before and after it, and other changed fields. Unreadable details are left out. */
const Changes = z.object({
  importoCents: z.tuple([z.number(), z.number()]).optional().catch(undefined),
  dueOn: z.tuple([Day, Day]).optional().catch(undefined),
  fields: z.array(z.string()).catch([]),
  row: z.number().optional().catch(undefined),
  /** The number of the act on many dues that did it. */
  bulkAct: z.number().optional().catch(undefined),
})

function changesText(data: DueEvent['data']): string {
  const { importoCents, dueOn, fields, row, bulkAct } = Changes.parse(data)
  const [before, after] = importoCents ?? []
  const parts = [
    before !== undefined && after !== undefined && before !== after
      ? t('dues.timeline.importo', { before: euro(before), after: euro(after) })
      : '',
    dueOnText(dueOn),
    ...fields.map((field) => tOr(`dues.field.${field}`, field)),
    row === undefined ? '' : t('dues.timeline.row', { row }),
    bulkAct === undefined ? '' : t('dues.timeline.bulkAct', { number: bulkAct }),
  ].filter((part) => part !== '')
  return parts.join(', ')
}

function dueOnText(days: z.output<typeof Changes>['dueOn']): string {
  if (!days || days[0] === days[1]) return ''
  return t('dues.timeline.dueOn', { before: dayOrDash(days[0]), after: dayOrDash(days[1]) })
}
