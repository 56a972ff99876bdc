import { formatInstantToSecond } from '../../domain/calendar.ts'
import { Router, type Response } from 'express'
import { z } from 'zod'
import { searchAccesses, type AccessFilter, type AccessRow } from '../../db/journal/access-trace.ts'
import { normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { actorText } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { nextHref } from '../list/query.ts'
import { fieldView, type FieldInput, type Typed } from '../form/field-view.ts'
import { dayText } from '../list/day-filter.ts'
import type { AppDeps } from '../deps.ts'
import { theOperator } from '../access/operator.ts'
import { sendPage } from '../page/page.ts'
import { personHash } from '../access/person-hash.ts'
import { traceAtRegion } from '../access/trace.ts'
import { wordFilter } from '../list/word-filter.ts'
import { isPlatform } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'

const PATH = '/admin/accessi'
const PAGE = 50

const Query = z.object({
  persona: wordFilter(70),
  operatore: wordFilter(70),
  dal: dayText,
  al: dayText,
  dopo: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
})
type Query = z.output<typeof Query>

/** Who saw or took which personal data: everything for the region, what was data of their enti for administrators of enti. */
export function accessPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const query = Query.parse(req.query)
    const filter = filterOf(query, res)
    const { person, enteIds } = filter
    // A search for a person is itself one that the register keeps.
    if (person)
      await traceAtRegion(db, res, { what: 'register', person: person.hash, enteIds: enteIds ?? [] })
    const found = await searchAccesses(db, filter, { after: query.dopo, limit: PAGE + 1 })
    const shown = found.slice(0, PAGE)
    sendPage(res, 'admin/accesses', {
      title: t('admin.accesses.title'),
      ...adminFrame(res, PATH),
      href: PATH,
      filters: fieldsOf(query),
      rows: shown.map(rowView),
      next: found.length > PAGE ? nextHref(PATH, req.query, String(shown.at(-1)!.id)) : null,
    })
  })

  const filterOf = ({ persona, operatore, dal, al }: Query, res: Response): AccessFilter => ({
    enteIds: isPlatform(res) ? undefined : administered(res),
    person:
      persona === '' ? undefined : { code: normalizeFiscalId(persona), hash: personHash(config, persona) },
    operator: operatore || undefined,
    from: dal || undefined,
    to: al || undefined,
  })
  return router
}

const administered = (res: Response): string[] =>
  theOperator(res)
    .grants.filter(({ role }) => role === 'admin')
    .map(({ enteId }) => enteId)

function fieldsOf(query: Typed) {
  const fields: FieldInput[] = [
    { id: 'persona', label: t('admin.accesses.personLabel'), maxLength: 70 },
    { id: 'operatore', label: t('admin.accesses.operatorLabel'), maxLength: 70 },
    { id: 'dal', label: t('staff.label.from'), type: 'date', maxLength: 10 },
    { id: 'al', label: t('staff.label.to'), type: 'date', maxLength: 10 },
  ]
  return fields.map((field) => fieldView({ ...field, required: false }, query, {}))
}

const rowView = ({ at, data, about, enti }: AccessRow) => ({
  at: formatInstantToSecond(at),
  by: actorText(data) ?? t('admin.accesses.byLink'),
  what: t(`admin.access.${data.what}`),
  about: [about, data.detail].filter(Boolean).join(', ') || '–',
  enti: enti ?? '–',
})
