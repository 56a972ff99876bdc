import { Router } from 'express'
import { z } from 'zod'
import { paymentsNoted, searchPayments } from '../../db/payment/support.ts'
import { personIn, readTerms } from '../../domain/search-terms.ts'
import { ODDITIES } from '../../domain/payment/receipt-check.ts'
import { t } from '../../templates/language.ts'
import { adminFrame } from '../access/region-menu.ts'
import type { AppDeps } from '../deps.ts'
import { sendPage } from '../page/page.ts'
import { searchedPerson, traceAtRegion } from '../access/trace.ts'
import { foundView } from './found-view.ts'
import { queuesView } from './queues.ts'
import { temporalViews } from './temporal-views.ts'

const Query = z.object({
  q: z.string().trim().max(120).default(''),
  nota: z.enum(ODDITIES).optional().catch(undefined),
})

/**
 * The home page of support: the search for payments by whatever a person on the phone can read out, or by a difference between a receipt
 * and its RPT, and "Da guardare".
 */
export function searchPages({ db, config, processes }: Pick<AppDeps, 'db' | 'config' | 'processes'>): Router {
  const router = Router()
  router.get('/supporto', async (req, res) => {
    const { q, nota } = Query.parse(req.query)
    const terms = readTerms(q)
    const person = searchedPerson(config, { person: personIn(terms) ?? '', others: [q] })
    if (person !== undefined) await traceAtRegion(db, res, { what: 'search', person })
    const byCode = q === '' ? [] : await searchPayments(db, terms)
    const found = nota ? await paymentsNoted(db, nota) : byCode
    const isHome = q === '' && nota === undefined
    sendPage(res, 'support/search', {
      title: t('support.title'),
      ...adminFrame(res, '/supporto'),
      q,
      isEmpty: !isHome && found.length === 0,
      notes: ODDITIES.map((note) => ({
        value: note,
        text: t(`support.oddity.${note}`),
        isChosen: note === nota,
      })),
      found: found.map(foundView),
      ...(isHome ? await queuesView(db) : { cards: null, quiet: null }),
      views: temporalViews(config, processes),
    })
  })
  return router
}
