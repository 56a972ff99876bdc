import type { Knex } from 'knex'
import { insertDated } from '../../db/reporting/dated.ts'
import { beginFrom, bytesHere, giveUp, saveHeader, type ReportingFlow } from '../../db/reporting/flow.ts'
import { savePage } from '../../db/reporting/page.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { AppError } from '../../domain/errors.ts'
import type { DocumentHead } from '../../domain/wire/read-flow-document.ts'
import { firstValueOf } from './in-slot.ts'
import type { FlowPart, WholeSource } from './source.ts'

/**
 * Fetches the document of a flow and stores it part by part, byte for byte, while it comes. It begins at the start each time, because one
 * call gives the whole.
 * @returns what is odd about it; undefined when the document is that of a newer revision: pagoPA gives only the newest, so this one never comes
 */
export async function fetchWhole(
  db: Knex,
  source: WholeSource,
  flow: ReportingFlow,
  kept: () => Promise<void>,
): Promise<string[] | undefined> {
  if (!(await beginFrom(db, flow.id, 'soap'))) return []
  let bytes = 0
  let newer: string | undefined
  const asked = await source.flow(flow, async (part) => {
    await kept()
    newer = newerThan(flow, part.head)
    if (newer !== undefined) return false
    bytes += part.document.length
    await savePart(db, flow.id, part)
    return true
  })
  if (newer !== undefined) {
    await writeJournal(db, asked.journal)
    await giveWay(db, flow, newer)
    return undefined
  }
  const { head } = await firstValueOf(db, asked)
  if (head.flowId !== flow.flowId) throw new AppError('REPORTING_UNREACHABLE', { why: 'OTHER_FLOW' })
  // Another fetch of this flow may have begun it anew meanwhile.
  if ((await bytesHere(db, flow.id)) !== bytes)
    throw new AppError('REPORTING_UNREACHABLE', { why: 'PAGES_MISSING' })
  await saveHeader(db, flow.id, { ...head, document: null })
  return head.flowAt !== null && secondsOf(head.flowAt) === secondsOf(flow.flowAt) ? [] : ['other_time']
}

const savePart = (db: Knex, id: string, { number, document, rows }: FlowPart): Promise<boolean> =>
  savePage(db, id, { number, pages: number, document, rows })

/** The date of the document, when it is newer than the flow that was asked for. */
const newerThan = ({ flowId, flowAt }: ReportingFlow, head: DocumentHead): string | undefined =>
  head.flowId === flowId && head.flowAt !== null && secondsOf(head.flowAt) > secondsOf(flowAt)
    ? head.flowAt
    : undefined

/** Documents say no more than the second. */
const secondsOf = (at: string): number => Math.floor(Date.parse(at) / 1_000)

/** Notes the newer revision, which the next fetch asks for, and gives this one up. */
async function giveWay(db: Knex, flow: ReportingFlow, flowAt: string): Promise<void> {
  await beginFrom(db, flow.id, 'soap')
  await insertDated(db, { enteId: flow.enteId, domain: flow.domain }, [{ ...flow, flowAt }])
  await giveUp(db, flow.id, 'now')
}
