import { DateTime } from 'luxon'
import { between, chance, pick, type Random } from '../../behaviour/random.ts'
import type { Style } from './style.ts'

/** The types of the schema whose values have more than one spelling. All other values are texts. */
type Type = 'decimal' | 'date' | 'dateTime' | 'base64Binary'

const TYPES: Record<string, Type> = {
  importoTotalePagato: 'decimal',
  singoloImportoPagato: 'decimal',
  commissioniApplicatePSP: 'decimal',
  commissioniApplicatePA: 'decimal',
  riferimentoDataRichiesta: 'date',
  dataEsitoSingoloPagamento: 'date',
  dataOraMessaggioRicevuta: 'dateTime',
  testoAllegato: 'base64Binary',
}

const BLANKS = [' ', '\n', '\t', '\r', '  \n   ']
const OFFSETS = ['Z', '+01:00', '+00:00', '-05:30', '+14:00', '-14:00']
const FRACTIONS = ['.0', '.000', '.000000', '.000000000']

/** The same value in another spelling that its type allows. */
export function writeValue(style: Style, element: string, value: string): string {
  const type = TYPES[element]
  return type === undefined ? value : blanks(style) + SPELL[type](style, value) + blanks(style)
}

const SPELL: Record<Type, (style: Style, value: string) => string> = {
  decimal: ({ has, random }, value) =>
    has.zeros && chance(random, 0.6) ? '0'.repeat(between(random, 1, 25)) + value : value,
  date: ({ has, random }, value) =>
    has.zones && chance(random, 0.6) ? value + pick(random, OFFSETS) : value,
  dateTime: ({ has, random }, value) => (has.zones ? sameInstant(random, value) : value),
  base64Binary: ({ has, random }, value) =>
    has.blanks ? value.replace(/.{4}/g, (four) => (chance(random, 0.1) ? `${four}\n` : four)) : value,
}

function blanks({ has, random }: Style): string {
  return has.blanks && chance(random, 0.6) ? pick(random, BLANKS) : ''
}

/** A time without a zone is Rome time. In another zone it may have another hour and another day. */
function sameInstant(random: Random, value: string): string {
  const [, local = '', own = '', zone = ''] = /^([^.Z+]*T[^.Z+-]*)(\.\d+)?(.*)$/.exec(value) ?? []
  const fraction = own || pick(random, ['', ...FRACTIONS])
  if (chance(random, 0.25)) return local + fraction + zone
  const offset = pick(random, OFFSETS)
  const there = DateTime.fromISO(local + zone, { zone: 'Europe/Rome' }).setZone(
    offset === 'Z' ? 'utc' : `UTC${offset}`,
  )
  return there.toFormat("yyyy-MM-dd'T'HH:mm:ss") + fraction + offset
}
