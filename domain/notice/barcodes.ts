import { latin } from '../latin.ts'
import { MAX_NOTICE_AMOUNT, type Cents } from '../money.ts'

export interface NoticeNumbers {
  /** 18 digits. */
  noticeNumber: string
  /** Fiscal code of the ente. */
  domain: string
  importo: Cents
}

/** Text of the QR code of a notice, with at least two digits of cents. Source: docs/field/identifiers.md#qr-code. */
export function qrText({ noticeNumber, domain, importo }: NoticeNumbers): string {
  return ['PAGOPA', '002', noticeNumber, domain, String(printable(importo)).padStart(2, '0')].join('|')
}

export interface PostalNotice extends NoticeNumbers {
  /** Account at Poste, up to 12 digits. */
  conto: string
  payer: { codice: string; name: string }
  subject: string
}

/**
 * The 256 characters of the Data Matrix of Poste. The amount is in cents, because a thousands separator here would make
 * payers pay a wrong amount. Source: docs/field/identifiers.md#data-matrix.
 */
export function dataMatrixText({
  noticeNumber,
  domain,
  importo,
  conto,
  payer,
  subject,
}: PostalNotice): string {
  const codeline = `18${noticeNumber}12${conto.padStart(12, '0')}10${String(printable(importo)).padStart(10, '0')}3896`
  return [
    'codfase=NBPA;',
    codeline,
    '1P1',
    domain,
    fixed(payer.codice, 16),
    fixed(payer.name, 40),
    fixed(subject, 110),
    ' '.repeat(12),
    'A',
  ].join('')
}

function printable(importo: Cents): Cents {
  if (importo < 1 || importo > MAX_NOTICE_AMOUNT) throw new RangeError(`no notice holds ${importo} cents`)
  return importo
}

/** Replaces each character that Poste cannot read by one blank. */
function fixed(text: string, length: number): string {
  return latin(text)
    .toUpperCase()
    .replace(/[^0-9A-Z &',\-.:_]/gu, ' ')
    .slice(0, length)
    .padEnd(length)
}
