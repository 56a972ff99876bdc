import { nowIso, type Context } from '../context.ts'
import { PSP } from '../psp/identity.ts'
import { dayOf } from './days.ts'
import type { Flow, FlowHeader, FlowKey, Rows } from './flow.ts'
import { givenRows } from './given-rows.ts'
import type { GivenFlow } from './request.ts'
import { countOf, rowsOf } from './rows.ts'
import { sumOf } from './sum.ts'

type Given = Pick<GivenFlow, 'domain' | 'psp'> & Partial<GivenFlow>

/** A flow with what is given; what is not comes from its last revision, and then from what is usual. */
export function makeFlow(context: Context, given: Given, made?: Rows): Flow {
  const { flows } = context.world
  const published = given.published ?? nowIso(context)
  const today = dayOf(published)
  const fdr = given.fdr ?? flows.nextId(given.psp, given.header?.regulationDate ?? today)
  const key = { domain: given.domain, psp: given.psp, fdr }
  const before = flows.revisionsOf(key).at(-1)
  const rows = made ?? givenRows(given, before, today)
  const computedSum = sumOf(rowsOf(rows))
  return {
    ...key,
    revision: (before?.revision ?? 0) + 1,
    flowDate: given.flowDate ?? laterThan(before?.flowDate, published),
    published,
    header: { ...(before?.header ?? usualHeader(key, today)), ...definedOnly(given.header ?? {}) },
    totPayments: given.totPayments ?? countOf(rows),
    sumPayments: given.sumPayments ?? computedSum,
    computedSum,
    rows,
  }
}

function usualHeader({ domain, psp, fdr }: FlowKey, today: string): FlowHeader {
  return {
    regulation: `TRN${fdr.replaceAll(/[^a-zA-Z0-9]/g, '')}`.slice(0, 35),
    regulationDate: today,
    bic: 'SIMUITMMXXX',
    senderType: 'LEGAL_PERSON',
    sender: psp,
    senderName: psp === PSP.psp ? PSP.name : `PSP ${psp}`,
    receiver: domain,
    receiverName: `Ente ${domain}`,
  }
}

/** The node refuses a revision that is not later than the one before; its times have whole seconds. */
function laterThan(before: string | undefined, now: string): string {
  const least = before === undefined ? 0 : Date.parse(before) + 1_000
  return new Date(Math.max(least, Date.parse(now))).toISOString()
}

function definedOnly(header: GivenFlow['header']): Partial<FlowHeader> {
  return Object.fromEntries(Object.entries(header).filter(([, one]) => one !== undefined))
}
