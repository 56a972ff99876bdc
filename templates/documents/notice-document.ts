import { noticeNumber } from '../../domain/iuv.ts'
import { cents } from '../../domain/money.ts'
import type { NoticeDocument } from '../../domain/notice/document.ts'
import { addressLine } from '../format.ts'
import { renderNoticePdf } from './notice-pdf.ts'
import type { NoticePdfView } from './notice-view.ts'

/** @param print.printedAt an instant; the same due with the same instant gives the same file */
export const drawNotice = (
  notice: NoticeDocument,
  { isTest, publicUrl, printedAt }: { isTest: boolean; publicUrl: string; printedAt: string },
): Promise<Buffer> => renderNoticePdf(noticePdfView(notice, { isTest, printedAt, portalUrl: publicUrl }))

function noticePdfView(
  notice: NoticeDocument,
  print: Pick<NoticePdfView, 'isTest' | 'printedAt' | 'portalUrl'>,
): NoticePdfView {
  const { pagatore, conto, contoName, authorization } = notice
  return {
    ...print,
    noticeNumber: noticeNumber(notice.iuv, notice.applicationCode ?? undefined),
    subject: notice.causale,
    importo: cents(notice.importoCents),
    dueOn: notice.dueOn,
    ente: {
      name: notice.enteName,
      codiceFiscale: notice.codiceFiscale,
      settore: notice.settore,
      info: infoOf(notice),
      cbill: notice.cbill,
      logo: notice.logo,
    },
    payer: {
      name: pagatore.anagrafica,
      codice: pagatore.codice,
      address: addressLine(pagatore),
    },
    postal:
      conto === null || authorization === null ? null : { conto, holder: contoName ?? '', authorization },
    secondLanguage: notice.secondLanguage,
  }
}

/** Address and contacts of the ente. */
function infoOf(notice: NoticeDocument): string {
  const { indirizzo, civico, cap, localita, provincia, phone, email } = notice
  return [addressLine({ indirizzo, civico, cap, localita, provincia }), phone, email]
    .filter(Boolean)
    .join(' · ')
}
