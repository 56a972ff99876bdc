import type { Request, Response } from 'express'
import { z } from 'zod'
import { listFlows } from '../../db/flow/list.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { FLOW_FORMATS } from '../../domain/flow/columns.ts'
import { SHOWN_FLOW_STATES } from '../../domain/flow/shown-state.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { flowWords } from '../../templates/pages/operator/words.ts'
import { nextHref } from '../list/query.ts'
import { fieldView } from '../form/field-view.ts'
import { dayFilter } from '../list/day-filter.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { maxMegabytes } from '../upload/problem-text.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'

const PAGE = 25

const Filters = z.object({
  nome: z.string().trim().max(100).catch(''),
  dal: dayFilter,
  al: dayFilter,
  stato: z.enum(SHOWN_FLOW_STATES).optional().catch(undefined),
  dopo: z.uuid().optional().catch(undefined),
})

const STATES = SHOWN_FLOW_STATES.map((state) => ({ value: state, label: t(`flows.state.${state}`) }))

export const listHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/flussi`

/** The page with the form to upload and the files so far; `problem` is why the last one was not taken. */
export async function flowListView(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  req: Request,
  res: Response,
  problem: string | null = null,
) {
  const access = theAccess(res)
  const { nome, dal, al, stato, dopo } = Filters.parse(req.query)
  const rows = await listFlows(
    db,
    readerOf(res),
    { name: nome, from: dal, to: al, state: stato },
    { after: dopo, limit: PAGE + 1 },
  )
  const shown = rows.slice(0, PAGE)
  const typed = { nome, dal: dal ?? '', al: al ?? '', stato: stato ?? '' }
  const day = (id: string, label: string) =>
    fieldView({ id, label, required: false, type: 'date', maxLength: 10 }, typed, {})
  return {
    title: t('flows.list.title'),
    ...operatorFrame(access, 'flussi'),
    codIpa: access.codIpa,
    action: listHref(res),
    csrf: csrfOf(req),
    maxMegabytes: maxMegabytes(config.upload),
    examples: FLOW_FORMATS.map((format) => ({
      href: `${listHref(res)}/esempio?versione=${format}`,
      text: format.replace('_', '.'),
    })),
    problem,
    hasProblems: problem !== null,
    problems: problem === null ? [] : [{ href: '#file', text: problem }],
    isFiltered: nome !== '' || [dal, al, stato].some((value) => value !== undefined),
    filters: [
      fieldView({ id: 'nome', label: t('flows.filter.name'), required: false, maxLength: 100 }, typed, {}),
      day('dal', t('flows.filter.from')),
      day('al', t('flows.filter.to')),
      fieldView(
        {
          id: 'stato',
          label: t('flows.filter.state'),
          required: false,
          options: STATES,
          blank: t('operator.all'),
        },
        typed,
        {},
      ),
    ],
    rows: shown.map((row) => ({
      href: `${listHref(res)}/${row.id}`,
      name: `${row.baseName}.zip`,
      createdAt: formatInstant(row.createdAt),
      operator: row.operatorName ?? t('operator.software'),
      state: flowWords(row),
      rowsRead: wholeNumber(row.rowsRead),
      rowsRejected: wholeNumber(row.rowsRejected),
    })),
    next: rows.length > PAGE ? nextHref(listHref(res), req.query, shown.at(-1)!.id) : null,
  }
}
