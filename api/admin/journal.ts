import { Router } from 'express'
import { z } from 'zod'
import {
  findJournalMessage,
  searchJournal,
  type JournalFilter,
  type JournalMessage,
} from '../../db/journal/search.ts'
import { t } from '../../templates/language.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { dayFilter } from '../list/day-filter.ts'
import { nextHref } from '../list/query.ts'
import { now, type AppDeps } from '../deps.ts'
import { paymentKeys } from '../list/payment-keys.ts'
import { sendPage } from '../page/page.ts'
import { optionalWord } from '../list/word-filter.ts'
import { traceAtRegion } from '../access/trace.ts'
import { platformOnly } from '../access/region.ts'
import { journalFields, messageView, rowView } from './journal-view.ts'
import { adminFrame } from '../access/region-menu.ts'

const PATH = '/admin/giornale'
const PAGE = 50
/** Days looked back at when none are given: messages of one ente or IUV are found by themselves, others are read through. */
const USUAL_DAYS = 30

const Query = z.object({
  ente: optionalWord(80),
  iuv: optionalWord(40),
  psp: optionalWord(35),
  esito: optionalWord(80),
  operazione: optionalWord(80),
  verso: z.enum(['in', 'out']).optional().catch(undefined),
  dal: dayFilter,
  al: dayFilter,
  dopo: z.uuid().optional().catch(undefined),
})

/**
 * The journal of the messages exchanged with the node (giornale degli eventi), for administrators of the region. Its messages hold
 * persons as they were sent: who opens one is written down.
 */
export function journalPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, platformOnly, async (req, res) => {
    const query = withUsualDays(Query.parse(req.query), romeDay(now(config)))
    const found = await searchJournal(db, filterOf(query), { after: query.dopo, limit: PAGE + 1 })
    const shown = found.slice(0, PAGE)
    sendPage(res, 'admin/journal', {
      title: t('admin.section.journal'),
      ...adminFrame(res, PATH),
      href: PATH,
      filters: journalFields(query),
      rows: shown.map((row) => rowView(row, `${PATH}/${row.id}`)),
      next: found.length > PAGE ? nextHref(PATH, req.query, shown.at(-1)!.id) : null,
    })
  })

  router.get(`${PATH}/:id`, platformOnly, async (req, res) => {
    const { data: id } = z.uuid().safeParse(req.params['id'])
    const message = id && (await findJournalMessage(db, id))
    if (!message) throw new AppError('NOT_FOUND')
    await traceAtRegion(db, res, messageTrace(message))
    sendPage(res, 'admin/message', {
      title: t('journal.message.title', { operation: message.operation }),
      ...adminFrame(res, PATH),
      listHref: PATH,
      ...messageView(message),
    })
  })
  return router
}

/** A message of a payment is found with that payment; its enti are those of the payment and of its domain. */
const messageTrace = ({ id, cartId, domain, operation }: JournalMessage) => {
  const of =
    cartId === null ? ({ entity: 'journal', id } as const) : ({ entity: 'cart', id: cartId } as const)
  return { what: 'message', of, cartId, domain, detail: `${operation} ${id}` } as const
}

function withUsualDays(query: z.output<typeof Query>, today: string): z.output<typeof Query> {
  const { ente, iuv, dal, al = today } = query
  return (ente ?? iuv ?? dal) ? query : { ...query, dal: addDays(al, -USUAL_DAYS) }
}

const filterOf = (query: z.output<typeof Query>): JournalFilter => ({
  ente: query.ente,
  iuvs: query.iuv === undefined ? undefined : paymentKeys(query.iuv).iuvs,
  psp: query.psp,
  outcome: query.esito,
  operation: query.operazione,
  direction: query.verso,
  from: query.dal,
  to: query.al,
})
