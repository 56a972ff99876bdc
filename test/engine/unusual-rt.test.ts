import fc from 'fast-check'
import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptCopy } from '../../activities/pay-cart/copy.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { violations } from '../../contracts/schemas.ts'
import { source } from '../../simulator/behaviour/random.ts'
import { writeUnusually } from '../../simulator/psp/unusual/document.ts'
import { sha256 } from '../../simulator/psp/post-rt.ts'
import { bytesOf, type Encoding } from '../../simulator/psp/written.ts'
import { anomaliesOf, aBegunPayment, askAbout, payCartActivities, stateOf, US } from '../setup/begun.ts'
import { aDue, anEnte, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { aPaymentOf, paidCents, receiptText, type AnsweredAttempt } from '../setup/receipts/begun.ts'
import { receiptContent, type ReceiptContent } from '../setup/receipts/content.ts'
import { hexOf, readIndependently, type SaidByReceipt } from '../setup/receipts/independent.ts'
import { buildRtFor, envelopeFor } from '../setup/rt.ts'
import { standInNode } from '../setup/stand-in-node.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
})
afterAll(() => database.drop())

type Key = AnsweredAttempt['key']
const push = async (key: Key, bytes: Uint8Array): Promise<string> =>
  (await answerRt(db, US, envelopeFor(key, bytes))).outcome

/** Makes the node return these bytes as the copy of the receipt, and accepts them. */
async function copy({ key, cartId }: AnsweredAttempt, bytes: Uint8Array): Promise<void> {
  const node = standInNode()
  const { journal } = await node.askReceipt(key)
  node.askReceipt = () => Promise.resolve({ answer: { kind: 'receipt', document: bytes }, journal })
  await acceptCopy({ db, node }, cartId, key)
}

interface StoredReceipt {
  document: Buffer
  answer: string
  outcome: string
  total_cents: number
  details: {
    attesting: { name: string }
    pagatore: { name: string }
    versante: { name: string } | null
    items: {
      cents: number
      iur: string
      causale: string
      feeCents: number | null
      attachment: { content: string } | null
    }[]
  } | null
}

const storedReceipts = async ({ iuv }: Key): Promise<StoredReceipt[]> =>
  db('receipt').select('*').where({ iuv })

/** Outcomes by code, written here again so that a mistake in the product's list is found. */
const CODES = ['paid', 'not_paid', 'partly_paid', 'timed_out', 'timed_out_partly']

/** The stored details of a receipt in the form of the independent reader. */
function kept({ outcome, total_cents, details }: StoredReceipt): SaidByReceipt | undefined {
  if (!details) return undefined
  return {
    outcome: CODES.indexOf(outcome),
    totalCents: Number(total_cents),
    attesting: details.attesting.name,
    pagatore: details.pagatore.name,
    versante: details.versante?.name ?? null,
    items: details.items.map(({ cents, iur, causale, feeCents, attachment }) => ({
      cents,
      iur,
      causale,
      feeCents,
      attachment: hexOf(attachment?.content),
    })),
  }
}

async function expectKept(key: Key, bytes: Uint8Array): Promise<void> {
  const rows = await storedReceipts(key)
  expect(rows.map(({ document }) => sha256(document))).toEqual([sha256(bytes)])
  expect(kept(rows[0]!)).toEqual(readIndependently(bytes))
}

/** Checks the test itself: the bytes are valid, and the independent reader finds in them what the generator meant. */
function expectSound(content: ReceiptContent, bytes: Uint8Array): void {
  expect(violations('rpt-rt', bytes)).toEqual([])
  const said = readIndependently(bytes)
  const cents = paidCents(content)
  expect([said.outcome, said.totalCents]).toEqual([content.outcome, cents.reduce((sum, one) => sum + one)])
  if (said.items.length > 0) expect(said.items.map((item) => item.cents)).toEqual(cents)
}

const spelling = fc.integer({ min: 0, max: 2 ** 31 })
const unusual = (xml: string, seed: number): Buffer => bytesOf(writeUnusually(xml, source(seed)))
const settle = (cartId: string) => payCartActivities(db).settleCart(askAbout(cartId))
const ANY = receiptContent([0, 0, 0, 1, 2, 3, 4])
const SEED = { seed: 20260110, endOnFailure: true }

const NOBODYS: AnsweredAttempt = {
  attemptId: '',
  cartId: '',
  key: { domain: '77777777777', iuv: '01000000000000144', attemptCode: 'n/a' },
  messageId: 'MSG0001',
}

it('generated receipts are valid, and independent code reads in them what was meant', () => {
  fc.assert(
    fc.property(ANY, spelling, (content, seed) =>
      expectSound(content, unusual(receiptText(content, NOBODYS), seed)),
    ),
    { ...SEED, numRuns: 150 },
  )
})

describe('any receipt that its schema allows, in any spelling', () => {
  it('is answered OK, kept byte for byte, read like independent code reads it, and settled', async () => {
    await fc.assert(
      fc.asyncProperty(ANY, spelling, async (content, seed) => {
        const attempt = await aPaymentOf(db, ente, content)
        const bytes = unusual(receiptText(content, attempt), seed)
        expectSound(content, bytes)
        expect(await push(attempt.key, bytes)).toBe('OK')
        await expectKept(attempt.key, bytes)
        await settle(attempt.cartId)
        expect(await settledCents(attempt)).toBe(readIndependently(bytes).totalCents)
      }),
      { ...SEED, numRuns: 150 },
    )
  }, 60_000)

  it('is kept and understood when it comes as a copy', async () => {
    await fc.assert(
      fc.asyncProperty(ANY, spelling, async (content, seed) => {
        const attempt = await aPaymentOf(db, ente, content)
        const bytes = unusual(receiptText(content, attempt), seed)
        await copy(attempt, bytes)
        await expectKept(attempt.key, bytes)
      }),
      { ...SEED, numRuns: 50 },
    )
  }, 60_000)

  it('is refused and kept with its money when its total is not the sum', async () => {
    await fc.assert(
      fc.asyncProperty(receiptContent([0, 2, 4]), spelling, async (content, seed) => {
        const attempt = await aPaymentOf(db, ente, content)
        const bytes = unusual(receiptText(content, attempt, 1), seed)
        expect(violations('rpt-rt', bytes)).toEqual([])
        expect(await push(attempt.key, bytes)).toBe('PAA_SEMANTICA')
        await expectKept(attempt.key, bytes)
        expect(await anomaliesOf(db, attempt.cartId)).toEqual([
          { kind: 'receipt_refused', unplaced_cents: readIndependently(bytes).totalCents },
        ])
      }),
      { ...SEED, numRuns: 50 },
    )
  }, 60_000)
})

async function settledCents({ attemptId }: AnsweredAttempt): Promise<number> {
  const rows = (await db('settlement')
    .join('receipt', 'receipt.id', 'settlement.receipt_id')
    .where('receipt.attempt_id', attemptId)
    .pluck('importo_cents')) as number[]
  return rows.reduce((sum, cents) => sum + Number(cents), 0)
}

interface Named {
  from: string | RegExp
  to: string
  encoding?: Encoding
}

const FEE = '<datiSpecificiRiscossione>9/0107101TS/</datiSpecificiRiscossione>'
const ITEM_END = '</datiSingoloPagamento>'
const DECLARED = 'encoding="UTF-8"'
const PSP = 'PSP di prova'

const NAMED: Record<string, Named> = {
  'a blank before its total': { from: '<importoTotalePagato>10.50', to: '<importoTotalePagato> 10.50' },
  'line feeds around the amount of an item': {
    from: '<singoloImportoPagato>10.50',
    to: '<singoloImportoPagato>\n10.50\n',
  },
  'zeros before its total': {
    from: '<importoTotalePagato>10.50',
    to: '<importoTotalePagato>00000000000010.50',
  },
  'a total with a comment inside': {
    from: '<importoTotalePagato>10.50',
    to: '<importoTotalePagato>10<!-- 99 -->.50',
  },
  'a blank before a fee': {
    from: FEE + ITEM_END,
    to: `${FEE}<commissioniApplicatePSP> 0.50</commissioniApplicatePSP>${ITEM_END}`,
  },
  'a total in CDATA': { from: 'Pagato>10.50<', to: 'Pagato><![CDATA[10.50]]><' },
  'UTF-16, the low byte first': { from: /^.*?\?>/, to: '\uFEFF', encoding: 'utf16le' },
  'UTF-16, the high byte first': {
    from: /^/,
    to: '\uFEFF',
    encoding: 'utf16be',
  },
  'a UTF-8 byte order mark': { from: /^/, to: '\uFEFF' },
  'ISO-8859-1 accents': { from: PSP, to: 'Società però così', encoding: 'latin1' },
  'accents as references': { from: PSP, to: 'Societ&#224; per&#xF2; cos&#xec;' },
  'a letter beyond the basic plane': { from: PSP, to: '𠮷 & 😀'.replace('&', '&amp;') },
  'blanks at the ends of a name, which count': { from: PSP, to: '  PSP  di prova ' },
  'a processing instruction among its elements': { from: '<dominio>', to: '<?psp x?><dominio><?psp y?>' },
  'a day with a time zone': { from: 'Pagamento>2026-01-10<', to: 'Pagamento>2026-01-10+01:00<' },
  'an instant of Greenwich': { from: '2026-01-10T10:05:00', to: '2026-01-10T09:05:00.000Z' },
  'white space around a day': { from: 'Pagamento>2026-01-10<', to: 'Pagamento>\n2026-01-10 <' },
  'white space around an instant': { from: '2026-01-10T10:05:00', to: ' 2026-01-10T10:05:00\t' },
  'an attachment of nothing': {
    from: FEE + ITEM_END,
    to: `${FEE}<allegatoRicevuta><tipoAllegatoRicevuta>ES</tipoAllegatoRicevuta><testoAllegato/></allegatoRicevuta>${ITEM_END}`,
  },
}

/** Encodings that must be declared, with the name in the XML declaration. */
const DECLARES: Partial<Record<Encoding, string>> = { latin1: 'ISO-8859-1', utf16be: 'UTF-16' }

describe('a receipt with', () => {
  it.each(Object.keys(NAMED))('%s is answered OK, kept and understood', async (name) => {
    const { from, to, encoding = 'utf8' } = NAMED[name]!
    const { attemptIds, cartId } = await aBegunPayment(db, [await aDue(db, ente, { cents: 1050 })])
    const receipt = await buildRtFor(db, attemptIds[0]!)
    const declared = receipt.xml.replace(DECLARED, `encoding="${DECLARES[encoding] ?? 'UTF-8'}"`)
    const xml = declared.replace(from, to)
    expect(xml).not.toBe(declared)
    const bytes = bytesOf({ xml, encoding })
    expect(violations('rpt-rt', bytes)).toEqual([])
    expect(readIndependently(bytes)).toMatchObject({ outcome: 0, totalCents: 1050 })
    expect(await push(receipt.key, bytes)).toBe('OK')
    await expectKept(receipt.key, bytes)
    await settle(cartId)
    expect(await stateOf(db, 'cart', cartId)).toBe('paid')
  })
})
