import type { SheetPreview, ShownRow } from '../../domain/flow/sheet/preview.ts'
import type { ConvertedRow } from '../../domain/flow/sheet/row.ts'
import type { SheetPlan } from '../../domain/flow/sheet/header.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { flowAmount } from '../../domain/flow/amount.ts'
import { lookAt, noFindings, noteFound } from '../../domain/flow/findings.ts'
import { ANONYMOUS } from '../../domain/person.ts'

const SHOWN = 10
const SHOWN_UNREAD = 50

/** Collects what the page of a draft shows, while its rows are converted one after the other. */
export class PreviewMaker {
  readonly #findings = noFindings()
  readonly preview: SheetPreview = {
    rows: 0,
    unread: 0,
    totalCents: 0,
    findings: this.#findings,
    changes: [],
    first: [],
    unreadRows: [],
  }
  readonly #plan: SheetPlan
  readonly #today: string
  readonly #seen = new Set<string>()

  /** @param today the day of Rome */
  constructor(plan: SheetPlan, today: string) {
    this.#plan = plan
    this.#today = today
  }

  take(number: number, row: ConvertedRow): void {
    const { preview } = this
    preview.rows++
    for (const { header, from, to } of row.changes) {
      const known = preview.changes.find((change) => change.header === header)
      if (known) known.count++
      else preview.changes.push({ header, from, to, count: 1 })
    }
    if (row.faults.length > 0) preview.unread++
    else this.#look(number, row)
    if (preview.first.length < SHOWN) preview.first.push(this.#shown(number, row))
    if (row.faults.length > 0 && preview.unreadRows.length < SHOWN_UNREAD)
      preview.unreadRows.push({ number, iud: this.#value(row, 'IUD'), faults: row.faults })
  }

  /** Looks at a row that was read completely. A row that cancels a due asks for nothing. */
  #look(number: number, row: ConvertedRow): void {
    const of = (header: ColumnHeader): string => this.#value(row, header)
    const cents = flowAmount(of('importoDovuto') || '0')
    this.preview.totalCents += cents
    if (of('azione') === 'A') return
    const [dueOn, cap, nazione] = [of('dataEsecuzionePagamento'), of('capPagatore'), of('nazionePagatore')]
    lookAt(this.#findings, { row: number, cents, dueOn, cap, nazione }, this.#today)
    const codice = of('codiceIdentificativoUnivoco').toUpperCase()
    const twin = [codice, cents, of('tipoDovuto'), dueOn].join('|')
    if (this.#seen.has(twin) && codice !== ANONYMOUS && of('azione') === 'I')
      noteFound(this.#findings.alike, number)
    this.#seen.add(twin)
  }

  #shown(number: number, { fields, changes, faults }: ConvertedRow): ShownRow {
    const values = this.#plan.columns.map(({ column }, at) => ({ header: column.header, value: fields[at]! }))
    return { number, values: values.filter(({ value }) => value !== ''), changes, faults }
  }

  #value({ fields }: ConvertedRow, header: ColumnHeader): string {
    return fields[this.#plan.columns.findIndex(({ column }) => column.header === header)] ?? ''
  }
}
