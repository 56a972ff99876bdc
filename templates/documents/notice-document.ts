import { noticeNumber } from '../../domain/iuv.ts'
import { cents } from '../../domain/money.ts'
import type { Person } from '../../domain/person.ts'
import { addressLine } from '../format.ts'
import { renderNoticePdf } from './notice-pdf.ts'
import type { NoticePdfView } from './notice-view.ts'

/** The facts of a due that are printed on its notice. */
export interface NoticeFacts {
  iuv: string
  pagatore: Person
  causale: string
  importoCents: number
  dueOn: string | null
  enteName: string
  codiceFiscale: string
  applicationCode: string | null
  settore: string | null
  cbill: string | null
  logo: Buffer | null
  secondLanguage: 'en' | 'de' | null
  info: string | null
  email: string | null
  phone: string | null
  indirizzo: string | null
  civico: string | null
  cap: string | null
  localita: string | null
  provincia: string | null
  conto: string | null
  contoName: string | null
  authorization: string | null
}

/** @param print.printedAt an instant; the same due with the same instant gives the same file */
export const drawNotice = (
  notice: NoticeFacts,
  { isTest, publicUrl, printedAt }: { isTest: boolean; publicUrl: string; printedAt: string },
): Promise<Buffer> => renderNoticePdf(noticePdfView(notice, { isTest, printedAt, portalUrl: publicUrl }))

function noticePdfView(
  notice: NoticeFacts,
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
function infoOf(notice: NoticeFacts): string {
  const { indirizzo, civico, cap, localita, provincia, phone, email } = notice
  const given = Object.entries({ indirizzo, civico, cap, localita, provincia }).filter(
    ([, value]) => value !== null,
  )
  return [addressLine(Object.fromEntries(given)), phone, email].filter(Boolean).join(' · ')
}
