import type { SheetPreview, ShownRow } from '../../domain/flow/sheet/preview.ts'
import type { ConvertedRow } from '../../domain/flow/sheet/row.ts'
import type { SheetPlan } from '../../domain/flow/sheet/header.ts'
import { flowAmount } from '../../domain/flow/amount.ts'

const SHOWN = 10
const SHOWN_UNREAD = 50

/** Collects what the page of a draft shows, while its rows are converted one after the other. */
export class PreviewMaker {
  readonly preview: SheetPreview = {
    rows: 0,
    unread: 0,
    totalCents: 0,
    changes: [],
    first: [],
    unreadRows: [],
  }
  readonly #plan: SheetPlan

  constructor(plan: SheetPlan) {
    this.#plan = plan
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
    else preview.totalCents += flowAmount(this.#value(row, 'importoDovuto') || '0')
    if (preview.first.length < SHOWN) preview.first.push(this.#shown(number, row))
    if (row.faults.length > 0 && preview.unreadRows.length < SHOWN_UNREAD)
      preview.unreadRows.push({ number, iud: this.#value(row, 'IUD'), faults: row.faults })
  }

  #shown(number: number, { fields, changes, faults }: ConvertedRow): ShownRow {
    const values = this.#plan.columns.map(({ column }, at) => ({ header: column.header, value: fields[at]! }))
    return { number, values: values.filter(({ value }) => value !== ''), changes, faults }
  }

  #value({ fields }: ConvertedRow, header: string): string {
    return fields[this.#plan.columns.findIndex(({ column }) => column.header === header)] ?? ''
  }
}
