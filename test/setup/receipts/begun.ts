import type { Knex } from 'knex'
import type { AttemptKey } from '../../../domain/payment/model.ts'
import { aBegunPayment } from '../begun.ts'
import { aDue, type TestEnte } from '../builders.ts'
import type { ReceiptContent } from './content.ts'
import { euro, type Node } from './values.ts'

export interface AnsweredAttempt {
  attemptId: string
  cartId: string
  key: AttemptKey
  messageId: string
}

/** A begun payment of one RPT, with the positions that this receipt content is about. */
export async function aPaymentOf(
  db: Knex,
  ente: TestEnte,
  content: ReceiptContent,
): Promise<AnsweredAttempt> {
  const dues: string[] = []
  for (const { askedCents } of content.items) dues.push(await aDue(db, ente, { cents: askedCents }))
  const { cartId, attemptIds } = await aBegunPayment(db, dues)
  const attemptId = attemptIds[0]!
  for (const [index, { causale, revenue }] of content.items.entries())
    await db('attempt_item')
      .where({ attempt_id: attemptId, position: index + 1 })
      .update({
        causale,
        dati_specifici_riscossione: revenue,
        importo_cents: content.items[index]!.askedCents,
      })
  const { domain, iuv, attempt_code, message_id } = (await db('attempt')
    .join('rpt', 'rpt.attempt_id', 'id')
    .first('*')
    .where({ id: attemptId })) as {
    domain: string
    iuv: string
    attempt_code: string
    message_id: string
  }
  return { attemptId, cartId, key: { domain, iuv, attemptCode: attempt_code }, messageId: message_id }
}

export const movesMoney = ({ outcome }: ReceiptContent): boolean => outcome !== 1 && outcome !== 3

/** Cents of every position. An unpaid one is 0, except the first of a receipt that says that money moved. */
export const paidCents = (content: ReceiptContent): number[] =>
  content.items.map(({ askedCents, isPaid }, index) =>
    movesMoney(content) && (isPaid || index === 0) ? askedCents : 0,
  )

/** The document in its plainest form. `extraCents` is added to the total, which then differs from the sum. */
export function receiptText(content: ReceiptContent, attempt: AnsweredAttempt, extraCents = 0): string {
  const cents = paidCents(content)
  const listed = movesMoney(content) || content.listsItems
  const total = cents.reduce((sum, one) => sum + one, extraCents)
  const payment: Node[] = [
    ['codiceEsitoPagamento', String(content.outcome)],
    ['importoTotalePagato', euro(total)],
    ['identificativoUnivocoVersamento', attempt.key.iuv],
    ['CodiceContestoPagamento', attempt.key.attemptCode],
    ...(listed ? content.items : []).map((item, index): Node => [
      'datiSingoloPagamento',
      [
        ['singoloImportoPagato', euro(cents[index]!)],
        ...item.outcome,
        ['dataEsitoSingoloPagamento', item.on],
        ['identificativoUnivocoRiscossione', item.iur],
        ['causaleVersamento', item.causale],
        ['datiSpecificiRiscossione', item.revenue],
        ...item.extras,
      ],
    ]),
  ]
  const root: Node[] = [
    ['versioneOggetto', '6.2.0'],
    ['dominio', [['identificativoDominio', attempt.key.domain], ...content.station]],
    ['identificativoMessaggioRicevuta', content.messageId],
    ['dataOraMessaggioRicevuta', content.messageAt],
    ['riferimentoMessaggioRichiesta', attempt.messageId],
    ['riferimentoDataRichiesta', content.requestedOn],
    ...content.attester,
    ...content.beneficiary,
    ...content.versante,
    ...content.pagatore,
    ['datiPagamento', payment],
  ]
  return `<RT xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/">${root.map(write).join('')}</RT>`
}

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

function write([name, content]: Node): string {
  const inside =
    typeof content === 'string'
      ? content.replace(/[&<>\r]/g, (char) => ESCAPED[char]!)
      : content.map(write).join('')
  return `<${name}>${inside}</${name}>`
}
