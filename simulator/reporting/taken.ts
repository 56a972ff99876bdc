import { bytesOf } from '../psp/written.ts'
import type { RtRecord } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { child, childrenOf, readTree, textAt, type XmlTree } from '../xml-tree.ts'
import { dayOf } from './days.ts'
import type { FlowRow } from './flow.ts'

/** Payments of one organization, PSP and day that no flow lists yet, and the RTs that they come from. */
export type Taken = { domain: string; psp: string; day: string; rows: FlowRow[]; rts: string[] }

type Wanted = { day?: string | undefined; domain?: string | undefined }

/** What the PSPs took, as their receipts say. */
export function takenPayments({ rts, flows }: World, { day, domain }: Wanted): Taken[] {
  const found = new Map<string, Taken>()
  for (const rt of rts.values()) {
    const on = dayOf(rt.at)
    if (rt.cents === 0 || flows.reportedRts.has(rt.id)) continue
    if ((day !== undefined && on !== day) || (domain !== undefined && rt.header.domain !== domain)) continue
    const { psp, rows } = readPaid(rt, on)
    const key = [rt.header.domain, psp, on].join('|')
    const group = found.get(key) ?? { domain: rt.header.domain, psp, day: on, rows: [], rts: [] }
    group.rows.push(...rows)
    group.rts.push(rt.id)
    found.set(key, group)
  }
  return [...found.values()]
}

function readPaid(rt: RtRecord, payDate: string): { psp: string; rows: FlowRow[] } {
  const document = readTree(bytesOf(rt))
  const attester = child(child(document, 'istitutoAttestante'), 'identificativoUnivocoAttestante')
  const items = childrenOf(child(document, 'datiPagamento'), 'datiSingoloPagamento')
  const rows = items.map((item, index) => rowOf(item, index + 1, rt.header.iuv, payDate))
  return {
    psp: text(attester, 'codiceIdentificativoUnivoco'),
    rows: rows.filter(({ pay }) => Number(pay) > 0),
  }
}

function rowOf(item: XmlTree, idTransfer: number, iuv: string, payDate: string): FlowRow {
  const pay = text(item, 'singoloImportoPagato')
  return { iuv, iur: text(item, 'identificativoUnivocoRiscossione'), idTransfer, pay, code: 0, payDate }
}

const text = (tree: XmlTree | undefined, name: string): string => (textAt(tree, name) ?? '').trim()
