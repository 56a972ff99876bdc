import type {
  AnomaliesOfMail,
  ChangeOfMail,
  CodeOfMail,
  ExportOfMail,
  FlowOfMail,
  LinkOfMail,
  PendingMail,
} from '../../db/mail/email.ts'
import type { StoredReceipt } from '../../db/payment/receipt.ts'
import { romeDay } from '../../domain/calendar.ts'
import { readableCausale } from '../../domain/causale.ts'
import { cents } from '../../domain/money.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'
import { renderReceiptPdf } from '../../templates/documents/receipt-pdf.ts'
import { receiptView } from '../../templates/documents/receipt-view.ts'
import type { MailText } from '../../templates/emails/mail-text.ts'
import {
  renderAddressMail,
  renderCodeMail,
  renderLinkMail,
  renderReceiptMail,
} from '../../templates/emails/mails.ts'
import {
  isAccountStep,
  renderAccountMail,
  renderAnomaliesMail,
  renderChangeMail,
  renderExportMail,
  renderFlowMail,
} from '../../templates/emails/staff-mails.ts'
import { changeRows } from '../../templates/pages/admin/change-words.ts'
import { actorText, receiptFileName } from '../../templates/format.ts'
import type { Language } from '../../templates/language.ts'
import { outcomeWords } from '../../templates/money.ts'
import { MAIL_LINK_HOURS, signedPath } from '../../templates/signed-link.ts'
import { noticeMail } from './compose-notice.ts'
import type { MailDeps } from './deps.ts'
import type { OutgoingMail } from './mailer.ts'

/** Composes a mail from rows at each try. Its content never goes through the payload of a workflow, which Temporal stores. */
export async function composeMail(
  deps: MailDeps,
  { address, messageId, language, content }: PendingMail,
): Promise<OutgoingMail> {
  return { to: address, messageId, ...(await contentOf(deps, language, content)) }
}

function contentOf(
  deps: MailDeps,
  language: Language,
  content: PendingMail['content'],
): Content | Promise<Content> {
  switch (content.kind) {
    case 'link':
      return linkMail(deps, language, content.link)
    case 'code':
      return codeMail(language, content.code)
    case 'address':
      return addressMail(deps, language, content.changedAt)
    case 'flow':
      return flowMail(deps, content.flow)
    case 'export':
      return exportMail(deps, content.booked)
    case 'change':
      return changeMail(deps, content.change)
    case 'anomalies':
      return anomaliesMail(deps, content.anomalies)
    case 'notice':
      return noticeMail(deps, language, content.noticeMailId)
    case 'receipt':
      return receiptMail(deps, language, content.receipt)
  }
}

type Content = MailText & Pick<OutgoingMail, 'attachments' | 'headers'>

function linkMail(
  { publicUrl }: MailDeps,
  language: Language,
  { secret, enteName, expiresAt }: LinkOfMail,
): Content {
  const link = new URL(`/conferma/${secret}`, publicUrl).href
  return { ...renderLinkMail({ language, enteName, link, validUntil: expiresAt }), attachments: [] }
}

function codeMail(language: Language, { secret, expiresAt }: CodeOfMail): Content {
  return { ...renderCodeMail({ language, code: secret, validUntil: expiresAt }), attachments: [] }
}

function addressMail({ publicUrl }: MailDeps, language: Language, changedAt: string): Content {
  const link = new URL('/area/account', publicUrl).href
  return { ...renderAddressMail({ language, changedAt, link }), attachments: [] }
}

function flowMail({ publicUrl }: MailDeps, { id, codIpa, enteName, baseName, ...flow }: FlowOfMail): Content {
  const link = new URL(`/operatore/${codIpa}/flussi/${id}`, publicUrl).href
  return { ...renderFlowMail({ ...flow, enteName, fileName: `${baseName}.zip`, link }), attachments: [] }
}

function exportMail({ publicUrl }: MailDeps, { codIpa, ...booked }: ExportOfMail): Content {
  const link = new URL(`/operatore/${codIpa}/esportazioni`, publicUrl).href
  return { ...renderExportMail({ ...booked, link }), attachments: [] }
}

function anomaliesMail({ publicUrl }: MailDeps, { codIpa, enteName, kinds }: AnomaliesOfMail): Content {
  const link = new URL(`/operatore/${codIpa}/anomalie`, publicUrl).href
  return { ...renderAnomaliesMail({ enteName, kinds, link }), attachments: [] }
}

function changeMail(
  { publicUrl }: MailDeps,
  { codIpa, enteName, dueType, data, ...event }: ChangeOfMail,
): Content {
  const path = dueType ? `/admin/enti/${codIpa}/tipi/${dueType.code}` : `/admin/enti/${codIpa}`
  const { changes, what, until, askedBy, askedByName } = data
  const view = { enteName, codIpa, dueType: dueType?.name ?? null, by: actorText(data), at: event.at }
  const link = new URL(path, publicUrl).href
  if (what !== undefined && isAccountStep(what)) {
    const asked = actorText({ by: askedByName, byId: askedBy })
    const rows = changeRows({ entity: event.entity, changes })
    const step = { step: what, until: until ?? null, asked }
    return { ...renderAccountMail({ ...view, ...step, rows, link }), attachments: [] }
  }
  const rows = changeRows({ entity: event.entity, changes, what })
  return { ...renderChangeMail({ ...view, rows, link }), attachments: [] }
}

async function receiptMail(deps: MailDeps, language: Language, stored: StoredReceipt): Promise<Content> {
  const receipt = stored.content
  const text = renderReceiptMail({
    language,
    outcome: receipt.outcome,
    enteName: receipt.beneficiary.name,
    iuv: receipt.iuv,
    paidOn: receipt.items[0]?.outcomeOn ?? romeDay(stored.receivedAt),
    total: cents(receipt.totalCents),
    items: receipt.items.map((item) => ({
      causale: readableCausale(item.causale),
      importo: cents(item.cents),
    })),
    paymentUrl: new URL(
      // The link is valid from the arrival of the receipt, so that every try composes the same mail.
      signedPath(deps.linkKeys, `/pagamenti/${stored.cartId}`, {
        now: stored.receivedAt,
        hours: MAIL_LINK_HOURS,
      }),
      deps.publicUrl,
    ).href,
  })
  if (!outcomeWords(receipt.outcome, language).hasReceipt) return { ...text, attachments: [] }
  const view = receiptView(receipt, {
    printedAt: stored.receivedAt,
    isTest: deps.isTest,
    known: stored.known,
    logo: stored.logo,
  })
  return { ...text, attachments: [await pdf(receipt, view)] }
}

async function pdf(
  receipt: Receipt,
  view: ReturnType<typeof receiptView>,
): Promise<OutgoingMail['attachments'][number]> {
  const content = await renderReceiptPdf(view)
  return { filename: receiptFileName(receipt), content, contentType: 'application/pdf' }
}
