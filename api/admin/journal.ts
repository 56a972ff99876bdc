import { Router } from 'express'
import { z } from 'zod'
import {
  findJournalMessage,
  searchJournal,
  type JournalFilter,
  type JournalMessage,
} from '../../db/journal/search.ts'
import { t } from '../../templates/language.ts'
import { addDays, isCountableDay, romeDay } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { day, oneOf, word, type Values } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readId } from '../list/place.ts'
import { now, type AppDeps } from '../deps.ts'
import { mustRead, type Typed } from '../form/read-request.ts'
import { iuvsIn } from '../../domain/iuv.ts'
import { sendPage } from '../page/page.ts'
import { traceAtRegion } from '../access/trace.ts'
import { platformOnly } from '../access/region.ts'
import { JOURNAL_FIELDS, messageView, rowView } from './journal-view.ts'
import { adminFrame } from '../access/region-menu.ts'

const PATH = '/admin/giornale'
const PAGE = 50
/**
 * The days that a search goes back when it names no first day. A search for an ente or an IUV has no such limit, because it uses an index;
 * others read every message of these days.
 */
const USUAL_DAYS = 30

const FILTERS = {
  ente: word(80),
  iuv: word(40),
  psp: word(35),
  esito: word(80),
  operazione: word(80),
  verso: oneOf(['in', 'out'] as const),
  dal: day,
  al: day,
}
type Search = Values<typeof FILTERS>

/**
 * The journal of the messages exchanged with the node (giornale degli eventi), for administrators of the region. Messages contain personal
 * data, so opening one is recorded in the register of accesses.
 */
export function journalPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, platformOnly, async (req, res) => {
    const today = romeDay(now(config))
    const { rows, view, status } = await listPage({
      t,
      href: PATH,
      query: req.query,
      filters: FILTERS,
      spans: [['dal', 'al']],
      fields: JOURNAL_FIELDS,
      size: PAGE,
      usual: usualDays(req.query, today),
      find: (values, turn) => searchJournal(db, filterOf({ ...values, ...usualDays(values, today) }), turn),
      placeOf: ({ id }) => id,
      readPlace: readId,
      none: t('journal.none'),
    })
    sendPage(
      res,
      'admin/journal',
      {
        title: t('admin.section.journal'),
        ...adminFrame(res, PATH),
        ...view,
        rows: rows.map((row) => rowView(row, `${PATH}/${row.id}`)),
      },
      status,
    )
  })

  router.get(`${PATH}/:id`, platformOnly, async (req, res) => {
    const id = mustRead(z.uuid(), req.params['id'])
    const message = await findJournalMessage(db, id)
    if (!message) throw new AppError('NOT_FOUND')
    await traceAtRegion(db, res, messageTrace(message))
    sendPage(res, 'admin/message', {
      title: t('journal.message.title', { operation: message.operation }),
      ...adminFrame(res, PATH),
      ...messageView(message),
    })
  })
  return router
}

/**
 * What the register of accesses records about a message. A message of a payment is recorded under that payment. The enti whose data it
 * shows are those of the payment and the one of its domain.
 */
const messageTrace = ({ id, cartId, domain, operation }: JournalMessage) => {
  const of =
    cartId === null ? ({ entity: 'journal', id } as const) : ({ entity: 'cart', id: cartId } as const)
  return { what: 'message', of, cartId, domain, detail: `${operation} ${id}` } as const
}

/** The first day of a search that names no ente, no IUV and no first day: USUAL_DAYS before its last day, or before today. */
function usualDays({ ente, iuv, dal, al }: Typed, today: string): { dal?: string } {
  if (ente || iuv || dal) return {}
  return { dal: addDays(typeof al === 'string' && isCountableDay(al) ? al : today, -USUAL_DAYS) }
}

const filterOf = (search: Search): JournalFilter => ({
  ente: search.ente,
  iuvs: search.iuv === undefined ? undefined : iuvsIn(search.iuv),
  psp: search.psp,
  outcome: search.esito,
  operation: search.operazione,
  direction: search.verso,
  from: search.dal,
  to: search.al,
})
