import { Router, type Request, type Response } from 'express'
import { listTreasuryFiles } from '../../db/treasury/file.ts'
import { proposalGroups } from '../../db/treasury/ties.ts'
import { SOURCES } from '../../domain/treasury/movement.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import type { AppDeps } from '../deps.ts'
import { fieldView, summaryView } from '../form/field-view.ts'
import { typedIn } from '../form/read-request.ts'
import { findPage } from '../list/pages.ts'
import { readId } from '../list/place.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { creditsHref, fileRow, SECTION, treasuryHref } from './treasury-view.ts'

export const TREASURY_PATH = `/operatore/:codIpa/${SECTION}`
const PAGE = 25

const KINDS = SOURCES.map((kind) => ({ value: kind, label: t(`treasury.kind.${kind}`) }))

/** The statements of the bank of an ente: the form to send one, and those that were sent. Every operator of the ente reads them. */
export function treasuryPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(TREASURY_PATH, (req, res) => showTreasury(db, req, res))
  return router
}

/**
 * Sends the page with the form to upload a statement and the list of statements.
 * @param problem why the file that was just sent is refused
 */
export async function showTreasury(
  db: AppDeps['db'],
  req: Request,
  res: Response,
  problem?: { text: string; link?: { href: string; text: string } },
): Promise<void> {
  const access = theAccess(res)
  const { rows, pages } = await findPage({
    href: treasuryHref(res),
    query: req.query,
    size: PAGE,
    find: (turn) => listTreasuryFiles(db, access.enteId, turn),
    placeOf: ({ id }) => id,
    readPlace: readId,
  })
  const waiting = (await proposalGroups(db, access.enteId)).reduce((sum, { count }) => sum + count, 0)
  sendPage(
    res,
    'operator/treasury',
    {
      title: t('treasury.title'),
      ...operatorFrame(access, SECTION),
      action: treasuryHref(res),
      csrf: csrfOf(req),
      mayReconcile: access.mayReconcile,
      creditsHref: creditsHref(res),
      whoHref: `${treasuryHref(res)}/chi-ha-pagato`,
      proposals:
        waiting === 0
          ? null
          : {
              href: `${treasuryHref(res)}/proposte`,
              text: t('treasury.proposals.waiting', { count: waiting, shown: wholeNumber(waiting) }),
            },
      kind: fieldView(
        {
          id: 'tipo',
          label: t('treasury.upload.kind'),
          help: t('treasury.upload.kindHint'),
          options: KINDS,
          blank: t('treasury.upload.recognised'),
          required: false,
        },
        typedIn(req),
        {},
      ),
      problem: problem?.text ?? null,
      sameFile: problem?.link ?? null,
      ...summaryView(problem ? { file: problem.text } : {}),
      rows: rows.length === 0 ? null : rows.map((file) => fileRow(file, treasuryHref(res))),
      pages,
    },
    problem ? 422 : 200,
  )
}
