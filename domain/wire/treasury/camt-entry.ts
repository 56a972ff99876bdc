import { WITHOUT_BOOKS, type Item, type Movement, type Place } from '../../treasury/movement.ts'
import { children, type XmlTree } from '../xml-tree.ts'
import { XML_FORMS, type Fields } from './fields.ts'
import { contentKey, keyOf } from '../../treasury/key.ts'
import { elementAt, firstText, textAt, xmlFields } from './xml-fields.ts'

/** What holds for all entries of a statement. */
export interface Statement {
  account: string
  madeAt: string | null
}

/** Newer versions put the word one level deeper. */
const STATUS = ['Sts/Cd', 'Sts']
const DIRECTIONS = ['CRDT', 'DBIT'] as const

/** What an Ntry says: a movement for each of its parts, because banks book several transfers in one entry. */
export function entryItems(entry: XmlTree, statement: Statement, place: Place): Item[] {
  const fields = xmlFields(entry)
  const direction = fields.word('CdtDbtInd', DIRECTIONS)
  const isStorno = direction === 'DBIT' && ['true', '1'].includes(fields.text('RvslInd'))
  const isOurs = direction !== 'DBIT' || isStorno
  if (!isOurs || firstText(entry, STATUS) !== 'BOOK') return [{ kind: 'passed', place }]
  const currency = fields.text('Amt/Ccy')
  if (currency !== 'EUR') fields.fault(currency === '' ? 'missing' : 'currency', 'Amt/Ccy')
  const whole = wholeOf(fields, statement, { place, isStorno })
  return partsOf(entry, whole.cents, direction).flatMap((part, at) =>
    fields.items(place, () => ({ kind: 'movement', movement: movementOf(entry, whole, part, at + 1) })),
  )
}

type Whole = ReturnType<typeof wholeOf>

function wholeOf(
  fields: Fields,
  { account, madeAt }: Statement,
  { place, isStorno }: { place: Place; isStorno: boolean },
) {
  const bookedOn = dayOf(fields, 'BookgDt') ?? fields.day('BookgDt/Dt')
  return {
    source: 'camt' as const,
    place,
    act: isStorno ? ('storno' as const) : ('credit' as const),
    series: keyOf('camt', account),
    account,
    year: null,
    number: null,
    ...WITHOUT_BOOKS,
    cents: fields.credited('Amt'),
    bookedOn,
    valueOn: dayOf(fields, 'ValDt') ?? bookedOn,
    reference: fields.optional('AcctSvcrRef'),
    madeAt,
  }
}

/** A day, or the day of an instant; undefined when there is neither. */
function dayOf(fields: Fields, name: string): string | undefined {
  const given = ['Dt', 'DtTm'].find((kind) => fields.text(`${name}/${kind}`) !== '')
  return given === undefined ? undefined : fields.day(`${name}/${given}`)
}

interface Part {
  details: XmlTree | undefined
  cents: number
}

/** Newer versions put an amount one level higher. */
const PART_AMOUNTS = ['Amt', 'AmtDtls/TxAmt/Amt', 'AmtDtls/InstdAmt/Amt']

/** The transfers of an entry, if they have amounts that add up to it, else the entry as one. */
function partsOf(entry: XmlTree, cents: number, direction: string | undefined): Part[] {
  const details = children(entry, 'NtryDtls').flatMap((of) => children(of, 'TxDtls'))
  const parts = details.map((of) => ({
    details: of,
    cents: XML_FORMS.cents(firstText(of, PART_AMOUNTS)) ?? -1,
  }))
  const goesOtherWay = details.some((of) => !['', direction].includes(textAt(of, 'CdtDbtInd')))
  const sum = parts.reduce((total, part) => total + part.cents, 0)
  const addsUp = sum === cents && parts.every((part) => part.cents >= 0) && !goesOtherWay
  return details.length > 1 && addsUp
    ? parts
    : [{ details: details.length === 1 ? details[0] : undefined, cents }]
}

function movementOf(entry: XmlTree, whole: Whole, { details, cents }: Part, at: number): Movement {
  const { reference, ...made } = whole
  const ofPart = details ?? entry
  const trn = firstText(ofPart, ['Refs/AcctSvcrRef', 'Refs/TxId']) || reference
  const movement = {
    ...made,
    cents,
    trn,
    endToEndId: endToEndOf(ofPart),
    sender: firstText(ofPart, ['RltdPties/Dbtr/Nm', 'RltdPties/Dbtr/Pty/Nm']),
    text: textOf(entry, details),
  }
  if (reference === null) return { ...movement, key: contentKey(movement), isKeyedByContent: true }
  return { ...movement, key: keyOf(made.series, reference, at), isKeyedByContent: false }
}

function endToEndOf(of: XmlTree): string | null {
  const text = textAt(of, 'Refs/EndToEndId')
  return text === '' || /^NOT ?PROVIDED$/i.test(text) ? null : text
}

/** A text goes on in the next element without a blank, also in the middle of an id. */
function textOf(entry: XmlTree, details: XmlTree | undefined): string {
  const ofWhole = children(entry, 'NtryDtls').flatMap((of) => children(of, 'TxDtls'))
  const written = (details ? [details] : ofWhole).map((of) => {
    const about = elementAt(of, 'RmtInf')
    return about
      ? children(about, 'Ustrd')
          .map(({ text }) => text)
          .join('')
          .trim()
      : ''
  })
  return written.filter((text) => text !== '').join(' ') || textAt(entry, 'AddtlNtryInf')
}
