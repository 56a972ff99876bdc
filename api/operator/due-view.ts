import type { DueDetail, DueEvent, DueMessage, DueRow } from '../../db/due/dues.ts'
import type { LoggedNotice } from '../../db/mail/notice-log.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { groupNoticeNumber, noticeNumber } from '../../domain/iuv.ts'
import { isDoubtful, type Doubt } from '../../domain/payment/known.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { numberInSheet } from '../../domain/flow/sheet/numbers.ts'
import { printedCode } from '../../domain/person.ts'
import { readBilancio } from '../../domain/wire/read-bilancio.ts'
import { stateChip } from '../../templates/chip.ts'
import { euro, addressLine, wholeNumber } from '../../templates/format.ts'
import { dayOrDash, dueChip } from '../../templates/due-words.ts'
import { t, tOr } from '../../templates/language.ts'
import { maskAddress } from '../access/mask.ts'
import { notAgainText } from '../page/mail-again.ts'
import { outcomeMailName, type OutcomeMail } from '../page/tell.ts'
import { timelineOf, type Sources } from './due-timeline.ts'

export const isPrintable = ({ state, isExpired, iuv }: DueRow): boolean =>
  state === 'payable' && !isExpired && iuv !== null && !iuv.startsWith('RF')

/** The values of the page of a due. */
export function dueView(
  due: DueDetail,
  {
    events,
    messages,
    mailed,
    sources,
    href,
    codIpa,
    mayOpenFlow,
  }: {
    events: readonly DueEvent[]
    messages: readonly DueMessage[]
    /** Its notices by mail. */
    mailed: readonly LoggedNotice[]
    /** The files and acts that its history names. */
    sources: Sources
    href: string
    codIpa: string
    /** True for administrators, and for the operator who sent the file and may use all its types. */
    mayOpenFlow: boolean
  },
) {
  const isPayable = due.state === 'payable'
  return {
    causale: due.causale,
    state: dueChip(due),
    cancelledBecause:
      due.cancelledReason === null ? null : tOr(`dues.cancelled.${due.cancelledReason}`, due.cancelledReason),
    importo: euro(due.importoCents),
    expired: isPayable && due.isExpired ? t('dues.detail.expired') : null,
    doubt: isDoubtful(due) ? doubtText(due) : null,
    anomaliesHref: `/operatore/${codIpa}/anomalie`,
    notice: noticeOf(due),
    facts: factsOf(due),
    bilancio: bilancioOf(due),
    flow: flowOf(due, codIpa, mayOpenFlow),
    shares:
      due.shares.length > 1 ? due.shares.map((share) => ({ ...share, importo: euro(share.cents) })) : null,
    attempts: due.attempts.map((attempt) => ({
      iuv: attempt.iuv,
      at: formatInstant(attempt.requestedAt),
      state: stateChip('attempt', attempt.state, t(`dues.attempt.${attempt.state}`)),
      receipt: attempt.hasReceipt ? `${href}/ricevute/${attempt.receiptId}.pdf` : null,
    })),
    messages: messages.map((message) => messageView(due, message, href)),
    timeline: timelineOf(due, events, mailed, sources),
    anotherHref: `/operatore/${codIpa}/dovuti/nuovo?tipo=${encodeURIComponent(due.dueTypeCode)}`,
    editHref: isPayable ? `${href}/modifica` : null,
    mailHref: isPrintable(due) && due.pagatore.email ? `${href}/conferma-avviso-email` : null,
    cancelHref: isPayable ? `${href}/conferma-annulla` : null,
    askHref: due.state === 'paying' && due.attempts.length > 0 ? `${href}/chiedi-ricevuta` : null,
  }
}

/**
 * A mail or a message of the node about a due. A mail is named by its content, and its address is masked. A message is named by what it
 * does; its technical name is a note, because the manual of pagoPA has that.
 */
function messageView(
  { attempts }: DueDetail,
  { at, kind, about, outcome, saysPaid, mail }: DueMessage,
  href: string,
) {
  const isMail = kind === 'mail'
  const name = isMail ? outcomeMailName({ saysPaid: saysPaid === true }) : tOr(`dues.message.of.${about}`, '')
  return {
    at: formatInstant(at),
    what: t(`dues.message.${kind}`),
    about: name || about,
    note: isMail ? maskAddress(about) : name === '' ? null : about,
    outcome: isMail ? t(`support.state.email.${outcome}`) : outcome,
    // A mail tells of the whole payment.
    ...(mail && attempts.some(({ isCartSeen, cartId }) => isCartSeen && cartId === mail.cartId)
      ? againOf(mail, `${href}/mail/${mail.id}`)
      : {}),
  }
}

const againOf = ({ whyNotAgain: why }: NonNullable<DueMessage['mail']>, href: string) =>
  why === null ? { againHref: href } : why === 'none' ? {} : { notAgain: notAgainText(why) }

/** The mails with an outcome among the messages. */
export const mailsIn = (messages: readonly DueMessage[]): OutcomeMail[] =>
  messages.flatMap(({ kind, about, outcome, at, saysPaid }) =>
    kind === 'mail' ? [{ address: about, state: outcome, sentAt: at, saysPaid: saysPaid === true }] : [],
  )

/** True when money has arrived that is not the amount of the due. Only then the page shows how much has arrived. */
const isPaidOtherwise = ({ settledCents, importoCents }: DueDetail): boolean =>
  settledCents > 0 && settledCents !== importoCents

const doubtText = ({ unplacedCents, isUnclear }: Doubt): string =>
  [
    ...(unplacedCents > 0 ? [t('dues.detail.doubt.unplaced', { importo: euro(unplacedCents) })] : []),
    ...(isUnclear ? [t('dues.detail.doubt.unclear')] : []),
    t('dues.detail.doubt.support'),
  ].join(' ')

/** The number of the notice of a due, whole and as notices print it; null for a due whose IUV has none. */
function noticeOf({ iuv, applicationCode }: DueDetail): { number: string; printed: string } | null {
  if (iuv === null || !(iuv.length === 17 || (iuv.length === 15 && applicationCode !== null))) return null
  const number = noticeNumber(iuv, applicationCode ?? undefined)
  return { number, printed: groupNoticeNumber(number) }
}

/** The lines of the bilancio; null for a due without one. A text that cannot be read as a bilancio is shown among the facts. */
const bilancioOf = ({ bilancio }: DueDetail) =>
  (bilancio === null ? undefined : readBilancio(bilancio))?.map((line) => ({
    ...line,
    ufficio: line.ufficio || '–',
    accertamento: line.accertamento || '–',
    importo: euro(line.importo),
  })) ?? null

function factsOf(due: DueDetail): { label: string; value: string }[] {
  const { pagatore } = due
  const facts: [string, string | null | undefined][] = [
    [t('dues.detail.fact.debtor'), pagatore.anagrafica],
    [t('dues.label.codiceIdentificativoUnivoco'), printedCode(pagatore.codice)],
    [t('dues.detail.fact.address'), addressLine(pagatore)],
    [t('dues.detail.fact.email'), pagatore.email],
    [t('dues.detail.fact.tipo'), due.dueTypeName],
    [t('dues.detail.fact.dueOn'), dayOrDash(due.dueOn)],
    [t('dues.detail.fact.settled'), isPaidOtherwise(due) ? euro(due.settledCents) : null],
    [t('dues.detail.fact.iud'), due.iud],
    [t('dues.detail.fact.iuv'), due.iuv],
    [t('dues.label.datiSpecificiRiscossione'), due.shares[0]?.datiSpecifici],
    [t('dues.bilancio.title'), bilancioOf(due) === null ? due.bilancio : null],
    [t('dues.detail.fact.createdAt'), formatInstant(due.createdAt)],
    [t('dues.detail.fact.changedAt'), formatInstant(due.changedAt)],
  ]
  return facts
    .filter((fact): fact is [string, string] => Boolean(fact[1]))
    .map(([label, value]) => ({ label, value }))
}

function flowOf(
  { flowId, flowName, flowSource, flowRow, sheetRows }: DueDetail,
  codIpa: string,
  mayOpen: boolean,
) {
  if (flowId === null) return null
  return {
    name: shownFileName({ baseName: flowName!, source: flowSource! }),
    row: flowRow === null ? '–' : wholeNumber(numberInSheet(sheetRows, flowRow)),
    isSheet: sheetRows !== null,
    href: mayOpen ? `/operatore/${codIpa}/flussi/${flowId}` : null,
  }
}
