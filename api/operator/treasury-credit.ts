import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import {
  filesOfCredit,
  findCredit,
  stepsOfCredit,
  twinsOf,
  type ListedCredit,
} from '../../db/treasury/list.ts'
import { tiesOf, type ShownTie } from '../../db/treasury/ties.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { settledBy } from '../../domain/treasury/settled.ts'
import { shownCreditState } from '../../domain/treasury/shown-state.ts'
import { decideTie, VERDICTS } from '../../services/treasury/decide.ts'
import { t } from '../../templates/language.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { reconcilersOnly } from '../access/region.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import {
  billText,
  creditChip,
  creditFacts,
  creditsHref,
  kindText,
  SECTION,
  tieView,
  treasuryHref,
} from './treasury-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/accrediti/:creditId`
const Decision = z.object({ esito: z.enum(VERDICTS) })

/** One credit: what the bank says, the flows and payments that it is tied to, and what a person decides about them. */
export function treasuryCreditPage({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const credit = await mustFindCredit(req, res)
    const access = theAccess(res)
    const [ties, files, twins, steps] = await Promise.all([
      tiesOf(db, credit.id),
      filesOfCredit(db, credit.id),
      twinsOf(db, credit),
      stepsOfCredit(db, credit.id),
    ])
    sendPage(res, 'operator/treasury-credit', {
      title: t('treasury.credit.title', { bill: billText(credit) }),
      here: t('treasury.credit.title', { bill: billText(credit) }),
      ...operatorFrame(access, SECTION, { href: creditsHref(res), text: t('treasury.credits.title') }),
      csrf: csrfOf(req),
      state: creditChip(credit),
      note: t(`treasury.credit.note.${noteOf(credit)}`),
      contradicted: credit.isContradicted ? t('treasury.credit.contradicted') : null,
      facts: creditFacts(credit, credit.number === null ? null : settledBy(credit.number, steps)),
      text: credit.text,
      ties:
        ties.length === 0
          ? null
          : ties.map((tie) => ({ ...tieView(tie, credit, access.codIpa), acts: actsOf(res, credit, tie) })),
      twins:
        twins.length === 0
          ? null
          : twins.map((twin) => ({
              href: `${creditsHref(res)}/${twin.id}`,
              text: t('treasury.credit.twin', { kind: kindText(twin.source), bill: billText(twin) }),
            })),
      files: files.map((file) => ({
        href: `${treasuryHref(res)}/file/${file.id}`,
        text: file.fileName,
        note: t(`treasury.credit.file.${file.isWithdrawn ? 'withdrawn' : 'loaded'}`, {
          at: formatInstant(file.createdAt),
        }),
      })),
    })
  })

  router.post(`${PATH}/legami/:tieId`, reconcilersOnly, async (req, res) => {
    const credit = await mustFindCredit(req, res)
    const tieId = mustRead(z.uuid(), req.params['tieId'])
    const { esito: verdict } = mustRead(Decision, req.body)
    const isDone = await decideTie(
      db,
      { enteId: theAccess(res).enteId, creditId: credit.id, tieId },
      verdict,
      theOperator(res),
    )
    if (isDone === undefined) throw new AppError('NOT_FOUND')
    redirectDone(
      req,
      res,
      `${creditsHref(res)}/${credit.id}`,
      isDone ? `treasury.done.${verdict}` : 'treasury.done.changed',
    )
  })

  async function mustFindCredit(req: Request, res: Response): Promise<ListedCredit> {
    const id = mustRead(z.uuid(), req.params['creditId'])
    const credit = await findCredit(db, theAccess(res).enteId, id)
    if (!credit) throw new AppError('NOT_FOUND')
    return credit
  }

  return router
}

const noteOf = (credit: ListedCredit): string =>
  shownCreditState(credit) === 'proposed' || shownCreditState(credit) === 'open'
    ? (credit.rule ?? 'no_id')
    : shownCreditState(credit)

/** What a person may decide of a tie in each state. */
const ACTS: Partial<Record<ShownTie['state'], readonly (typeof VERDICTS)[number][]>> = {
  proposed: ['conferma', 'rifiuta'],
  certain: ['rifiuta'],
  accepted: ['annulla'],
  refused: ['annulla'],
}

function actsOf(res: Response, credit: ListedCredit, tie: ShownTie) {
  const acts = ACTS[tie.state] ?? []
  if (!theAccess(res).mayReconcile || acts.length === 0 || !credit.isSeen || credit.twinId !== null)
    return null
  return acts.map((verdict) => ({
    href: `${creditsHref(res)}/${credit.id}/legami/${tie.id}`,
    verdict,
    kind: verdict === 'conferma' ? 'btn-primary' : 'btn-outline-primary',
    text: t(`treasury.tie.act.${tie.state === 'certain' ? 'sciogli' : verdict}`),
    target: tie.flowId ?? tie.iuv,
  }))
}
