import type { Context } from '../context.ts'
import type { Flow, FlowRow } from '../reporting/flow.ts'
import { publish } from '../reporting/publish.ts'
import type { PublishRequest } from '../reporting/request.ts'
import { rowsOf } from '../reporting/rows.ts'

type Given = NonNullable<PublishRequest['flows']>[number]
type Example = { label: string; flow: (row: Row, last: Flow | undefined) => Omit<Given, 'domain'> }
type Row = Pick<FlowRow, 'iuv' | 'iur' | 'pay'>

/** A payment that nobody made, for an organization of which no flow lists one. */
const UNKNOWN: Row = { iuv: '01999999999999993', iur: 'IURSCONOSCIUTO', pay: '12.34' }
const TWO_ROWS = (row: Row) => [row, UNKNOWN]

/** Flows that an integrator wants to see in the product. `row` is the first payment of the last flow. */
const EXAMPLES: Record<string, Example> = {
  unknown: { label: 'con uno IUV sconosciuto', flow: () => ({ rows: [UNKNOWN] }) },
  sum: { label: 'con il totale sbagliato', flow: (row) => ({ rows: TWO_ROWS(row), sumPayments: '9.99' }) },
  count: { label: 'con il numero di pagamenti sbagliato', flow: (row) => ({ rows: [row], totPayments: 3 }) },
  empty: { label: 'vuoto', flow: () => ({ rows: [] }) },
  receiver: {
    label: 'destinato a un altro ente',
    flow: (row) => ({ rows: [row], header: { receiver: '80000000001' } }),
  },
  revoked: { label: 'che revoca (codice 3) il primo', flow: (row) => ({ rows: [{ ...row, code: 3 }] }) },
  stand_in: { label: 'in stand-in (codice 4)', flow: (row) => ({ rows: [{ ...row, code: 4 }] }) },
  no_rpt: { label: 'senza RPT (codice 9)', flow: () => ({ rows: [{ ...UNKNOWN, code: 9 }] }) },
  unheard: { label: 'con un codice mai visto', flow: (row) => ({ rows: [{ ...row, code: 7 }] }) },
  decimals: { label: 'con tre decimali', flow: (row) => ({ rows: [{ ...row, pay: `${row.pay}5` }] }) },
  twice: { label: 'con una riga due volte', flow: (row) => ({ rows: [row, row] }) },
  odd_id: { label: 'con un identificativo strano', flow: (row) => ({ rows: [row], fdr: 'flusso n/1 à' }) },
  less: {
    label: 'di nuovo l’ultimo, senza la prima riga',
    flow: (_row, last) => ({ ...again(last), changes: { without: [1] } }),
  },
  large: { label: 'di 100.000 righe', flow: () => ({ recipe: { count: 100_000 } }) },
}

/** Value and words of each example. */
export const EXAMPLE_LABELS = Object.entries(EXAMPLES).map(([id, { label }]) => ({ id, label }))

export function publishExample(context: Context, id: string, domain: string): void {
  const example = EXAMPLES[id]
  if (!example) return
  const last = context.world.flows.list().findLast((flow) => flow.domain === domain)
  const [first] = last ? rowsOf(last.rows, 0, 1) : []
  const { iuv, iur, pay } = first ?? UNKNOWN
  publish(context, { flows: [{ domain, ...example.flow({ iuv, iur, pay }, last) }] })
}

const again = (last: Flow | undefined) => (last ? { fdr: last.fdr, psp: last.psp } : {})
