import { randomUUID } from 'node:crypto'
import type { Drawn } from '../behaviour/behaviours.ts'
import { source } from '../behaviour/random.ts'
import type { Settings } from '../behaviour/schema.ts'
import type { Rpt } from '../node/rpt.ts'
import { keyOf, type Payment, type RtDocument, type RtHeader } from '../world/facts.ts'
import { ACCEPTABLE, MUTATE } from './mutations.ts'
import { makeReceipt, type Receipt } from './receipt.ts'
import { writeReceipt } from './receipt-xml.ts'
import { writeUnusually } from './unusual/document.ts'
import type { Written } from './written.ts'

/** The RTs that the node will send for one RPT, and their payments. */
export type Plan = { rts: RtDocument[]; payments: Payment[]; beforeRedirect: boolean }

export type PlanInput = {
  rpt: Rpt
  header: RtHeader
  /** codiceEsitoPagamento when no rule applies. */
  code: number
  rules: Drawn[]
  settings: Settings
  now: Date
}

type Draft = { receipt: Receipt; genuine: boolean }

const SECOND_DOCUMENT_MS = 300

/** Every document with an amount above zero has a payment, because the simulated PSP never lies about money. */
export function planReceipts(input: PlanInput): Plan {
  const { rules, settings, now, rpt } = input
  const find = (kind: string) => rules.find((rule) => rule.kind === kind)
  const drafts = draftsOf(input, find)
  const onRequest = find('on_request') !== undefined
  const copies = find('copies')
  const firstAt = now.getTime() + (find('late')?.pauseMs ?? settings.rtDelayMs)
  const order = find('before_redirect')?.kind ?? find('after_redirect')?.kind ?? settings.rtOrder
  const rts = drafts.map(({ receipt, genuine }, index): RtDocument => {
    const pushAt = new Date(firstAt + index * SECOND_DOCUMENT_MS).toISOString()
    return {
      id: randomUUID(),
      rpt: keyOf(rpt),
      header: receipt.header,
      code: receipt.code,
      cents: receipt.cents,
      ...write(receipt, find('unusual'), index),
      genuine,
      ...(onRequest ? {} : { pushAt }),
      copies: (copies?.count ?? (copies ? 2 : 1)) - 1,
      parallel: copies?.parallel ?? false,
    }
  })
  const payments = drafts.flatMap(({ receipt }) => paymentOf(receipt, now))
  return { rts, payments, beforeRedirect: order === 'before_redirect' && !onRequest }
}

/** Writes each document of a plan in its own spelling. */
function write(receipt: Receipt, unusual: Drawn | undefined, index: number): Written {
  const xml = writeReceipt(receipt)
  return unusual ? writeUnusually(xml, source(unusual.spelling, index)) : { xml }
}

function draftsOf(
  { rpt, header, code, rules, now }: PlanInput,
  find: (kind: string) => Drawn | undefined,
): Draft[] {
  const make = (outcome: number) => makeReceipt(rpt, header, outcome, now)
  const wantedCode = find('code')?.code
  const honest = find('negative') ? 1 : wantedCode === undefined ? code : Number(wantedCode)
  const drafts: Draft[] = []
  if (find('negative_first')) drafts.push({ receipt: make(1), genuine: true })
  const mutation = rules.find(({ kind }) => kind === 'mutate')
  const receipt = make(honest)
  if (!mutation?.what) drafts.push({ receipt, genuine: true })
  else {
    const isTruth = ACCEPTABLE.includes(mutation.what)
    drafts.push({ receipt: MUTATE[mutation.what](receipt), genuine: isTruth })
    if (mutation.thenRight ?? !isTruth) drafts.push({ receipt: make(honest), genuine: true })
  }
  if (find('second_document')) drafts.push({ receipt: make(honest), genuine: false })
  return drafts
}

function paymentOf(receipt: Receipt, now: Date): Payment[] {
  const { domain, iuv, ccp } = receipt.header
  if (receipt.cents === 0) return []
  const iur = receipt.items.find((item) => item.cents > 0)?.iur ?? 'n/a'
  return [{ domain, iuv, ccp, cents: receipt.cents, iur, at: now.toISOString() }]
}
