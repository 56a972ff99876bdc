import type { BulkAct } from '../../db/bulk/act.ts'
import type { ActDue } from '../../db/bulk/rows.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { stateChip } from '../../templates/chip.ts'
import { euro, fileSize, operatorCode, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

export const actName = ({ kind, number }: BulkAct): string =>
  t('bulk.act.title', { name: t(`bulk.name.${kind}`), number })

const chipOf = ({ state }: BulkAct) => stateChip('bulk', state, t(`bulk.state.${state}`))

/** An act in the list. */
export const actRowView = (act: BulkAct, href: string) => ({
  href: `${href}/${act.id}`,
  name: actName(act),
  by: act.operatorName,
  why: act.why,
  at: formatInstant(act.createdAt),
  state: chipOf(act),
  done: wholeNumber(act.rowsDone),
  left: wholeNumber(leftOf(act)),
  sum: euro(act.centsDone),
})

/** The dues that an act left so far; when it is over, also those that it never reached. */
const leftOf = ({ endedAt, rows, rowsDone, rowsLeft }: BulkAct): number =>
  endedAt === null ? rowsLeft : rows - rowsDone

interface ActFacts {
  act: BulkAct
  counts: readonly { reason: string; count: number }[]
  /** The first dues that it left. */
  left: readonly ActDue[]
  mayStop: boolean
  href: string
  duesHref: string
}

/** The values of the page of an act. */
export function actView({ act, counts, left, mayStop, href, duesHref }: ActFacts) {
  const isOver = act.endedAt !== null
  const waiting = act.rows - act.rowsDone - act.rowsLeft
  return {
    name: actName(act),
    state: chipOf(act),
    failed: act.errorCode === null ? null : t('bulk.act.failed', { code: act.errorCode }),
    progress: isOver ? null : progressOf(act),
    counts: [
      { label: t('bulk.act.done'), value: wholeNumber(act.rowsDone) },
      { label: t('bulk.act.doneSum'), value: euro(act.centsDone) },
      { label: t('bulk.act.left'), value: wholeNumber(leftOf(act)) },
      ...(isOver ? [] : [{ label: t('bulk.act.waiting'), value: wholeNumber(waiting) }]),
    ],
    file: fileOf(act, href),
    doneList:
      act.rowsDone === 0
        ? null
        : {
            href: `${duesHref}?operazione=${act.number}`,
            csvHref: `${duesHref}.csv?operazione=${act.number}`,
            text: t('bulk.act.doneList', { count: act.rowsDone, shown: wholeNumber(act.rowsDone) }),
          },
    stop: mayStop && (act.state === 'queued' || act.state === 'running') ? `${href}/ferma` : null,
    left: counts.length === 0 ? null : leftView(counts, left, { href, duesHref }),
    facts: [
      { label: t('bulk.act.by'), value: `${act.operatorName} (${operatorCode(act.operatorId)})` },
      { label: t('bulk.act.at'), value: formatInstant(act.createdAt) },
      ...(act.why === null ? [] : [{ label: t('bulk.why.label'), value: act.why }]),
      { label: t('bulk.act.rows'), value: wholeNumber(act.rows) },
      { label: t('bulk.act.asked'), value: euro(act.cents) },
      ...(act.stoppedByName === null ? [] : [{ label: t('bulk.act.stoppedBy'), value: act.stoppedByName }]),
      ...(act.endedAt === null ? [] : [{ label: t('bulk.act.endedAt'), value: formatInstant(act.endedAt) }]),
    ],
    live: isOver ? null : `${href}/eventi`,
    self: href,
  }
}

function progressOf({ rows, rowsDone, rowsLeft }: BulkAct): { text: string; percent: string } {
  const seen = rowsDone + rowsLeft
  return {
    text: t('bulk.act.progress', { seen: wholeNumber(seen), rows: wholeNumber(rows) }),
    percent: String(Math.min(99, Math.floor((seen / rows) * 100))),
  }
}

function fileOf({ kind, zipBytes, fileRemovedAt }: BulkAct, href: string) {
  if (zipBytes === null) return null
  if (fileRemovedAt !== null) return { href: null, text: t('bulk.act.file.removed') }
  return { href: `${href}.zip`, text: t(`bulk.act.file.${kind}`, { size: fileSize(zipBytes) }) }
}

function leftView(
  counts: ActFacts['counts'],
  left: readonly ActDue[],
  { href, duesHref }: Pick<ActFacts, 'href' | 'duesHref'>,
) {
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  return {
    counts: counts.map(({ reason, count }) =>
      t('bulk.left.count', { shown: wholeNumber(count), reason: t(`bulk.reason.${reason}`) }),
    ),
    rows: left.map((due) => ({
      href: `${duesHref}/${due.id}`,
      causale: due.causale,
      iuv: due.iuv ?? '–',
      importo: euro(due.importoCents),
      why: t(`bulk.reason.${due.reason}`),
    })),
    first: all > left.length ? t('bulk.left.first', { shown: wholeNumber(left.length) }) : null,
    csvHref: `${href}/lasciati.csv`,
  }
}
