import type { Request, Response } from 'express'
import { z } from 'zod'
import { listFlows } from '../../db/flow-list.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { FLOW_FORMATS } from '../../domain/flow/columns.ts'
import { wholeNumber } from '../../templates/format.ts'
import { FLOW_WORDS } from '../../templates/pages/operatore/words.ts'
import { nextHref } from '../citizen/area/query.ts'
import { fieldView } from '../citizen/field-view.ts'
import { dayFilter } from '../day-filter.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { maxMegabytes } from '../upload/problem-text.ts'
import { readerOf, theAccess } from './access.ts'
import { operatorFrame } from './menu.ts'

const PAGE = 25

const Filters = z.object({
  nome: z.string().trim().max(100).catch(''),
  dal: dayFilter,
  al: dayFilter,
  dopo: z.uuid().optional().catch(undefined),
})

export const listHref = (res: Response): string => `/operatore/${theAccess(res).codIpa}/flussi`

/** The page with the form to upload and the files so far; `problem` is why the last one was not taken. */
export async function flowListView(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  req: Request,
  res: Response,
  problem: string | null = null,
) {
  const access = theAccess(res)
  const { nome, dal, al, dopo } = Filters.parse(req.query)
  const rows = await listFlows(
    db,
    readerOf(res),
    { name: nome, from: dal, to: al },
    { after: dopo, limit: PAGE + 1 },
  )
  const shown = rows.slice(0, PAGE)
  const typed = { nome, dal: dal ?? '', al: al ?? '' }
  const day = (id: string, label: string) =>
    fieldView({ id, label, required: false, type: 'date', maxLength: 10 }, typed, {})
  return {
    title: 'Flussi di dovuti',
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
    isFiltered: nome !== '' || dal !== undefined || al !== undefined,
    filters: [
      fieldView({ id: 'nome', label: 'Nome del file', required: false, maxLength: 100 }, typed, {}),
      day('dal', 'Caricato dal'),
      day('al', 'Caricato fino al'),
    ],
    rows: shown.map((row) => ({
      href: `${listHref(res)}/${row.id}`,
      name: `${row.baseName}.zip`,
      createdAt: formatInstant(row.createdAt),
      operator: row.operatorName ?? 'Software dell’ente',
      state: FLOW_WORDS[row.state],
      rowsRead: wholeNumber(row.rowsRead),
      rowsRejected: wholeNumber(row.rowsRejected),
    })),
    next: rows.length > PAGE ? nextHref(listHref(res), req.query, shown.at(-1)!.id) : null,
  }
}
