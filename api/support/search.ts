import { Router } from 'express'
import { z } from 'zod'
import { countPayments, paymentsNoted, searchPayments } from '../../db/payment/support.ts'
import { romeDay } from '../../domain/calendar.ts'
import { LATEST } from '../../db/payment/support-search.ts'
import { personIn, readTerms, type SearchPart } from '../../domain/search-terms.ts'
import { ODDITIES } from '../../domain/payment/receipt-check.ts'
import { t } from '../../templates/language.ts'
import { adminFrame } from '../access/region-menu.ts'
import { now, type AppDeps } from '../deps.ts'
import { countText, MOST_COUNTED, partsText, typedText, withoutEach, type Tip } from '../list/search-parts.ts'
import { withQuery } from '../list/pages.ts'
import { wholeNumber } from '../../templates/format.ts'
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
    const terms = readTerms(q, romeDay(now(config)))
    const person = searchedPerson(config, { person: personIn(terms) ?? '', others: [q] })
    if (person !== undefined) await traceAtRegion(db, res, { what: 'search', person })
    const byText = q === '' ? NOTHING : await searchPayments(db, terms)
    const found = nota ? await paymentsNoted(db, nota) : byText.found
    const none = found.length > 0 ? null : await noneView(db, nota ? [] : terms)
    const isHome = q === '' && nota === undefined
    sendPage(res, 'support/search', {
      title: t('support.title'),
      ...adminFrame(res, '/supporto'),
      q,
      none: isHome ? null : none,
      partial: byText.isPartial ? t('support.search.partial', { most: wholeNumber(LATEST) }) : null,
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

const NOTHING = { found: [], isPartial: false }

/** What the page says when nothing is found: how the text was understood, and which part to leave out, with what that finds. */
async function noneView(
  db: AppDeps['db'],
  parts: readonly SearchPart[],
): Promise<{ text: string; tips: Tip[] }> {
  const near = withoutEach(parts)
  const counts = await countPayments(
    db,
    near.map(({ others }) => others),
    MOST_COUNTED,
  )
  const tips = near.flatMap(({ left, others }, n) => {
    const tip = { part: left.typed, count: countText(counts[n]!) }
    const href = withQuery('/supporto', { q: typedText(others) })
    return counts[n]! > 0 ? [{ text: t('support.search.without', tip), href }] : []
  })
  const said = parts.length === 0 ? '' : t('support.search.understood', { parts: partsText(parts) })
  const lost = parts.length > 1 && tips.length === 0 ? t('staff.search.noneNear') : ''
  return { text: [t('support.search.none'), said, lost].filter((text) => text !== '').join(' '), tips }
}
