import { Router } from 'express'
import { listNotices } from '../../db/mail/notice-log.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { NOTICE_MAIL_KINDS, NOTICE_MAIL_OUTCOMES } from '../../domain/notice/mail.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import type { AppDeps } from '../deps.ts'
import { day, oneOf } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readId } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { noticeAddress, noticeChip, noticeKind, noticeReason } from './notice-words.ts'

const SECTION = 'avvisi-email'
const PAGE = 25
const FILTERS = { tipo: oneOf(NOTICE_MAIL_KINDS), esito: oneOf(NOTICE_MAIL_OUTCOMES), dal: day, al: day }

/** The log of the notices of an ente by mail. It names nobody: addresses are masked, and persons are on the pages of their dues. */
export function noticeMailLog({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(`/operatore/:codIpa/${SECTION}`, async (req, res) => {
    const access = theAccess(res)
    const { rows, view, status } = await listPage({
      t,
      href: `/operatore/${access.codIpa}/${SECTION}`,
      query: req.query,
      filters: FILTERS,
      spans: [['dal', 'al']],
      fields: [
        choice('tipo', 'kind', NOTICE_MAIL_KINDS),
        choice('esito', 'outcome', NOTICE_MAIL_OUTCOMES),
        { id: 'dal', label: t('dues.mail.filter.from'), type: 'date', maxLength: 10 },
        { id: 'al', label: t('dues.mail.filter.to'), type: 'date', maxLength: 10 },
      ],
      size: PAGE,
      find: ({ tipo, esito, dal, al }, turn) =>
        listNotices(db, readerOf(res), { kind: tipo, outcome: esito, from: dal, to: al }, turn),
      placeOf: ({ id }) => id,
      readPlace: readId,
      none: t('dues.mail.list.notFound'),
      empty: t('dues.mail.list.none'),
    })
    sendPage(
      res,
      'operator/notice-mails',
      {
        title: t('dues.mail.list.title'),
        ...operatorFrame(access, SECTION),
        ...view,
        rows: rows.map((row) => ({
          bookedAt: formatInstant(row.bookedAt),
          what: noticeKind(row),
          causale: row.causale,
          href: `/operatore/${access.codIpa}/dovuti/${row.dueId}`,
          address: noticeAddress(row),
          outcome: noticeChip(row),
          why: noticeReason(row),
        })),
      },
      status,
    )
  })
  return router
}

const choice = (id: string, name: 'kind' | 'outcome', values: readonly string[]) => ({
  id,
  label: t(`dues.mail.filter.${name}`),
  options: values.map((value) => ({ value, label: t(`dues.mail.${name}.${value}`) })),
  blank: t('dues.mail.filter.all'),
})
