import type { Flow } from '../reporting/flow.ts'

/** Keys of the reporting API, for tests. */
export const keys: [string, string] = ['chiave-prima', 'chiave-seconda']

export type Reader = { url: string; key: string }
type Query = Record<string, string | number>
// What a test reads of an answer, it compares.
export type Read = { status: number; text: string; headers: Headers; json: any }

const encoded = encodeURIComponent

async function read({ url, key }: Reader, path: string, query: Query): Promise<Read> {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) asked.set(name, String(value))
  const headers = key === '' ? {} : { 'ocp-apim-subscription-key': key }
  const answer = await fetch(`${url}/organizations/${path}?${asked.toString()}`, { headers })
  const text = await answer.text()
  return { status: answer.status, text, headers: answer.headers, json: parsed(text) }
}

function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const readList = (reader: Reader, domain: string, query: Query = {}) =>
  read(reader, `${domain}/fdrs`, query)

const pathOf = ({ domain, fdr, revision, psp }: Flow) =>
  `${domain}/fdrs/${encoded(fdr)}/revisions/${revision}/psps/${encoded(psp)}`

export const readFlow = (reader: Reader, flow: Flow) => read(reader, pathOf(flow), {})

export const readPayments = (reader: Reader, flow: Flow, query: Query = {}) =>
  read(reader, `${pathOf(flow)}/payments`, query)
