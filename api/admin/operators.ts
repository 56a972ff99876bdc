import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { dueTypesOfEnte } from '../../db/ente/configuration.ts'
import { grantOperator, operatorsOf, revokeOperator, searchOperators } from '../../db/ente/grants.ts'
import { isCodiceFiscale, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { emailAddress } from '../../domain/person.ts'
import { isPlainText } from '../../domain/text.ts'
import { t } from '../../templates/language.ts'
import { fieldView, summaryView, type Problems } from '../form/field-view.ts'
import { mustRead, typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone, redirectWith, takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { operatorCode } from '../../templates/format.ts'
import { theAccess } from '../access/operator.ts'
import { authorOf, enteAdminsOnly, platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { grantLinks } from './person.ts'

const PATH = '/admin/enti/:codIpa/operatori'
const ROLES = ['operator', 'admin'] as const
const text = z.string().trim().max(100).catch('')
const Given = z.object({
  'codice-fiscale': text,
  nome: text,
  email: text,
  ruolo: z.enum(ROLES).catch('operator'),
  tipi: z.union([z.string(), z.array(z.string())]).catch([]),
})
const Query = z.object({ q: z.string().trim().max(60).catch('') })

/** The list of all operators, for the region, and the operators of one ente, whose administrators add and remove them. */
export function operatorPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get('/admin/operatori', platformOnly, async (req, res) => {
    const { q } = Query.parse(req.query)
    const found = await searchOperators(db, q)
    sendPage(res, 'admin/operators', {
      title: t('admin.section.operators'),
      ...adminFrame(res, '/admin/operatori'),
      q,
      rows: found.map((row) => ({
        ...row,
        code: operatorCode(row.id),
        href: `/admin/operatori/${row.id}`,
        email: row.email ?? '–',
        enti: grantLinks(row),
      })),
    })
  })

  router.get(PATH, enteAdminsOnly, (req, res) => show(req, res, {}, {}))

  router.post(PATH, enteAdminsOnly, async (req, res) => {
    const body = typedIn(req)
    const given = Given.parse(body)
    const codiceFiscale = normalizeFiscalId(given['codice-fiscale'])
    const problems: Record<string, string> = {}
    if (!isCodiceFiscale(codiceFiscale)) problems['codice-fiscale'] = t('admin.people.badFiscalCode')
    if (given.nome === '' || given.nome.length > 70) problems['nome'] = t('config.problem.missing')
    else if (!isPlainText(given.nome)) problems['nome'] = t('staff.unseen')
    if (given.email !== '' && !emailAddress.safeParse(given.email).success)
      problems['email'] = t('config.problem.email')
    if (Object.keys(problems).length > 0) return show(req, res, body, problems)
    const { enteId } = theAccess(res)
    const { name } = await grantOperator(db, {
      enteId,
      codiceFiscale,
      name: given.nome,
      email: given.email || null,
      role: given.ruolo,
      dueTypes: [given.tipi].flat(),
      by: authorOf(res, config),
    })
    if (name === given.nome) return redirectDone(req, res, hrefOf(res), 'staff.done.granted', { name })
    redirectWith(req, res, hrefOf(res), { key: 'known', values: { name } })
  })

  router.post(`${PATH}/:operatorId/togli`, enteAdminsOnly, async (req, res) => {
    const operatorId = mustRead(z.uuid(), req.params['operatorId'])
    await revokeOperator(db, { enteId: theAccess(res).enteId, operatorId, by: authorOf(res, config) })
    redirectDone(req, res, hrefOf(res), 'staff.done.revoked')
  })

  const hrefOf = (res: Response): string => `/admin/enti/${theAccess(res).codIpa}/operatori`

  async function show(req: Request, res: Response, typed: Typed, problems: Problems): Promise<void> {
    const { enteId, codIpa, enteName } = theAccess(res)
    const news = takeFlash(req)
    const [operators, dueTypes] = await Promise.all([operatorsOf(db, enteId), dueTypesOfEnte(db, enteId)])
    const field = (id: string, label: string, required: boolean, help: string | null = null) =>
      fieldView({ id, label, required, help }, typed, problems)
    sendPage(
      res,
      'admin/ente-operators',
      {
        title: t('admin.people.title', { ente: enteName }),
        ...adminFrame(res, '/admin/enti', { text: enteName, href: `/admin/enti/${codIpa}` }),
        ...summaryView(problems),
        heading: enteName,
        href: hrefOf(res),
        news: news === undefined ? null : t(`admin.people.news.${news.key}`, news.values),
        rows: operators.map(({ id, name, codiceFiscale, email, role, dueTypes: allowed }) => ({
          name,
          code: operatorCode(id),
          codiceFiscale,
          email: email ?? '–',
          role: t(`admin.role.${role}`),
          dueTypes:
            role === 'admin' ? t('admin.people.allTypes') : allowed.join(', ') || t('admin.people.noTypes'),
          revokeHref: `${hrefOf(res)}/${id}/togli`,
        })),
        fields: [
          field('codice-fiscale', t('staff.label.fiscalCode'), true),
          field('nome', t('config.column.operator.name'), true, t('admin.people.nameHelp')),
          field('email', t('admin.people.emailLabel'), false, t('admin.people.emailHelp')),
          fieldView(
            {
              id: 'ruolo',
              label: t('staff.label.role'),
              options: ROLES.map((value) => ({ value, label: t(`admin.role.${value}`) })),
            },
            { ruolo: 'operator', ...typed },
            problems,
          ),
        ],
        dueTypes: dueTypes.filter(({ isNew }) => !isNew),
        csrf: csrfOf(req),
      },
      Object.keys(problems).length > 0 ? 422 : 200,
    )
  }
  return router
}
