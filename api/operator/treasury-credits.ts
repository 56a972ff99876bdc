import { Router } from 'express'
import { listCredits } from '../../db/treasury/list.ts'
import { SHOWN_CREDIT_STATES } from '../../domain/treasury/shown-state.ts'
import { t } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import type { AppDeps } from '../deps.ts'
import { amount, day, oneOf, word } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readPlace, writePlace } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { creditRow, creditsHref, SECTION } from './treasury-view.ts'

const PAGE = 25

const FILTERS = {
  dal: day,
  al: day,
  importo: amount,
  stato: oneOf(SHOWN_CREDIT_STATES),
  testo: word(140),
}

const FIELDS = [
  { id: 'dal', label: t('treasury.filter.from'), type: 'date' as const, maxLength: 10 },
  { id: 'al', label: t('treasury.filter.to'), type: 'date' as const, maxLength: 10 },
  { id: 'importo', label: t('treasury.filter.amount'), maxLength: 20 },
  {
    id: 'stato',
    label: t('treasury.filter.state'),
    options: SHOWN_CREDIT_STATES.map((state) => ({
      value: state,
      label: t(`treasury.credit.state.${state}`),
    })),
    blank: t('operator.all'),
  },
  { id: 'testo', label: t('treasury.filter.text'), maxLength: 140 },
]

/** The credits that the bank says came in, with a search. */
export function treasuryCreditPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`/operatore/:codIpa/${SECTION}/accrediti`, async (req, res) => {
    const access = theAccess(res)
    const { rows, view, status } = await listPage({
      t,
      href: creditsHref(res),
      query: req.query,
      filters: FILTERS,
      spans: [['dal', 'al']],
      fields: FIELDS,
      size: PAGE,
      find: ({ dal: from, al: to, importo: cents, stato: state, testo: text }, turn) =>
        listCredits(db, access.enteId, { from, to, cents, state, text }, turn),
      placeOf: ({ bookedOn, id }) => writePlace(bookedOn, id),
      readPlace,
      none: t('treasury.credits.none'),
      empty: t('treasury.credits.empty'),
    })
    sendPage(
      res,
      'operator/treasury-credits',
      {
        title: t('treasury.credits.title'),
        here: t('treasury.credits.title'),
        ...operatorFrame(access, SECTION),
        ...view,
        rows: rows.map((credit) => creditRow(credit, creditsHref(res))),
      },
      status,
    )
  })

  return router
}
