import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { configEvents } from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { findPerson, type OperatorRow } from '../../db/ente/grants.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { operatorCode } from '../../templates/format.ts'
import { summaryView, type Problems } from '../form/field-view.ts'
import { mustRead, typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { authorOf, platformOnly } from '../access/region.ts'
import { configFields, typedOfRow } from './config-form.ts'
import { eventView } from './event-view.ts'
import { PERSON_FIELDS, REGION_FIELDS } from './fields.ts'
import { saveForm } from './save-form.ts'
import { seenOf } from './seen.ts'
import { adminFrame } from '../access/region-menu.ts'
import { redirectDone } from '../page/flash.ts'

const LIST = '/admin/operatori'
const PATH = `${LIST}/:operatorId`

/** The page of a person who works for enti: the name, which is the same at all of them, and the register of its changes. */
export function personPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, platformOnly, async (req, res) => {
    const person = await mustFind(req)
    await show(req, res, person, typedOfRow(fieldsOf(person), rowOf(person)))
  })

  router.post(PATH, platformOnly, async (req, res) => {
    const person = await mustFind(req)
    const body = typedIn(req)
    const saved = await saveForm(db, {
      table: 'operator',
      row: rowOf(person),
      fields: fieldsOf(person),
      body,
      by: authorOf(res, config),
    })
    if (saved.kind === 'again') {
      const { problems, status, row } = saved
      return show(req, res, { ...person, ...row }, body, problems, status)
    }
    redirectDone(req, res, `${LIST}/${person.id}`, 'staff.done.saved')
  })

  async function mustFind(req: Request): Promise<OperatorRow> {
    const id = mustRead(z.uuid(), req.params['operatorId'])
    const person = await findPerson(db, id)
    if (!person) throw new AppError('NOT_FOUND')
    return person
  }

  async function show(
    req: Request,
    res: Response,
    person: OperatorRow,
    typed: Typed,
    problems: Problems = {},
    status = 200,
  ): Promise<void> {
    const fields = fieldsOf(person)
    const events = await configEvents(db, person.id)
    sendPage(
      res,
      'admin/operator',
      {
        title: person.name,
        ...adminFrame(res, LIST),
        ...summaryView(problems),
        href: `${LIST}/${person.id}`,
        name: person.name,
        code: operatorCode(person.id),
        codiceFiscale: person.codiceFiscale,
        isPlatformAdmin: person.isPlatformAdmin,
        enti: grantLinks(person),
        fields: configFields(fields, { typed, problems, isPlatform: true }),
        seen: seenOf(fields, rowOf(person)),
        events: events.map(eventView),
        csrf: csrfOf(req),
      },
      status,
    )
  }
  return router
}

const fieldsOf = ({ isPlatformAdmin }: OperatorRow) =>
  isPlatformAdmin ? [...PERSON_FIELDS, ...REGION_FIELDS] : PERSON_FIELDS

const rowOf = ({ id, name, email }: OperatorRow): ConfigRow => ({ id, name, email })

/** The enti that a person works for, each with the address of its operators. */
export const grantLinks = ({ enti }: OperatorRow): { href: string; text: string }[] =>
  enti.map(({ codIpa, role }) => ({
    href: `/admin/enti/${codIpa}/operatori`,
    text: role === 'admin' ? t('admin.people.asAdmin', { codIpa }) : codIpa,
  }))
