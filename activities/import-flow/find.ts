import type { Knex } from 'knex'
import { alikeRows, twinOf } from '../../db/due/alike-dues.ts'
import type { Flow } from '../../db/flow/flow.ts'
import type { Decision } from '../../domain/flow/decide.ts'
import { isCompared, lookAt, noFindings, noteFound, type FlowFindings } from '../../domain/flow/findings.ts'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'

interface LoadedRow {
  row: number
  checked: { due: FlowDue }
  decision: Decision
}

/** What is known of the rows of the flow after these ones. Call it before they are written, or each of them finds itself. */
export async function findingsAfter(
  trx: Knex,
  flow: Flow,
  loaded: readonly LoadedRow[],
  { today }: FlowSettings,
): Promise<FlowFindings> {
  const findings = flow.findings ?? noFindings()
  for (const { row, checked, decision } of loaded) {
    if (decision.kind === 'cancel') continue
    const { importo, dueOn, pagatore } = checked.due
    lookAt(findings, { row, cents: importo, dueOn, cap: pagatore.cap, nazione: pagatore.nazione }, today)
  }
  if (isCompared(flow)) for (const row of await alikeIn(trx, flow, loaded)) noteFound(findings.alike, row)
  return findings
}

/** The rows that make a new due like one that is there, or like one of a row before them. */
async function alikeIn(trx: Knex, flow: Flow, loaded: readonly LoadedRow[]): Promise<number[]> {
  const seen = new Set<string>()
  const again: number[] = []
  const keys = loaded.flatMap(({ row, checked: { due }, decision }) => {
    const twin = decision.kind === 'insert' ? twinOf(due) : undefined
    if (!twin) return []
    const name = twin.toString('base64')
    if (seen.has(name)) again.push(row)
    seen.add(name)
    return [{ row, due, twin }]
  })
  const there = await alikeRows(trx, { enteId: flow.enteId, flowId: flow.id }, keys)
  return [...new Set([...again, ...there])].sort((one, other) => one - other)
}
