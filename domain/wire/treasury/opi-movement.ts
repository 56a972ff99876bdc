import type { Act, Item, Movement, Place, Sospeso } from '../../treasury/movement.ts'
import { children, type XmlTree } from '../xml-tree.ts'
import { XML_FORMS, type Fields } from './fields.ts'
import { contentKey, keyOf } from '../../treasury/key.ts'
import { firstText, textAt, xmlFields } from './xml-fields.ts'

/** What holds for all movements of a file or of an account in it. */
export interface Journal {
  /** The treasurer, and the number that the ente has there. */
  abi: string
  enteNumber: string
  /** esercizio; null when the file has none. */
  year: number | null
  account: string
  madeAt: string | null
}

const DIRECTIONS = ['ENTRATA', 'USCITA'] as const
const DOCUMENTS = [
  'SOSPESO ENTRATA',
  'REVERSALE',
  'MANDATO',
  'SOSPESO USCITA',
  'ANTICIPAZIONE',
  'GIROCONTO',
  'FONDO DI CASSA',
  'DEFICIT DI CASSA',
] as const
const OPERATIONS = ['ESEGUITO', 'STORNATO', 'REGOLARIZZATO', 'RIPRISTINATO'] as const
type Operation = (typeof OPERATIONS)[number]

const OF_SOSPESO: Readonly<Record<Operation, Act>> = {
  ESEGUITO: 'credit',
  STORNATO: 'storno',
  REGOLARIZZATO: 'settled',
  RIPRISTINATO: 'released',
}
/** A reversale moves no money of its own: it puts that of sospesi into the books. */
const OF_REVERSALE: Readonly<Record<Operation, 'settled' | 'released'>> = {
  ESEGUITO: 'settled',
  REGOLARIZZATO: 'settled',
  STORNATO: 'released',
  RIPRISTINATO: 'released',
}

/** What a movimento_conto_evidenza says. Source: docs/field/treasury.md#giornale-di-cassa. */
export function itemsOfMovement(of: XmlTree, journal: Journal, place: Place): Item[] {
  const fields = xmlFields(of)
  const direction = fields.word('tipo_movimento', DIRECTIONS)
  const document = fields.word('tipo_documento', DOCUMENTS)
  const operation = fields.word('tipo_operazione', OPERATIONS)
  const isOurs = document === 'SOSPESO ENTRATA' || document === 'REVERSALE'
  const isForeign = direction === 'USCITA' || (document !== undefined && !isOurs)
  if (isForeign) return [{ kind: 'passed', place }]
  const isReversale = document === 'REVERSALE'
  const act = (isReversale ? OF_REVERSALE : OF_SOSPESO)[operation ?? 'ESEGUITO']
  const movement = movementOf(of, fields, { journal, place, act, isReversale })
  const saysNothing = isReversale && act === 'settled' && movement.sospesi.length === 0
  return fields.items(place, () => (saysNothing ? { kind: 'passed', place } : { kind: 'movement', movement }))
}

interface Context {
  journal: Journal
  place: Place
  act: Act
  isReversale: boolean
}

function movementOf(of: XmlTree, fields: Fields, { journal, place, act, isReversale }: Context): Movement {
  const bookedOn = fields.day('data_movimento')
  const year = journal.year ?? Number(bookedOn.slice(0, 4))
  const number = fields.number('numero_documento')
  const made = {
    source: 'opi' as const,
    place,
    act,
    series: keyOf('opi', journal.abi, journal.enteNumber, year),
    account: journal.account,
    year,
    number: isReversale ? null : number,
    reversale: isReversale ? number : null,
    bolletta: fields.number('numero_bolletta_quietanza'),
    stornoOf: fields.number('numero_bolletta_quietanza_storno'),
    sospesi: sospesiOf(of),
    // Banks write what is taken back with a minus or without.
    cents: act === 'credit' ? fields.credited('importo') : Math.abs(fields.cents('importo')),
    bookedOn,
    valueOn: fields.dayOr('data_valuta_ente', bookedOn),
    trn: fields.optional('codice_riferimento_operazione'),
    endToEndId: endToEndOf(of),
    sender: fields.text('cliente/anagrafica_cliente'),
    text: fields.text('causale'),
    madeAt: journal.madeAt,
  }
  return { ...made, ...identityOf(made) }
}

/** A bill has a number, or else a storno says which bolletta it takes back. */
function identityOf(
  made: Omit<Movement, 'key' | 'isKeyedByContent'>,
): Pick<Movement, 'key' | 'isKeyedByContent'> {
  const { series, number, reversale, stornoOf, act } = made
  if (number !== null) return { key: keyOf(series, 'bill', number), isKeyedByContent: false }
  if (reversale !== null) return { key: keyOf(series, 'reversale', reversale), isKeyedByContent: false }
  if (stornoOf !== null && act === 'storno')
    return { key: keyOf(series, 'bolletta', stornoOf), isKeyedByContent: false }
  return { key: contentKey(made), isKeyedByContent: true }
}

/** 1.6 names the sospesi with their amounts, 1.4 one number without. */
function sospesiOf(of: XmlTree): Sospeso[] {
  const named = children(of, 'sospeso').map((sospeso) => ({
    number: plainNumber(textAt(sospeso, 'numero_provvisorio')),
    cents: XML_FORMS.cents(textAt(sospeso, 'importo_provvisorio')) ?? null,
  }))
  const old = { number: plainNumber(textAt(of, 'numero_sospeso')), cents: null }
  return [...named, old].filter(({ number }) => number !== '')
}

const plainNumber = (text: string): string => (/^\d{1,18}$/.test(text) ? text.replace(/^0+/, '') : '')

/** Before 1.6 treasurers wrote it among what they may add. */
function endToEndOf(of: XmlTree): string | null {
  const text = firstText(of, ['end_to_end_id', 'dati_a_disposizione_BT/identificativo_end_to_end'])
  return text === '' || /^NOT ?PROVIDED$/i.test(text) ? null : text
}
