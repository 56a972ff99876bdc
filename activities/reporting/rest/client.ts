import { PAGE_SIZE, type PagedSource, type FlowAsk, type ListAsk } from '../source.ts'
import { ask, type RestOptions } from './get.ts'
import { readHeader, readList, readPayments } from './documents.ts'

/** The REST service of pagoPA for organizations (FdR). */
export function createRestSource(given: RestOptions): PagedSource {
  const options = { ...given, url: given.url.replace(/\/$/, '') }
  return {
    kind: 'paged',
    list: (asked) =>
      ask(options, {
        operation: 'fdrList',
        domain: asked.domain,
        path: listPath(asked),
        read: readList,
      }),
    header: (flow) =>
      ask(options, {
        operation: 'fdrFlow',
        domain: flow.domain,
        path: flowPath(flow),
        read: readHeader,
        isKept: true,
      }),
    payments: (flow, page) =>
      ask(options, {
        operation: 'fdrPayments',
        domain: flow.domain,
        path: `${flowPath(flow)}/payments?page=${page}&size=${PAGE_SIZE}`,
        read: (document) => readPayments(document, (page - 1) * PAGE_SIZE),
        isKept: true,
      }),
  }
}

function listPath({ domain, publishedAfter, flowsFrom, page }: ListAsk): string {
  const query = new URLSearchParams({
    publishedGt: publishedAfter,
    flowDate: flowsFrom,
    page: String(page),
    size: String(PAGE_SIZE),
  })
  return `/organizations/${encodeURIComponent(domain)}/fdrs?${query.toString()}`
}

const flowPath = ({ domain, flowId, revision, pspId }: FlowAsk): string =>
  `/organizations/${encodeURIComponent(domain)}/fdrs/${encodeURIComponent(flowId)}/revisions/${revision}/psps/${encodeURIComponent(pspId)}`
