import { formatInstantToSecond } from '../../domain/calendar.ts'
import { Router, type Response } from 'express'
import { searchAccesses, type AccessFilter, type AccessRow } from '../../db/journal/access-trace.ts'
import { normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { actorText } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { day, word, type Values } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readNumber } from '../list/place.ts'
import type { AppDeps } from '../deps.ts'
import { theOperator } from '../access/operator.ts'
import { sendPage } from '../page/page.ts'
import { personHash } from '../access/person-hash.ts'
import { traceAtRegion } from '../access/trace.ts'
import { isPlatform } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'

const PATH = '/admin/accessi'
const PAGE = 50

const FILTERS = { persona: word(70), operatore: word(70), dal: day, al: day }

/**
 * The register of accesses to personal data. Administrators of the region see all of it, administrators of enti see accesses to data of
 * their enti.
 */
export function accessPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const { rows, view, status } = await listPage({
      t,
      href: PATH,
      query: req.query,
      filters: FILTERS,
      spans: [['dal', 'al']],
      fields: [
        { id: 'persona', label: t('admin.accesses.personLabel'), maxLength: 70 },
        { id: 'operatore', label: t('admin.accesses.operatorLabel'), maxLength: 70 },
        { id: 'dal', label: t('staff.label.from'), type: 'date', maxLength: 10 },
        { id: 'al', label: t('staff.label.to'), type: 'date', maxLength: 10 },
      ],
      size: PAGE,
      async find(values, turn) {
        const filter = filterOf(values, res)
        const { person, enteIds } = filter
        // A search for a person is an access too, so the register records it.
        if (person)
          await traceAtRegion(db, res, { what: 'register', person: person.hash, enteIds: enteIds ?? [] })
        return searchAccesses(db, filter, turn)
      },
      placeOf: ({ id }) => String(id),
      readPlace: readNumber,
      none: t('admin.accesses.none'),
    })
    sendPage(
      res,
      'admin/accesses',
      { title: t('admin.accesses.title'), ...adminFrame(res, PATH), ...view, rows: rows.map(rowView) },
      status,
    )
  })

  const filterOf = (
    { persona, operatore, dal, al }: Values<typeof FILTERS>,
    res: Response,
  ): AccessFilter => ({
    enteIds: isPlatform(res) ? undefined : administered(res),
    person:
      persona === undefined
        ? undefined
        : { code: normalizeFiscalId(persona), hash: personHash(config, persona) },
    operator: operatore,
    from: dal,
    to: al,
  })
  return router
}

const administered = (res: Response): string[] =>
  theOperator(res)
    .grants.filter(({ role }) => role === 'admin')
    .map(({ enteId }) => enteId)

const rowView = ({ at, data, about, enti }: AccessRow) => ({
  at: formatInstantToSecond(at),
  by: actorText(data) ?? t('admin.accesses.byLink'),
  what: t(`admin.access.${data.what}`),
  about: [about, data.detail].filter(Boolean).join(', ') || '–',
  enti: enti ?? '–',
})
