import { PSP } from '../psp/identity.ts'
import type { Flow, FlowRow } from './flow.ts'
import { Spelt, type Json } from './json.ts'
import { countOf, rowsOf } from './rows.ts'

/** Which part of a list is asked for. */
export type Paging = { page: number; size: number }

const STATUSES: Record<number, string> = {
  0: 'EXECUTED',
  3: 'REVOKED',
  4: 'STAND_IN',
  8: 'STAND_IN_NO_RPT',
  9: 'NO_RPT',
}

/** The answers of the reporting API, in the order of its description. */
export function listAnswer(flows: readonly Flow[], { page, size }: Paging): Json {
  const shown = flows.slice((page - 1) * size, page * size)
  const data = shown.map(({ fdr, psp, revision, published, flowDate }) => ({
    fdr,
    pspId: psp,
    revision,
    published,
    flowDate,
  }))
  return paged(data, flows.length, { page, size })
}

export function flowAnswer(flow: Flow): Json {
  const { header, published } = flow
  return {
    status: 'PUBLISHED',
    revision: flow.revision,
    created: published,
    updated: published,
    fdr: flow.fdr,
    fdrDate: flow.flowDate,
    regulation: header.regulation,
    regulationDate: header.regulationDate,
    bicCodePouringBank: header.bic,
    sender: {
      type: header.senderType,
      id: header.sender,
      pspId: flow.psp,
      pspName: header.senderName,
      pspBrokerId: PSP.broker,
      channelId: PSP.channel,
    },
    receiver: { id: header.receiver, organizationId: flow.domain, organizationName: header.receiverName },
    published,
    computedTotPayments: countOf(flow.rows),
    computedSumPayments: new Spelt(flow.computedSum),
    totPayments: flow.totPayments,
    sumPayments: new Spelt(flow.sumPayments),
  }
}

export function paymentsAnswer({ rows }: Flow, { page, size }: Paging): Json {
  const shown = [...rowsOf(rows, (page - 1) * size, page * size)]
  return paged(shown.map(paymentOf), countOf(rows), { page, size })
}

function paymentOf({ index, iuv, iur, idTransfer, pay, code, payDate }: FlowRow): Json {
  const payStatus = STATUSES[code] ?? `ESITO_${code}`
  return { index, iuv, iur, idTransfer, pay: new Spelt(pay), payStatus, payDate: `${payDate}T00:00:00Z` }
}

/** `count` is the number of all elements, as in the service, although its description says "in this page". */
function paged(data: Json[], count: number, { page, size }: Paging): Json {
  return { metadata: { pageSize: size, pageNumber: page, totPage: Math.ceil(count / size) }, count, data }
}
