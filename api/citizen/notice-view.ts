import type { ShownNotice } from '../../db/due/notice.ts'
import { formatDay } from '../../domain/calendar.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import { noticePage } from '../../domain/notice/outcome.ts'
import type { Texts } from '../../templates/language.ts'
import { noticeWords } from '../../templates/money.ts'
import { noticeHref, receiptHref } from '../../templates/signed-link.ts'
import type { KeyRing } from '../../templates/signature.ts'
import type { Citizen } from '../middleware/session.ts'
import type { PageView } from '../page/page.ts'
import { fieldView, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { amountInput } from './news.ts'
import { EMAIL } from './payer-form.ts'

export interface FoundNotices {
  found: readonly ShownNotice[]
  typed: Typed
  problems: Problems
  citizen: Citizen | undefined
}

interface Links {
  keys: KeyRing
  /** The present as an ISO instant; links are valid for some hours from it. */
  now: string
}

/** Everything templates/pages/citizen/notice-found.hbs shows. */
export function noticeView(
  t: Texts,
  { found, typed, problems, citizen }: FoundNotices,
  links: Links,
): PageView {
  const title = found.length > 1 ? t('notice.choose') : t('notice.found')
  return {
    title,
    parents: [{ text: t('notice.title'), href: '/avviso' }],
    isChoice: found.length > 1,
    canPay: found.some((due) => noticePage(due) === 'payable'),
    notices: found.map((due, index) => ({ ...cardView(t, due, links), index })),
    emailField: citizen?.email
      ? null
      : fieldView(
          {
            id: EMAIL,
            label: t('person.emailLabel'),
            help: t('notice.payHelp'),
            type: 'email',
            inputMode: 'email',
            autocomplete: 'email',
            maxLength: 256,
          },
          typed,
          problems,
        ),
    ...summaryView(problems),
  }
}

function cardView(t: Texts, due: ShownNotice, { keys, now }: Links): object {
  const outcome = noticePage(due)
  const { title, what } = noticeWords(t, outcome, due)
  return {
    outcome: title,
    what,
    isPayable: outcome === 'payable',
    seen: amountInput(due.id, due.importoCents),
    canCancel: outcome === 'payable' && due.isMine,
    pdfHref: outcome === 'payable' && due.hasNotice ? noticeHref(keys, due.id, now) : null,
    enteName: due.enteName,
    enteHref: `/enti/${encodeURIComponent(due.codIpa)}`,
    dueTypeName: due.dueTypeName,
    causale: due.causale,
    importo: formatEuro(cents(due.importoCents)),
    dueOn: due.dueOn === null ? null : t('notice.dueOn', { day: formatDay(due.dueOn) }),
    owner: t('notice.owner', { name: due.pagatore.anagrafica }),
    receipts: (due.state === 'paid' || outcome === 'held' ? due.receipts : []).map(
      ({ receiptId, totalCents }) => ({
        href: receiptHref(keys, receiptId, now),
        text: t('notice.receipt', { importo: formatEuro(cents(totalCents)) }),
      }),
    ),
  }
}
