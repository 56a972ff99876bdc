import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { changeGrant, termsOf } from '../../db/ente/change-grant.ts'
import { dueTypesOfEnte } from '../../db/ente/configuration.ts'
import { grantOperator, operatorsOf } from '../../db/ente/grants.ts'
import { isCodiceFiscale, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { AppError } from '../../domain/errors.ts'
import { isPlainText } from '../../domain/text.ts'
import { t } from '../../templates/language.ts'
import { fieldView, statusOf, summaryView, type Problems } from '../form/field-view.ts'
import { mustRead, trimmedText, typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone, redirectWith, takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { theAccess } from '../access/operator.ts'
import { authorOf, enteAdminsOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { enteCrumb, enteHref } from './ente-row.ts'
import { namesFor, personView, readTerms, termFields, typesText, type Sent } from './grant-form.ts'
import { readSeen } from './seen.ts'

const PATH = '/admin/enti/:codIpa/operatori'

/** The people who work for an ente: administrators let them in and change in place what each may do. */
export function enteOperatorPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(PATH, enteAdminsOnly, (req, res) => show(req, res, {}))

  router.post(PATH, enteAdminsOnly, async (req, res) => {
    const typed = typedIn(req)
    const { person, problems: wrong } = readPerson(typed)
    const { terms, problems } = readTerms(typed, '')
    const all = { ...wrong, ...problems }
    if (Object.keys(all).length > 0) return show(req, res, { typed, problems: all })
    const { enteId } = theAccess(res)
    const made = await grantOperator(db, { enteId, ...person, ...terms, by: authorOf(res, config) })
    if (!made) return show(req, res, { typed, problems: { 'codice-fiscale': t('admin.people.already') } })
    const { name } = made
    if (name === person.name) return redirectDone(req, res, hrefOf(res), 'staff.done.granted', { name })
    redirectWith(req, res, hrefOf(res), { key: 'known', values: { name } })
  })

  router.post(`${PATH}/:operatorId`, enteAdminsOnly, async (req, res) => {
    const person = mustRead(z.uuid(), req.params['operatorId'])
    const typed = typedIn(req)
    const { terms, problems } = readTerms(typed, person)
    if (Object.keys(problems).length > 0) return show(req, res, { sent: { person, typed, problems } })
    const { enteId } = theAccess(res)
    const key = { enteId, operatorId: person }
    const by = authorOf(res, config)
    const saved = await changeGrant(db, { ...key, wanted: terms, seen: readSeen(typed), by })
    if (saved === 'gone') throw new AppError('STALE_FORM')
    if (saved === 'stale') return showStale(req, res, person, typed)
    redirectDone(req, res, hrefOf(res), 'staff.done.grantChanged')
  })

  /** The form again, with what was typed and what somebody else has stored meanwhile. */
  async function showStale(req: Request, res: Response, person: string, typed: Typed): Promise<void> {
    const now = (await operatorsOf(db, theAccess(res).enteId)).find(({ id }) => id === person)
    if (!now) throw new AppError('STALE_FORM')
    const words = {
      role: t(`admin.role.${now.role}`),
      types: typesText(now.role, now.dueTypes),
      reconciles: t(`config.option.${termsOf(now).reconciles}`),
    }
    const problems = { [namesFor(person).role]: t('admin.people.meanwhile', words) }
    await show(req, res, { sent: { person, typed, problems }, status: 409 })
  }

  async function show(
    req: Request,
    res: Response,
    { typed = { ruolo: 'operator' }, problems = {}, sent, status }: Shown,
  ): Promise<void> {
    const { enteId, enteName } = theAccess(res)
    const news = takeFlash(req)
    const [operators, dueTypes] = await Promise.all([operatorsOf(db, enteId), dueTypesOfEnte(db, enteId)])
    const href = hrefOf(res)
    const all = { ...problems, ...sent?.problems }
    const field = (id: string, label: string, help: string | null = null) =>
      fieldView({ id, label, help }, typed, problems)
    const own = termFields('', { typed, problems, dueTypes })
    sendPage(
      res,
      'admin/ente-operators',
      {
        title: t('admin.people.title', { ente: enteName }),
        ...adminFrame(res, '/admin/enti', enteCrumb(res)),
        ...summaryView(all),
        heading: enteName,
        href,
        news: news === undefined ? null : t(`admin.people.news.${news.key}`, news.values),
        people: operators.map((operator) => personView(operator, { href, dueTypes, sent })),
        fields: [
          field('codice-fiscale', t('staff.label.fiscalCode')),
          field('nome', t('config.column.operator.name'), t('admin.people.nameHelp')),
          ...own.fields,
        ],
        dueTypes: own.dueTypes,
        reconciles: own.reconciles,
        csrf: csrfOf(req),
      },
      status ?? statusOf(all),
    )
  }
  return router
}

interface Shown {
  /** The form that lets a new person in. */
  typed?: Typed
  problems?: Problems
  sent?: Sent
  status?: number
}

const hrefOf = (res: Response): string => `${enteHref(res)}/operatori`

function readPerson(typed: Typed): { person: { codiceFiscale: string; name: string }; problems: Problems } {
  const codiceFiscale = normalizeFiscalId(trimmedText(typed, 'codice-fiscale').slice(0, 100))
  const name = trimmedText(typed, 'nome')
  const problems: Record<string, string> = {}
  if (!isCodiceFiscale(codiceFiscale)) problems['codice-fiscale'] = t('admin.people.badFiscalCode')
  if (name === '') problems['nome'] = t('config.problem.missing')
  else if (name.length > 70) problems['nome'] = t('config.problem.tooLong')
  else if (!isPlainText(name)) problems['nome'] = t('staff.unseen')
  return { person: { codiceFiscale, name }, problems }
}
