import { saysMoneyMoved, type AttemptKey } from './model.ts'
import type { Receipt } from './receipt.ts'

/** What we know of the RPT an RT should answer. */
export interface AttemptFacts {
  /** Null when the attempt's document stayed in an older system. */
  messageId: string | null
  totalCents: number
  items: readonly { cents: number; causale: string; datiSpecificiRiscossione: string }[]
}

/** The persons that the document of an attempt names; they are compared with those that its receipt names. */
export interface AskedParties {
  pagatore: AskedParty
  /** Null in a document that another platform wrote without it; ours always name a versante. */
  versante: AskedParty | null
  beneficiary: AskedParty
}

export interface AskedParty {
  codice: string
  name: string
}

export interface AskedAttempt extends AttemptFacts {
  /** Whom the RPT names; undefined when it is not here or cannot be read. */
  asked: AskedParties | undefined
}

/** Why a receipt is not taken; the adapter has the protocol's code of each. */
export const RECEIPT_REFUSALS = [
  'wrong_broker',
  'wrong_domain',
  'wrong_station',
  'unknown_attempt',
  'second_receipt',
  'invalid_document',
  'other_payment',
] as const
export type ReceiptRefusal = (typeof RECEIPT_REFUSALS)[number]

export interface RefusedReceipt {
  refusal: ReceiptRefusal
  /** What is wrong, in Italian, for whoever sent it. */
  why: string
}

/** What a stored receipt was answered: taken, or why not. */
export type ReceiptAnswer = 'accepted' | ReceiptRefusal

type Rule = (receipt: Receipt, attempt: AttemptFacts, header: AttemptKey) => boolean

/** Fatal rules in the order of docs/field/node-messages.md#checks-of-an-rt. `true` means broken; the name goes into the fault's description. */
const FATAL: Record<string, Rule> = {
  'riferimentoMessaggioRichiesta diverso dalla RPT': (receipt, attempt) =>
    attempt.messageId !== null && receipt.rt?.requestMessageId !== attempt.messageId,
  'identificativoDominio diverso dalla testata': (receipt, _attempt, header) =>
    receipt.domain !== header.domain,
  'identificativoUnivocoVersamento diverso dalla testata': (receipt, _attempt, header) =>
    receipt.iuv !== header.iuv,
  'codiceContestoPagamento diverso dalla testata': (receipt, _attempt, header) => receipt.ccp !== header.ccp,
  'datiSingoloPagamento mancanti': (receipt) => moved(receipt) && receipt.items.length === 0,
  'numero di datiSingoloPagamento diverso dalla RPT': (receipt, attempt) =>
    receipt.items.length > 0 && receipt.items.length !== attempt.items.length,
  'importoTotalePagato diverso dalla somma': (receipt) =>
    (moved(receipt) || receipt.items.length > 0) && receipt.totalCents !== sum(receipt),
  'importoTotalePagato non zero con esito negativo': (receipt) => !moved(receipt) && receipt.totalCents !== 0,
  'causaleVersamento diversa dalla RPT': (receipt, attempt) =>
    receipt.items.some(
      (item, index) => beforeText(item.causale) !== beforeText(attempt.items[index]?.causale ?? ''),
    ),
}

/** IUV and amount; PSPs change the words behind `/TXT/`, and the money has moved all the same (docs/field/node-messages.md#checks-of-an-rt). */
const beforeText = (causale: string): string => causale.split('/TXT/')[0]!

const moved = (receipt: Receipt): boolean => saysMoneyMoved(receipt.outcome)
const sum = (receipt: Receipt): number => receipt.items.reduce((total, item) => total + item.cents, 0)

/** The first fatal rule the RT breaks, in words; `undefined` when it may settle. Source: docs/field/node-messages.md#checks-of-an-rt. */
export function brokenRule(receipt: Receipt, attempt: AttemptFacts, header: AttemptKey): string | undefined {
  return Object.entries(FATAL).find(([, isBroken]) => isBroken(receipt, attempt, header))?.[0]
}

/** What an accepted RT says otherwise than its RPT. Public names: support searches for them. */
export const ODDITIES = [
  'causale_text',
  'dati_specifici',
  'iur_missing',
  'outcome_missing',
  'payer_code',
  'payer_name',
  'versante_code',
  'versante_name',
  'payee_code',
  'payee_name',
] as const
export type Oddity = (typeof ODDITIES)[number]

/** Oddities that never refuse an RT: notes on the payment's timeline. Source: docs/field/node-messages.md#checks-of-an-rt. */
export function oddities(receipt: Receipt, attempt: AskedAttempt): Oddity[] {
  return [...new Set([...itemOddities(receipt, attempt), ...partyOddities(receipt, attempt)])]
}

function itemOddities(receipt: Receipt, attempt: AttemptFacts): Oddity[] {
  return receipt.items.flatMap((item, index) => {
    const asked = attempt.items[index]
    const found: [Oddity, boolean][] = [
      ['causale_text', asked !== undefined && item.causale !== asked.causale],
      [
        'dati_specifici',
        asked !== undefined && item.datiSpecificiRiscossione !== asked.datiSpecificiRiscossione,
      ],
      ['iur_missing', item.cents > 0 && /^n\/a$/i.test(item.iur.trim())],
      ['outcome_missing', item.cents === 0 && (item.outcomeText ?? '').trim() === ''],
    ]
    return found.filter(([, is]) => is).map(([name]) => name)
  })
}

type Party = { codice: string; name: string } | null

function partyOddities(receipt: Receipt, { asked }: AskedAttempt): Oddity[] {
  if (!asked) return []
  return [
    ...differs('payer', receipt.pagatore, asked.pagatore),
    // Who pays at a counter is known to the PSP alone, and many leave the versante out.
    ...(receipt.versante ? differs('versante', receipt.versante, asked.versante) : []),
    ...differs('payee', receipt.beneficiary, asked.beneficiary),
  ]
}

function differs(who: 'payer' | 'versante' | 'payee', said: Party, asked: Party): Oddity[] {
  const other = (field: 'codice' | 'name'): boolean => folded(said?.[field]) !== folded(asked?.[field])
  const found: Oddity[] = []
  if (other('codice')) found.push(`${who}_code`)
  if (other('name')) found.push(`${who}_name`)
  return found
}

/** PSPs write names in capitals: the same letters in another case are the same name. */
const folded = (text = ''): string => text.normalize('NFC').toUpperCase().replace(/\s+/g, ' ').trim()

/** Who gets the receipt mail: the payer's address in the RT, else in the RPT, and the versante's when it differs. */
export function receiptAddresses(
  receipt: Receipt,
  fallback: { pagatore: string | null; versante: string | null },
): string[] {
  const addresses = [
    receipt.pagatore.email ?? fallback.pagatore,
    receipt.versante?.email ?? fallback.versante,
  ]
  return [...new Set(addresses.filter((a) => a !== null).map((a) => a.toLowerCase()))]
}
