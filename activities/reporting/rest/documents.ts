import { z } from 'zod'
import { centsOf } from '../../../domain/reporting/amount.ts'
import { parseExact } from '../../../domain/reporting/exact-json.ts'
import { readPaymentsPage } from '../../../domain/reporting/page.ts'
import type { FlowHeader } from '../../../db/reporting/flow.ts'
import type { ListPage, PaymentsPage } from '../source.ts'

/*
 * What the service says, read as freely as the money allows: what is not used is ignored, and an odd row is a flag and not an error.
 * Source: the OpenAPI document of the FdR service for organizations, version 1.1.
 */

const instant = z.iso.datetime({ offset: true })
const Metadata = z.object({ totPage: z.coerce.number().int().min(0) })
const List = z.object({
  metadata: Metadata,
  data: z.array(
    z.object({
      fdr: z.string().min(1),
      pspId: z.string().min(1),
      revision: z.coerce.number().int().positive(),
      published: instant.nullish(),
      flowDate: instant,
    }),
  ),
})

const text = z.string().nullish()
const Header = z.object({
  regulation: text,
  regulationDate: text,
  bicCodePouringBank: text,
  sender: z.object({ pspName: text }).nullish(),
  receiver: z.object({ id: text, organizationId: text }).nullish(),
  totPayments: text,
  sumPayments: text,
})

const json = (document: Uint8Array): unknown =>
  parseExact(new TextDecoder('utf-8', { fatal: true }).decode(document))

/** @throws when the document is no list of flows */
export function readList(document: Uint8Array): ListPage {
  const { metadata, data } = List.parse(json(document))
  const flows = data.map(({ fdr, pspId, revision, published, flowDate }) => ({
    flowId: fdr,
    pspId,
    revision,
    flowAt: flowDate,
    publishedAt: published ?? null,
  }))
  return { pages: metadata.totPage, flows }
}

const COUNT = /^\d{1,15}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** @throws when the document is no header of a flow */
export function readHeader(document: Uint8Array): FlowHeader {
  const read = Header.parse(json(document))
  return {
    regulation: read.regulation ?? null,
    regulatedOn: read.regulationDate && DAY.test(read.regulationDate) ? read.regulationDate : null,
    bic: read.bicCodePouringBank ?? null,
    pspName: read.sender?.pspName ?? null,
    receiver: receiverOf(read.receiver ?? {}),
    declaredPayments: COUNT.test(read.totPayments ?? '') ? Number(read.totPayments) : null,
    declaredCents: centsOf(read.sumPayments ?? '') ?? null,
    document,
  }
}

const FISCAL_CODE = /^\d{11}$/

/** The receiver by its fiscal code; the organization of the flow where the receiver is named by another code, such as a BIC. */
const receiverOf = ({
  id,
  organizationId,
}: Partial<Record<'id' | 'organizationId', string | null | undefined>>) =>
  (FISCAL_CODE.test(id ?? '') ? id : organizationId) ?? null

/**
 * @param before payments on the pages before, from which a row without a number of its own is numbered
 * @throws when the document is no page of payments
 */
export function readPayments(document: Uint8Array, before: number): PaymentsPage {
  const { pages, rows } = readPaymentsPage(document, before)
  return { pages: pages ?? 1, rows, document }
}
