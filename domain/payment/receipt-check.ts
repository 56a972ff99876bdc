import { saysMoneyMoved, type AttemptKey } from './model.ts'
import type { Receipt } from './receipt.ts'

/** The facts of our attempt that its receipt must match. */
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
  /** The parties that the RPT names; undefined when the RPT is missing or cannot be read. */
  asked: AskedParties | undefined
}

/** Why a receipt is refused. The adapter has the code of the protocol for each. */
const RECEIPT_REFUSALS = [
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
  /** What is wrong, in Italian, for the sender. */
  why: string
}

/** The answer that a stored receipt got: accepted, or the reason of the refusal. */
export type ReceiptAnswer = 'accepted' | ReceiptRefusal

type Rule = (receipt: Receipt, attempt: AttemptFacts, header: AttemptKey) => boolean

/**
 * Fatal rules in the order of docs/field/node-messages.md#checks-of-an-rt. `true` means broken. The name of the rule
 * goes into the description of the fault.
 */
const FATAL: Record<string, Rule> = {
  'riferimentoMessaggioRichiesta diverso dalla RPT': (receipt, attempt) =>
    attempt.messageId !== null && receipt.rt?.requestMessageId !== attempt.messageId,
  'identificativoDominio diverso dalla testata': (receipt, _attempt, header) =>
    receipt.domain !== header.domain,
  'identificativoUnivocoVersamento diverso dalla testata': (receipt, _attempt, header) =>
    receipt.iuv !== header.iuv,
  'codiceContestoPagamento diverso dalla testata': (receipt, _attempt, header) =>
    receipt.attemptCode !== header.attemptCode,
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

/**
 * IUV and amount. PSPs change the words after `/TXT/`, and the money has moved all the same
 * (docs/field/node-messages.md#checks-of-an-rt).
 */
const beforeText = (causale: string): string => causale.split('/TXT/')[0]!

const moved = (receipt: Receipt): boolean => saysMoneyMoved(receipt.outcome)
const sum = (receipt: Receipt): number => receipt.items.reduce((total, item) => total + item.cents, 0)

/**
 * The first fatal rule that the RT breaks, in words; undefined when it may settle. Source:
 * docs/field/node-messages.md#checks-of-an-rt.
 */
export function brokenRule(receipt: Receipt, attempt: AttemptFacts, header: AttemptKey): string | undefined {
  return Object.entries(FATAL).find(([, isBroken]) => isBroken(receipt, attempt, header))?.[0]
}

/** Differences between an accepted RT and its RPT. The names are public, because support searches for them. */
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

/**
 * Differences that never refuse an RT and become notes on the payment's timeline. Source:
 * docs/field/node-messages.md#checks-of-an-rt.
 */
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
    // Only the PSP knows who pays at a counter, and many RTs leave the versante out.
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

/** PSPs write names in capitals, so names are compared without regard to case. */
const folded = (text = ''): string => text.normalize('NFC').toUpperCase().replace(/\s+/g, ' ').trim()

/**
 * Addresses for the receipt mail: of the pagatore and of the versante, from the RT or else from the RPT. Equal
 * addresses count once.
 */
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
