import { Router, type Request, type Response } from 'express'
import { cancelOwnDue } from '../../db/due/due.ts'
import { firstRows } from '../../db/ground/turn.ts'
import { searchEnti, type TestEnti } from '../../db/ente/ente.ts'
import {
  findNoticed,
  findQrEnte,
  noticesById,
  type NoticedDue,
  type NoticeKey,
  type ShownNotice,
} from '../../db/due/notice.ts'
import { isFiscalId, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { readNoticeCode } from '../../domain/notice/code.ts'
import { noticePage, withoutReplaced } from '../../domain/notice/outcome.ts'
import { emailAddress } from '../../domain/person.ts'
import type { Texts } from '../../templates/language.ts'
import { stepWords } from '../../templates/money.ts'
import { now, type AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { LIMITS, orAgain, type Limits } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { sendPage, textsFor } from '../page/page.ts'
import { accountPerson } from './account-person.ts'
import { proofsOf } from './client.ts'
import { testEntiOf } from './enti.ts'
import {
  fieldView,
  statusOf,
  summaryView,
  type FieldInput,
  type Option,
  type FieldView,
  type Problems,
} from '../form/field-view.ts'
import { takeKept } from '../form/kept.ts'
import { trimmedText, typedIn, type Typed } from '../form/read-request.ts'
import { countMiss } from './misses.ts'
import { amountsSeen, repricedText, takeNews } from './news.ts'
import { codeProblem, notFoundProblem } from './notice-problem.ts'
import { noticeView } from './notice-view.ts'
import { CODE, codeText, EMAIL, knownFields, NAME } from './payer-form.ts'
import type { ProveAddress } from './prove-address.ts'

const NUMBER = 'codice-avviso'
const ENTE = 'ente'
const MOST_ENTI = 1_000
/** Found notices stay in the session for two hours, as long as the links on their page are valid. */
const FOUND_MS = 2 * 3_600_000

/**
 * Search and payment of a notice. Whoever knows its number and its pagatore may see and pay it.
 * Source: docs/field/payments.md#paying-a-notice.
 */
export function noticePages({ db, config }: AppDeps, limits: Limits, prove: ProveAddress): Router {
  const router = Router()

  router.get('/avviso', (req, res) => {
    const { ente, codice } = req.query
    const chosen = typeof ente === 'string' ? { [ENTE]: ente } : {}
    const number = typeof codice === 'string' ? { [NUMBER]: codice } : {}
    const begun = begunElsewhere(req)
    const known = { ...knownFields(req), ...chosen, ...number, ...begun, [NAME]: '' }
    return showForm(req, res, takeKept(req, res) ?? known, {})
  })

  router.post('/avviso', async (req, res) => {
    const typed = typedIn(req)
    const asked = readSearch(textsFor(res), typed)
    if (!asked.ok) return showForm(req, res, typed, asked.problems)
    const elsewhere = await otherEnte(textsFor(res), asked.key, testEntiOf(req))
    if (elsewhere !== undefined) return showForm(req, res, typed, { [NUMBER]: elsewhere })
    const found = withoutReplaced(await findNoticed(db, asked.key, testEntiOf(req)))
    const again = (problem: string) => showForm(req, res, typed, {}, problem)
    if (!(await orAgain(res, countMiss(limits, req, { iuv: asked.key.iuv, found }), again))) return
    if (found.length === 0) {
      const problem = await notFoundProblem(db, textsFor(res), { ...asked, tests: testEntiOf(req) })
      return showForm(req, res, typed, { [problem.field === 'code' ? CODE : NUMBER]: problem.text })
    }
    const [only] = found
    if (found.length === 1 && noticePage(only!) === 'payable' && payerEmail(req, asked.email) !== undefined)
      return void (await orAgain(res, pay(req, res, only!, payerEmail(req, asked.email)!), again))
    req.session.notices = { ids: found.map(({ id }) => id), foundAt: now(config) }
    res.redirect(303, '/avviso/esito')
  })

  router.get('/avviso/esito', async (req, res) => {
    const found = await stillFound(req)
    if (found.length === 0) return showGone(req, res)
    showFound(req, res, found, {}, {})
  })

  /** The form sends the place in the list and not an id, so that a session can only pay notices that it was shown. */
  router.post('/avviso/paga', async (req, res) => {
    const typed = typedIn(req)
    const found = await stillFound(req)
    const place = trimmedText(typed, 'posto')
    const wanted = /^\d{1,2}$/.test(place) ? found[Number(place)] : undefined
    if (!wanted) return showGone(req, res)
    const email = payerEmail(req, trimmedText(typed, EMAIL))
    if (!emailAddress.safeParse(email).success)
      return showFound(req, res, found, typed, { [EMAIL]: textsFor(res)('person.email') })
    if (noticePage(wanted) !== 'payable') return res.redirect(303, '/avviso/esito')
    const seen = amountsSeen(typed, [wanted.id]).get(wanted.id)
    await orAgain(res, pay(req, res, wanted, email!, seen), (problem) =>
      showFound(req, res, found, typed, {}, problem),
    )
  })

  /** The maker of a notice cancels it. When somebody pays it at the same moment, the database decides which comes first. */
  router.post('/avviso/annulla', async (req, res) => {
    const place = trimmedText(typedIn(req), 'posto')
    const wanted = /^\d{1,2}$/.test(place) ? (await stillFound(req))[Number(place)] : undefined
    if (!wanted) return showGone(req, res)
    if (wanted.isMine) await cancelOwnDue(db, wanted.id, proofsOf(config, req))
    res.redirect(303, '/avviso/esito')
  })

  const pay = (
    req: Request,
    res: Response,
    due: NoticedDue,
    email: string,
    importoCents?: number,
  ): Promise<void> => {
    const citizen = citizenOf(req)
    return prove(req, res, {
      kind: 'notice',
      enteName: due.enteName,
      dueId: due.id,
      ...(importoCents === undefined ? {} : { importoCents }),
      versante: citizen?.email === email ? accountPerson(citizen) : { ...due.pagatore, email },
    })
  }

  async function stillFound(req: Request): Promise<ShownNotice[]> {
    const { notices } = req.session
    if (!notices || Date.parse(now(config)) - Date.parse(notices.foundAt) > FOUND_MS) return []
    const rows = await noticesById(db, notices.ids, proofsOf(config, req))
    return notices.ids.flatMap((id) => rows.find((row) => row.id === id) ?? [])
  }

  function showGone(req: Request, res: Response): Promise<void> {
    return showForm(req, res, knownFields(req), { [NUMBER]: textsFor(res)('notice.gone') })
  }

  function showFound(
    req: Request,
    res: Response,
    found: readonly ShownNotice[],
    typed: Typed,
    problems: Problems,
    problem: string | null = null,
  ): void {
    const t = textsFor(res)
    const shown = { found, typed: { ...knownFields(req), ...typed }, problems, citizen: citizenOf(req) }
    const view = noticeView(t, shown, { keys: config.keys.link, now: now(config) })
    sendPage(
      res,
      'citizen/notice-found',
      {
        ...view,
        csrf: csrfOf(req),
        problem,
        news: repricedText(req, t, req.session.notices?.ids ?? []) ?? takeNews(req, t),
      },
      statusOf(problems, problem),
    )
  }

  async function showForm(
    req: Request,
    res: Response,
    typed: Typed,
    problems: Problems,
    problem: string | null = null,
  ): Promise<void> {
    const t = textsFor(res)
    const enti = await searchEnti(db, '', firstRows(MOST_ENTI))
    const options = enti.map(({ codIpa, name }) => ({ value: codIpa, label: name }))
    sendPage(
      res,
      'citizen/notice',
      {
        title: t('notice.title'),
        csrf: csrfOf(req),
        problem,
        fields: searchFields(t, { typed, problems, options, isKnown: citizenOf(req)?.email !== undefined }),
        ...summaryView(problems),
      },
      statusOf(problems, problem),
    )
  }

  /**
   * A QR text contains the ente. When that ente is not on this platform, or is not the chosen one, the sentence about it is shown and
   * nothing is searched.
   */
  async function otherEnte(t: Texts, { domain, ente }: NoticeKey, tests: TestEnti) {
    if (domain === undefined) return undefined
    const named = await findQrEnte(db, domain, tests)
    if (!named) return t('notice.notHere')
    return ente === undefined || ente === named.codIpa
      ? undefined
      : t('notice.otherEnte', { ente: named.name })
  }

  router.get('/mail-inviata', (_req, res) =>
    sendPage(res, 'citizen/mail-sent', {
      title: textsFor(res)('link.sent.title'),
      nothingPaid: stepWords(textsFor(res), 'sent'),
      minutes: config.linkMinutes,
      most: limits.most('linkPerMailbox'),
      window: LIMITS.linkPerMailbox.duration / 60,
    }),
  )
  return router
}

/** The fields that the site which sent the citizen here has filled in; they are shown once. */
function begunElsewhere(req: Request): Typed {
  const { search } = req.session
  delete req.session.search
  if (!search) return {}
  const { ente, number, codice } = search
  return { [ENTE]: ente, [NUMBER]: number, ...(codice === undefined ? {} : { [CODE]: codice }) }
}

/** The address for the receipt: that of the account, otherwise the typed one. */
const payerEmail = (req: Request, typed: string): string | undefined =>
  citizenOf(req)?.email ?? (typed === '' ? undefined : typed)

type Search =
  | { ok: true; key: NoticeKey; isMistyped: boolean; email: string }
  | { ok: false; problems: Record<string, string> }

/** Reads a search: a number, and either a fiscal code or a name. */
function readSearch(t: Texts, typed: Typed): Search {
  const number = trimmedText(typed, NUMBER).slice(0, 100)
  const code = readNoticeCode(number)
  const name = trimmedText(typed, NAME).replace(/\s+/g, ' ').slice(0, 100)
  const fiscal = normalizeFiscalId(trimmedText(typed, CODE).slice(0, 40))
  const email = trimmedText(typed, EMAIL)
  const ente = trimmedText(typed, ENTE).slice(0, 80)
  const rules: [boolean, string, string][] = [
    [
      fiscal === '' ? name !== '' : isFiscalId('F', fiscal),
      CODE,
      fiscal === '' ? t('notice.who') : codeText(t, fiscal),
    ],
    [fiscal === '' || name === '', NAME, t('notice.both')],
    [email === '' || emailAddress.safeParse(email).success, EMAIL, t('person.email')],
  ]
  const broken = rules.filter(([holds]) => !holds).map(([, id, text]) => [id, text])
  if (!code) broken.unshift([NUMBER, codeProblem(t, number)])
  if (!code || broken.length > 0) return { ok: false, problems: Object.fromEntries(broken) }
  const who = fiscal === '' ? { name } : { codice: fiscal }
  const { isMistyped, ...which } = code
  return { ok: true, email, isMistyped, key: { ...which, ...who, ente: ente === '' ? undefined : ente } }
}

interface SearchShown {
  typed: Typed
  problems: Problems
  options: readonly Option[]
  /** The person has a proved mail address, so the field for one is left out. */
  isKnown: boolean
}

function searchFields(t: Texts, { typed, problems, options, isKnown }: SearchShown): FieldView[] {
  const field = (
    id: string,
    words: [label: string, help: string],
    more: Partial<FieldInput> = {},
  ): FieldView => fieldView({ id, label: t(words[0]), help: t(words[1]), ...more }, typed, problems)
  const email = { required: false, type: 'email', inputMode: 'email', autocomplete: 'email' } as const
  return [
    field(ENTE, ['notice.ente', 'notice.enteHelp'], { required: false, options }),
    field(NUMBER, ['notice.number', 'notice.numberHelp'], { maxLength: 80 }),
    field(CODE, ['person.codeLabel', 'notice.codeHelp'], { maxLength: 20 }),
    field(NAME, ['notice.nameLabel', 'notice.nameHelp'], { required: false, maxLength: 70 }),
    ...(isKnown
      ? []
      : [field(EMAIL, ['person.emailLabel', 'notice.emailHelp'], { ...email, maxLength: 256 })]),
  ]
}
