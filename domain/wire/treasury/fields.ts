import { isCountableDay, romeDay } from '../../calendar.ts'
import type { Fault, FaultCode, Item, Place } from '../../treasury/movement.ts'
import { centsOf } from '../../reporting/amount.ts'

/** How a format writes days and amounts; undefined for a text of another form. */
export interface FieldForms {
  day: (text: string, field: string) => string | undefined
  cents: (text: string) => number | undefined
}

const ZONE = /(?:Z|[+-]\d\d:\d\d)$/

/** `xsd:date`, whose time zone does not change which day is meant, `xsd:dateTime`, and decimals with a dot. */
export const XML_FORMS: FieldForms = {
  day: (text) => (text.includes('T') ? dayOfTime(text) : text.replace(ZONE, '')),
  cents: (text) => centsOf(text.replace(/^\+/, '')),
}

/** A time without a zone is one of Rome already. */
function dayOfTime(text: string): string | undefined {
  if (!ZONE.test(text)) return text.slice(0, text.indexOf('T'))
  try {
    return romeDay(text)
  } catch {
    return undefined
  }
}

/** Of a value that cannot be read a person needs the beginning only. */
const SHOWN = 60

/** Reads the fields of one row, and keeps what is wrong with each. With a fault the values are only there to go on. */
export class Fields {
  readonly #faults: Omit<Fault, 'place'>[] = []
  readonly #at: (field: string) => string
  readonly #forms: FieldForms

  /** @param at the text of a field without blanks around it; '' when there is none */
  constructor(at: (field: string) => string, forms: FieldForms) {
    this.#at = at
    this.#forms = forms
  }

  text = (field: string): string => this.#at(field)
  optional = (field: string): string | null => this.#at(field) || null

  required(field: string): string {
    const text = this.#at(field)
    if (text === '') this.fault('missing', field)
    return text
  }

  day(field: string): string {
    const text = this.required(field)
    return text === '' ? '' : this.#dayOf(text, field)
  }

  /** The day of a field, or the other day when it is blank. */
  dayOr(field: string, other: string): string {
    const text = this.#at(field)
    return text === '' ? other : this.#dayOf(text, field)
  }

  /** An amount with its sign. */
  cents(field: string): number {
    const text = this.required(field)
    if (text === '') return 0
    const cents = this.#forms.cents(text)
    if (cents === undefined) this.fault('amount', field)
    return cents ?? 0
  }

  /** An amount of money that comes in. */
  credited(field: string): number {
    const cents = this.cents(field)
    if (cents < 0) this.fault('negative', field)
    return cents
  }

  /** Without the zeros before it, because banks write them as they like; null for none. */
  number(field: string): string | null {
    const text = this.#at(field)
    if (!/^\d{0,18}$/.test(text)) this.fault('number', field)
    return text.replace(/^0+/, '') || null
  }

  /** A word of a list. */
  word<Word extends string>(field: string, words: readonly Word[]): Word | undefined {
    const text = this.required(field)
    const word = words.find((known) => known === text)
    if (word === undefined && text !== '') this.fault('kind', field)
    return word
  }

  fault(code: FaultCode, field: string): void {
    this.#faults.push({ code, field, value: this.#at(field).slice(0, SHOWN) })
  }

  /** The faults of the row, or else what it says. */
  items(place: Place, made: () => Item): Item[] {
    if (this.#faults.length === 0) return [made()]
    return this.#faults.map((fault): Item => ({ kind: 'fault', fault: { ...fault, place } }))
  }

  #dayOf(text: string, field: string): string {
    const day = this.#forms.day(text, field)
    if (day !== undefined && isCountableDay(day)) return day
    this.fault('day', field)
    return ''
  }
}
