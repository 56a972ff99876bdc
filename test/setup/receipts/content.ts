import fc from 'fast-check'
import { attester, beneficiary, subject } from './parties.ts'
import { amount, base64, day, instant, likely, optional, revenue, text, type Node } from './values.ts'

/** One position of a receipt and of the RPT it answers. */
export interface ItemContent {
  askedCents: number
  /** False: the position has 0.00 in a receipt that says that money moved. */
  isPaid: boolean
  causale: string
  revenue: string
  iur: string
  on: string
  outcome: Node[]
  /** Fee and attached document of the position. */
  extras: Node[]
}

/** The content of a receipt that may vary freely. */
export interface ReceiptContent {
  outcome: 0 | 1 | 2 | 3 | 4
  station: Node[]
  messageId: string
  messageAt: string
  requestedOn: string
  attester: Node[]
  beneficiary: Node[]
  versante: Node[]
  pagatore: Node[]
  /** False for a negative receipt without positions, which the schema allows. */
  listsItems: boolean
  items: ItemContent[]
}

const cents = fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.constantFrom(1, 99, 100, 19_999_999_999))

const attachment = fc.tuple(fc.constantFrom('ES', 'BD'), base64).map(([kind, content]): Node[] => [
  [
    'allegatoRicevuta',
    [
      ['tipoAllegatoRicevuta', kind],
      ['testoAllegato', content],
    ],
  ],
])

const item: fc.Arbitrary<ItemContent> = fc.record({
  askedCents: cents,
  isPaid: fc.boolean(),
  causale: fc.oneof(
    text(140),
    text(100).map((words) => `/RFB/01000000000000144/10.50/TXT/${words}`),
  ),
  revenue,
  iur: text(35),
  on: day,
  outcome: optional('esitoSingoloPagamento', text(35)),
  extras: fc
    .tuple(
      optional('commissioniApplicatePSP', amount(0)),
      optional('commissioniApplicatePA', amount(1)),
      likely(attachment),
    )
    .map((found) => found.flat()),
})

export const receiptContent = (
  outcomes: readonly ReceiptContent['outcome'][],
): fc.Arbitrary<ReceiptContent> =>
  fc.record({
    outcome: fc.constantFrom(...outcomes),
    station: optional('identificativoStazioneRichiedente', text(35)),
    messageId: text(35),
    messageAt: instant,
    requestedOn: day,
    attester,
    beneficiary,
    versante: likely(subject('Versante')),
    pagatore: subject('Pagatore'),
    listsItems: fc.boolean(),
    items: fc.array(item, { minLength: 1, maxLength: 5 }),
  })
