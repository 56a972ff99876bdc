import { escapeText } from '../html.ts'
import { dayOf } from './days.ts'
import type { Flow } from './flow.ts'
import { rowsOf } from './rows.ts'

/** All payments of one organization that flows of one day list. */
interface Quadratura {
  id: string
  domain: string
  day: string
  /** ISO instant: when the last of its flows was published. */
  at: string
  flows: Flow[]
}

export function quadratureOf(flows: readonly Flow[], domain: string): Quadratura[] {
  const found = new Map<string, Quadratura>()
  for (const flow of flows.filter((one) => one.domain === domain)) {
    const day = dayOf(flow.flowDate)
    const of = found.get(day) ?? { id: `${day}-${domain}-Q`, domain, day, at: flow.published, flows: [] }
    if (flow.published > of.at) of.at = flow.published
    of.flows.push(flow)
    found.set(day, of)
  }
  return [...found.values()]
}

/** The form is the simulator's own, because no schema of the real one is known. */
export function writeQuadratura({ domain, day, flows }: Quadratura): string {
  const parts = [`<?xml version="1.0" encoding="UTF-8"?><quadratura dominio="${domain}" giorno="${day}">`]
  for (const { fdr, rows } of flows)
    for (const { iuv, iur, pay } of rowsOf(rows))
      parts.push(
        `<pagamento>${element('flusso', fdr)}${element('iuv', iuv)}${element('iur', iur)}${element('importo', pay)}</pagamento>`,
      )
  parts.push('</quadratura>')
  return parts.join('')
}

const element = (name: string, text: string): string => `<${name}>${escapeText(text)}</${name}>`
