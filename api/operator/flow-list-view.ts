import type { Request, Response } from 'express'
import { openDrafts } from '../../db/flow/draft.ts'
import { listFlows } from '../../db/flow/list.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { FLOW_FORMATS } from '../../domain/flow/columns.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { SHOWN_FLOW_STATES } from '../../domain/flow/shown-state.ts'
import { MOST_ROWS } from '../../domain/flow/sheet/problem.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { stateChip } from '../../templates/chip.ts'
import { flowChip } from '../../templates/pages/operator/words.ts'
import { day, oneOf, word } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readId } from '../list/place.ts'
import type { AppDeps } from '../deps.ts'
import { summaryView } from '../form/field-view.ts'
import { typedIn } from '../form/read-request.ts'
import { sendPage } from '../page/page.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { maxMegabytes } from '../upload/problem-text.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'

const PAGE = 25

const FILTERS = { nome: word(100), dal: day, al: day, stato: oneOf(SHOWN_FLOW_STATES) }

const STATES = SHOWN_FLOW_STATES.map((state) => ({ value: state, label: t(`flows.state.${state}`) }))

export const listHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/flussi`

/**
 * Sends the page with the form to upload a file and the list of files.
 * @param problem why the file that was just sent is refused; null when no file was sent
 * @param sameFlow the link to the file that has the same bytes
 */
export async function showFlows(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  req: Request,
  res: Response,
  problem: string | null = null,
  sameFlow: { href: string; text: string } | null = null,
): Promise<void> {
  const access = theAccess(res)
  const { rows, search, view, status } = await listPage({
    t,
    href: listHref(res),
    query: req.query,
    filters: FILTERS,
    spans: [['dal', 'al']],
    fields: [
      { id: 'nome', label: t('flows.filter.name'), maxLength: 100 },
      { id: 'dal', label: t('flows.filter.from'), type: 'date', maxLength: 10 },
      { id: 'al', label: t('flows.filter.to'), type: 'date', maxLength: 10 },
      { id: 'stato', label: t('flows.filter.state'), options: STATES, blank: t('operator.all') },
    ],
    size: PAGE,
    find: ({ nome = '', dal: from, al: to, stato: state }, turn) =>
      listFlows(db, readerOf(res), { name: nome, from, to, state }, turn),
    placeOf: ({ id }) => id,
    readPlace: readId,
    none: t('flows.list.none'),
  })
  sendPage(
    res,
    'operator/flows',
    {
      title: t('flows.list.title'),
      ...operatorFrame(access, 'flussi'),
      codIpa: access.codIpa,
      action: listHref(res),
      csrf: csrfOf(req),
      maxMegabytes: maxMegabytes(config.upload),
      mostRows: { xlsx: wholeNumber(MOST_ROWS.xlsx), csv: wholeNumber(MOST_ROWS.csv) },
      drafts: await openDraftsView(db, res),
      templates: (['1_3', '1_4'] as const).map((format) => ({
        href: `${listHref(res)}/modello?versione=${format}`,
        text: format.replace('_', '.'),
        what: t(`sheet.upload.what.${format}`),
      })),
      examples: FLOW_FORMATS.map((format) => ({
        href: `${listHref(res)}/esempio?versione=${format}`,
        text: format.replace('_', '.'),
      })),
      problem,
      sameFlow,
      // The file is gone, because browsers keep none, but not what was chosen beside it.
      fromSheet: typedIn(req)['foglio'] === 'si',
      wantsNotices: typedIn(req)['avvisi'] === 'si',
      ...view,
      ...summaryView({ ...(problem === null ? {} : { file: problem }), ...search.problems }),
      rows: rows.map((row) => ({
        href: `${listHref(res)}/${row.id}`,
        name: row.isCheck ? t('flows.check.title', { name: shownFileName(row) }) : shownFileName(row),
        createdAt: formatInstant(row.createdAt),
        operator: row.operatorName ?? t('operator.software'),
        state: flowChip(row),
        corrected:
          row.corrected > 0
            ? t('flows.list.corrected', { count: row.corrected, shown: wholeNumber(row.corrected) })
            : null,
        rowsRead: wholeNumber(row.rowsRead),
        rowsRejected: wholeNumber(row.rowsRejected),
      })),
    },
    problem === null ? status : 422,
  )
}

/** The files of this person that wait for him, with their pages; null when there are none. */
async function openDraftsView(db: AppDeps['db'], res: Response) {
  const { enteId } = theAccess(res)
  const drafts = await openDrafts(db, { enteId, operatorId: theOperator(res).id })
  if (drafts.length === 0) return null
  return drafts.map(({ id, fileName, state, createdAt }) => ({
    href: `${listHref(res)}/bozze/${id}`,
    name: fileName,
    createdAt: formatInstant(createdAt),
    state: stateChip('draft', state, t(`sheet.state.${state}`)),
  }))
}
