import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import multer from 'multer'
import { z } from 'zod'
import {
  administeredEnti,
  configEvents,
  configuredRow,
  enteForReadiness,
  namesOfDueTypes,
  readinessOf,
  saveConfiguration,
} from '../../db/ente/configuration.ts'
import type { ConfigRow, Configured } from '../../db/ente/configured.ts'
import { isAccount } from '../../db/ente/account-change.ts'
import { waitingAt } from '../../db/ente/approval.ts'
import { AppError } from '../../domain/errors.ts'
import { isForward } from '../../domain/ente/readiness.ts'
import { ENTE_MOVES, type EnteState } from '../../domain/states.ts'
import { isOneOf, keysOf } from '../../domain/table.ts'
import { createEnte } from '../../services/ente/create.ts'
import { moveEnte } from '../../services/ente/go-live.ts'
import { setLogo } from '../../services/ente/set-logo.ts'
import { stateChip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import { summaryView, type Problems } from '../form/field-view.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import type { AppDeps } from '../deps.ts'
import { csrfOf, isFromOurForm } from '../middleware/csrf.ts'
import { redirectDone, redirectWith, takeFlash } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { waitingView } from './approvals.ts'
import { formProblem } from '../upload/receive.ts'
import { authorOf, enteAdminsOnly, isPlatform, platformOnly } from '../access/region.ts'
import { configFields, readConfig, typedOfRow } from './config-form.ts'
import { eventView } from './event-view.ts'
import { ENTE_FIELDS, NEW_ENTE_FIELDS } from './fields.ts'
import { adminFrame } from '../access/region-menu.ts'
import { readLogo, type Logo, type LogoProblem } from './logo.ts'
import { readinessView } from './readiness.ts'

const PATH = '/admin/enti'
const STATES = keysOf(ENTE_MOVES)
const State = z.enum(STATES)
const Query = z.object({ q: z.string().trim().max(60).catch(''), stato: z.string().max(20).catch('') })

/** The pages of enti: the list, a new ente, its configuration and its states. */
export function entePages({ db, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const { q, stato } = Query.parse(req.query)
    const operatorId = isPlatform(res) ? undefined : theOperator(res).id
    const enti = await administeredEnti(db, {
      q,
      state: Object.hasOwn(ENTE_MOVES, stato) ? stato : '',
      operatorId,
    })
    sendPage(res, 'admin/enti', {
      title: t('admin.section.enti'),
      ...adminFrame(res, '/admin/enti'),
      q,
      states: STATES.map((value) => ({
        value,
        label: t(`admin.state.${value}`),
        selected: value === stato,
      })),
      newHref: isPlatform(res) ? `${PATH}/nuovo` : null,
      rows: enti.map((ente) => ({
        ...ente,
        href: `${PATH}/${ente.codIpa}`,
        state: stateChip('ente', ente.state, t(`admin.state.${ente.state}`)),
      })),
    })
  })

  const NEW_FIELDS = [...NEW_ENTE_FIELDS, ...ENTE_FIELDS.filter(({ required }) => required === true)]

  router.get(`${PATH}/nuovo`, platformOnly, (req, res) => showNew(req, res, {}, {}))
  router.post(`${PATH}/nuovo`, platformOnly, async (req, res) => {
    const body = typedIn(req)
    const { values, problems } = readConfig(NEW_FIELDS, { body, row: {}, isPlatform: true })
    if (Object.keys(problems).length > 0) return showNew(req, res, body, problems)
    const codIpa = await createEnte(db, values, authorOf(res, config))
    if (codIpa === undefined) return showNew(req, res, body, { cod_ipa: t('config.problem.taken') })
    redirectDone(req, res, `${PATH}/${codIpa}`, 'staff.done.enteMade')
  })

  router.get(`${PATH}/:codIpa`, enteAdminsOnly, async (req, res) => {
    const row = await mustFindEnte(res)
    await show(req, res, row, typedOfRow(ENTE_FIELDS, row))
  })

  router.post(`${PATH}/:codIpa`, enteAdminsOnly, async (req, res) => {
    const row = await mustFindEnte(res)
    const body = typedIn(req)
    const { values, problems } = readConfig(ENTE_FIELDS, { body, row, isPlatform: isPlatform(res) })
    if (Object.keys(problems).length > 0) return show(req, res, row, body, problems)
    const doubts = codeDoubts(row, values)
    if (doubts.confirms !== '' && body['conferma'] !== doubts.confirms)
      return show(req, res, row, body, doubts.problems, doubts.confirms)
    const seen = readSeen(body)
    const saved = await saveConfiguration(db, {
      table: 'ente',
      id: row.id,
      values,
      seen,
      by: authorOf(res, config),
    })
    if (saved === 'stale') throw new AppError('STALE_FORM')
    if (saved === 'waiting') return show(req, res, row, body, waitingProblems('ente', row, values))
    redirectDone(req, res, `${PATH}/${String(row['cod_ipa'])}`, 'staff.done.saved')
  })

  router.post(`${PATH}/:codIpa/stato`, platformOnly, async (req, res) => {
    const row = await mustFindEnte(res)
    const body = typedIn(req)
    const to = State.parse(body['stato'])
    const state = State.parse(row['state'])
    if (!isOneOf<EnteState>(ENTE_MOVES[state], to)) throw new AppError('STALE_FORM')
    if (!isForward(state, to) && body['conferma'] !== 'si') return askBack(req, res, row, to)
    await moveEnte(db, { id: row.id, to, by: authorOf(res, config) })
    const values = { state: t(`admin.state.${to}`) }
    redirectDone(req, res, `${PATH}/${String(row['cod_ipa'])}`, 'staff.done.enteMoved', values)
  })

  /** Asks for confirmation of a step back, because it takes something away from citizens at once. */
  function askBack(req: Request, res: Response, row: ConfigRow, to: EnteState): void {
    const href = `${PATH}/${String(row['cod_ipa'])}`
    sendPage(res, 'admin/confirm-state', {
      title: t('admin.stepBack.question', { text: t(`admin.move.${to}`) }),
      ...adminFrame(res, PATH, { text: String(row['name']), href }),
      name: row['name'],
      text: t(`admin.move.${to}`),
      action: `${href}/stato`,
      to,
      back: href,
      csrf: csrfOf(req),
    })
  }

  async function mustFindEnte(res: Response): Promise<ConfigRow> {
    return (await configuredRow(db, 'ente', { id: theAccess(res).enteId }))!
  }

  async function showNew(req: Request, res: Response, typed: Typed, problems: Problems): Promise<void> {
    sendPage(
      res,
      'admin/new-ente',
      {
        title: t('admin.enti.new'),
        ...adminFrame(res, '/admin/enti'),
        ...summaryView(problems),
        fields: configFields(NEW_FIELDS, { typed, problems, isPlatform: true }),
        csrf: csrfOf(req),
      },
      Object.keys(problems).length > 0 ? 422 : 200,
    )
  }

  async function show(
    req: Request,
    res: Response,
    row: ConfigRow,
    typed: Typed,
    problems: Problems = {},
    confirms: string | null = null,
  ): Promise<void> {
    const [events, readiness, ente, waiting, dueTypes] = await Promise.all([
      configEvents(db, row.id),
      readinessOf(db, row.id),
      enteForReadiness(db, row.id),
      waitingAt(db, row.id),
      namesOfDueTypes(db, row.id),
    ])
    const refusal = takeFlash(req)
    const href = `${PATH}/${String(row['cod_ipa'])}`
    const state = State.parse(row['state'])
    const view = readinessView(row, ente!, { found: readiness, publicUrl: config.publicUrl })
    sendPage(
      res,
      'admin/ente',
      {
        title: String(row['name']),
        ...adminFrame(res, '/admin/enti'),
        ...summaryView(problems),
        href,
        name: row['name'],
        codIpa: row['cod_ipa'],
        codiceFiscale: row['codice_fiscale'],
        state: stateChip('ente', state, t(`admin.state.${state}`)),
        waiting: waitingView(res, waiting, dueTypes),
        steps: view.steps,
        moves: isPlatform(res)
          ? ENTE_MOVES[state].map((to) => ({
              to,
              text: t(`admin.move.${to}`),
              missing: isForward(state, to) ? view.missingFor(to).join(', ') || null : null,
            }))
          : null,
        fields: configFields(ENTE_FIELDS, { typed, problems, isPlatform: isPlatform(res) }),
        seen: seenOf(
          ENTE_FIELDS.map(({ column }) => column),
          row,
        ),
        confirms,
        logoProblem: refusal === undefined ? null : t(`admin.logoProblem.${refusal.key}`),
        logo: readiness.hasLogo ? `/enti/${String(row['cod_ipa'])}/logo.png` : null,
        canSetLogo: isPlatform(res),
        events: events.map(eventView),
        csrf: csrfOf(req),
      },
      Object.keys(problems).length > 0 ? 422 : 200,
    )
  }
  return router
}

/**
 * The codes at the beginning of notice numbers that a form changes. Such a change needs a confirmation, which contains the new values, so
 * that it does not confirm other ones.
 */
function codeDoubts(row: ConfigRow, values: Readonly<Record<string, unknown>>) {
  const changed = ['segregation_code', 'application_code']
    .map((column) => ({ column, from: codeText(row[column]), to: codeText(values[column]) }))
    .filter(({ column, from, to }) => column in values && from !== to)
  const problems: Problems = Object.fromEntries(
    changed.map(({ column, from, to }) => [column, t('config.problem.codeChanges', { from, to })]),
  )
  return { problems, confirms: changed.map(({ column, to }) => `${column}:${to}`).join(' ') }
}

/** The problem of each account that a form changes while a request for such a change waits already. */
export const waitingProblems = (
  table: Configured,
  row: ConfigRow,
  values: Readonly<Record<string, unknown>>,
): Problems =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([column, to]) => isAccount(table, { column }) && to !== row[column])
      .map(([column]) => [column, t('config.problem.waiting')]),
  )

const codeText = (value: unknown): string => (typeof value === 'string' ? value : t('config.register.noCode'))

/** The row as the form showed it, in base64. The form carries it, so that a change that was made since is not overwritten. */
export const seenOf = (columns: readonly string[], row: ConfigRow): string =>
  Buffer.from(
    JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))),
  ).toString('base64')

/** Reads what `seenOf` has written. @throws FORM_INVALID for any other text */
export function readSeen(body: Typed): Record<string, unknown> {
  try {
    const text = z.string().parse(body['visto'])
    return z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')))
  } catch {
    throw new AppError('FORM_INVALID')
  }
}

const MAX_LOGO_BYTES = 200 * 1024

/** The upload of the logo of an ente. As for every form with a file, its route comes before the middleware that reads forms. */
export function logoUpload(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  guards: readonly RequestHandler[],
): Router {
  const router = Router()
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: MAX_LOGO_BYTES, files: 1, fields: 5, parts: 6 },
  }).any()
  const take: RequestHandler = async (req, res) => {
    if (!isFromOurForm(req)) throw new AppError('CSRF_INVALID')
    const [file] = Array.isArray(req.files) ? req.files : []
    const logo: Logo | { kind: 'missing' } = file ? readLogo(file.buffer) : { kind: 'missing' }
    if (logo.kind !== 'logo') return refuse(req, res, logo.kind)
    const { enteId, codIpa } = theAccess(res)
    await setLogo(db, { enteId, logo: logo.bytes, by: authorOf(res, config) })
    redirectDone(req, res, `${PATH}/${codIpa}`, 'staff.done.logoSet')
  }
  const tooBig: ErrorRequestHandler = (error: unknown, req, res, next) =>
    formProblem(error) === 'too_big' ? refuse(req, res, 'too_big') : next(error)
  router.post(`${PATH}/:codIpa/logo`, ...guards, platformOnly, upload, take, tooBig)
  return router
}

function refuse(req: Request, res: Response, key: LogoProblem | 'missing' | 'too_big'): void {
  redirectWith(req, res, `${PATH}/${theAccess(res).codIpa}#logo`, { key })
}
