import type { DueDetail, DueEvent } from '../../db/due/dues.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { actorText } from '../../templates/format.ts'
import { t, tOr } from '../../templates/language.ts'
import { dayOrDash, euro } from './due-words.ts'

/** The history of a due. A due of a file has no event of its birth, so the file's row stands at the beginning. */
export function timelineOf(due: DueDetail, events: readonly DueEvent[]): { at: string; text: string }[] {
  const isBorn = events.some(({ kind }) => kind === 'born')
  const birth =
    isBorn || due.flowName === null
      ? []
      : [{ at: formatInstant(due.createdAt), text: t('dues.timeline.fromFlow') }]
  return [...birth, ...events.map((event) => ({ at: formatInstant(event.at), text: eventText(event) }))]
}

function eventText({ kind, toState, data }: DueEvent): string {
  const isMove = kind === 'moved' && toState !== null
  const what = isMove ? t(`dues.state.${toState}`) : tOr(`dues.event.${kind}`, kind)
  const who = actorText(data)
  const said = who === null ? what : t('dues.timeline.by', { what, who })
  const details = isMove ? '' : changesText(data)
  return details === '' ? said : t('dues.timeline.details', { what: said, details })
}

function changesText(data: Record<string, unknown>): string {
  const [before, after] = (data['importoCents'] as [number, number] | undefined) ?? []
  const parts = [
    before !== undefined && after !== undefined && before !== after
      ? t('dues.timeline.importo', { before: euro(before), after: euro(after) })
      : '',
    dueOnText(data['dueOn'] as [string | null, string | null] | undefined),
    ...((data['fields'] as string[] | undefined) ?? []).map((field) => tOr(`dues.field.${field}`, field)),
    typeof data['row'] === 'number' ? t('dues.timeline.row', { row: data['row'] }) : '',
  ].filter((part) => part !== '')
  return parts.join(', ')
}

function dueOnText(days: [string | null, string | null] | undefined): string {
  if (!days || days.length < 2 || days[0] === days[1]) return ''
  return t('dues.timeline.dueOn', { before: dayOrDash(days[0]), after: dayOrDash(days[1]) })
}
