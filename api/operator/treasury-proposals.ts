import { Router } from 'express'
import { z } from 'zod'
import { proposalGroups } from '../../db/treasury/ties.ts'
import { AppError } from '../../domain/errors.ts'
import { decideAll } from '../../services/treasury/decide.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { reconcilersOnly } from '../access/region.ts'
import type { AppDeps } from '../deps.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import { mustRead, typedIn } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { creditsHref, reasonText, SECTION, treasuryHref } from './treasury-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/proposte`
const Form = z.object({ motivo: z.string().trim().min(1).max(40), esito: z.enum(['conferma', 'rifiuta']) })

/** What waits for a person, by its reason; all of one kind are decided at once, after a question. */
export function treasuryProposalPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const access = theAccess(res)
    const groups = await proposalGroups(db, access.enteId)
    sendPage(res, 'operator/treasury-proposals', {
      title: t('treasury.proposals.title'),
      here: t('treasury.proposals.title'),
      ...operatorFrame(access, SECTION),
      csrf: csrfOf(req),
      action: `${treasuryHref(res)}/proposte`,
      mayReconcile: access.mayReconcile,
      listHref: `${creditsHref(res)}?stato=proposed`,
      groups:
        groups.length === 0
          ? null
          : groups.map(({ reason, count, cents, clear }) => ({
              reason,
              text: reasonText(reason),
              count: wholeNumber(count),
              amount: euro(cents),
              isClear: clear > 0,
              others:
                clear < count
                  ? t('treasury.proposals.others', {
                      count: count - clear,
                      shown: wholeNumber(count - clear),
                    })
                  : null,
            })),
    })
  })

  router.post(PATH, reconcilersOnly, async (req, res) => {
    const access = theAccess(res)
    const { motivo: reason, esito: verdict } = mustRead(Form, req.body)
    const group = (await proposalGroups(db, access.enteId)).find((one) => one.reason === reason)
    if (!group || group.clear === 0) throw new AppError('NOT_FOUND')
    // The number is part of what is confirmed, so that an old page does not decide about more than it showed.
    const confirms = `${reason} ${verdict} ${group.clear}`
    if (isConfirmed(typedIn(req), { confirms })) {
      const count = await decideAll(db, { enteId: access.enteId, reason }, verdict, theOperator(res))
      return redirectDone(req, res, `${treasuryHref(res)}/proposte`, `treasury.done.all.${verdict}`, {
        count,
        shown: wholeNumber(count),
      })
    }
    askConfirm(req, res, {
      page: 'operator/treasury-decide',
      title: t(`treasury.proposals.ask.${verdict}`),
      frame: operatorFrame(access, SECTION, {
        href: `${treasuryHref(res)}/proposte`,
        text: t('treasury.proposals.title'),
      }),
      lead: reasonText(reason),
      facts: [
        { name: t('treasury.proposals.count'), text: wholeNumber(group.clear) },
        { name: t('treasury.proposals.amount'), text: euro(group.clearCents) },
      ],
      effects: [t(`treasury.proposals.effect.${verdict}`), t('treasury.proposals.effect.back')],
      confirms,
      typed: { motivo: reason, esito: verdict },
      action: `${treasuryHref(res)}/proposte`,
      button: t(`treasury.proposals.${verdict}`),
      back: { href: `${treasuryHref(res)}/proposte`, text: t('treasury.proposals.back') },
    })
  })

  return router
}
