import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { dueTypesOf } from '../../db/due/dues.ts'
import {
  bookExport,
  findReadableExport,
  listExports,
  type Export,
  type NewExport,
} from '../../db/export/export.ts'
import { exportFile } from '../../services/file-store.ts'
import type { EnteReader } from '../../db/ente/due-type-access.ts'
import { addDays, formatDay, formatInstant, isCountableDay, romeDay } from '../../domain/calendar.ts'
import { EXPORT_FORMATS, SECONDARY_DUE_TYPE, type ExportFormat } from '../../domain/export/columns.ts'
import { EXPORT_ENDINGS, exportFileName } from '../../domain/export/kind.ts'
import { AppError } from '../../domain/errors.ts'
import { stateChip } from '../../templates/chip.ts'
import { MOST_SHEET_ROWS } from '../../templates/documents/workbook.ts'
import { fileSize, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { exportSummary } from '../../templates/process-words.ts'
import { day, word } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readId } from '../list/place.ts'
import { fieldView, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { mustRead } from '../form/read-request.ts'
import { now, type AppDeps } from '../deps.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { sendStored } from '../documents/download.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { hint } from '../hint.ts'
import { sendPage } from '../page/page.ts'
import { traceAtEnte } from '../access/trace.ts'
import { operatorsOfEnte, readerNow, readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { redirectDone } from '../page/flash.ts'

const PATH = '/operatore/:codIpa/esportazioni'
const PAGE = 25
/** The most days from the first day of an export to the last: a year and a day. A longer time needs several exports. */
const MOST_DAYS = 366

const text = z.string().trim().max(100).catch('')
const Booking = z.object({ tracciato: text, dal: text, al: text, tipo: text })
const FILTERS = { nome: word(100), 'prenotata-dal': day, 'prenotata-al': day }
const ExpiredBooking = z.object({ scadenza: text, 'tipo-scaduti': text })

/** The pages of exports: an operator books one, follows its progress and downloads its file. */
export function exportPages({ db, files, processes, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, (req, res) => show(req, res, usual()))

  router.post(PATH, async (req, res) => {
    const typed = Booking.parse(req.body ?? {})
    const dueTypes = await dueTypesOf(db, readerOf(res))
    const { problems, booking } = readBooking(typed, dueTypes)
    if (!booking) return show(req, res, { ...usual(), ...typed }, problems)
    await book(req, res, { ...ownerOf(res), ...booking })
  })

  router.post(`${PATH}/scaduti`, async (req, res) => {
    const typed = ExpiredBooking.parse(req.body ?? {})
    const dueTypes = await dueTypesOf(db, readerOf(res))
    const tipo = typed['tipo-scaduti']
    const problems = {
      ...(isCountableDay(typed.scadenza) ? {} : { scadenza: t('operator.exports.problem.day') }),
      ...(tipo === '' || dueTypes.some(({ code }) => code === tipo)
        ? {}
        : { 'tipo-scaduti': t('operator.exports.problem.tipo') }),
    }
    if (Object.keys(problems).length > 0) return show(req, res, { ...usual(), ...typed }, problems)
    const codes = dueTypes.map(({ code }) => code).filter((code) => tipo === '' || code === tipo)
    await book(req, res, { ...ownerOf(res), kind: 'expired', dueOn: typed.scadenza, dueTypes: codes })
  })

  async function book(req: Request, res: Response, given: NewExport): Promise<void> {
    const exportId = await bookExport(db, given)
    const summary = exportSummary({ ...given, enteName: theAccess(res).enteName })
    await hint(req.log, { exportId }, () => processes.wakeExport({ exportId, enteId: given.enteId, summary }))
    redirectDone(req, res, hrefOf(res), 'staff.done.exportBooked')
  }

  const usual = (): Record<string, string> => {
    const today = romeDay(now(config))
    return { tracciato: '1_3', dal: addDays(today, -7), al: today, scadenza: addDays(today, -1) }
  }

  async function show(req: Request, res: Response, typed: Typed, problems: Problems = {}): Promise<void> {
    const access = theAccess(res)
    const dueTypes = await dueTypesOf(db, readerOf(res))
    const { rows, search, view, status } = await listPage({
      t,
      href: hrefOf(res),
      query: req.query,
      filters: FILTERS,
      spans: [['prenotata-dal', 'prenotata-al']],
      fields: [
        { id: 'nome', label: t('operator.exports.filter.name'), maxLength: 100 },
        { id: 'prenotata-dal', label: t('operator.exports.filter.from'), type: 'date', maxLength: 10 },
        { id: 'prenotata-al', label: t('operator.exports.filter.to'), type: 'date', maxLength: 10 },
      ],
      size: PAGE,
      find: (values, turn) =>
        listExports(
          db,
          readerOf(res),
          { name: values.nome ?? '', from: values['prenotata-dal'], to: values['prenotata-al'] },
          turn,
        ),
      placeOf: ({ id }) => id,
      readPlace: readId,
      none: t('operator.exports.list.notFound'),
      empty: t('operator.exports.list.none'),
    })
    const isUnderWay = rows.some(({ state }) => state === 'queued' || state === 'running')
    sendPage(
      res,
      'operator/exports',
      {
        title: t('operator.exports.title'),
        ...operatorFrame(access, 'esportazioni'),
        ...view,
        ...summaryView({ ...problems, ...search.problems }),
        ...bookingFields(typed, problems, dueTypes),
        href: hrefOf(res),
        csrf: csrfOf(req),
        live: isUnderWay ? `${hrefOf(res)}/eventi` : null,
        rows: rows.map((row) => ({
          what: whatText(row),
          bookedAt: formatInstant(row.createdAt),
          operator: row.operatorName ?? t('operator.software'),
          state: stateChip('export', row.state, stateText(row)),
          rows: row.rows === null ? '–' : wholeNumber(row.rows),
          size: row.state === 'ready' && row.zipBytes !== null ? fileSize(row.zipBytes) : '–',
          progress: progressOf(row),
          file:
            row.state === 'ready' && row.baseName !== null
              ? { name: nameOf(row), href: `${hrefOf(res)}/${row.id}.${EXPORT_ENDINGS[row.kind]}` }
              : null,
        })),
        script: isUnderWay ? 'flow.js' : null,
      },
      Object.keys(problems).length > 0 ? 422 : status,
    )
  }

  for (const ending of ENDINGS)
    router.get(`${PATH}/:exportId.${ending}`, async (req, res) => {
      const id = mustRead(z.uuid(), req.params.exportId)
      const booked = await findReadableExport(db, readerOf(res), id)
      if (booked?.state !== 'ready' || EXPORT_ENDINGS[booked.kind] !== ending) throw new AppError('NOT_FOUND')
      const of = { entity: 'export', id: booked.id } as const
      const file = { path: files.path(exportFile(booked.id)), name: nameOf(booked) }
      await sendStored(res, file, { trace: () => traceAtEnte(db, res, { what: 'export', of }) })
    })
  return router
}

const ENDINGS = ['zip', 'xlsx'] as const

/** The name of the file of an export that is ready, which has one. */
const nameOf = ({ kind, baseName }: Export): string => exportFileName({ kind, baseName: baseName! })

const hrefOf = (res: Response): string => `/operatore/${theAccess(res).codIpa}/esportazioni`
const ownerOf = (res: Response) => ({ enteId: theAccess(res).enteId, operatorId: theOperator(res).id })

type DueTypes = readonly { code: string; name: string }[]
type PaidBooking = Pick<
  Extract<NewExport, { kind: 'paid' }>,
  'kind' | 'format' | 'withReceipt' | 'fromOn' | 'toOn' | 'dueTypes' | 'asSecondary'
>

function readBooking(
  { tracciato, dal, al, tipo }: z.output<typeof Booking>,
  dueTypes: DueTypes,
): { problems: Problems; booking?: PaidBooking } {
  const problems: Record<string, string> = {}
  const format = EXPORT_FORMATS.find((one) => one === tracciato)
  if (!format) problems['tracciato'] = t('operator.exports.problem.format')
  if (!isCountableDay(dal)) problems['dal'] = t('operator.exports.problem.day')
  if (!isCountableDay(al)) problems['al'] = t('operator.exports.problem.day')
  if (isCountableDay(dal) && isCountableDay(al)) {
    if (al < dal) problems['al'] = t('operator.exports.problem.order')
    else if (addDays(dal, MOST_DAYS) < al) problems['al'] = t('operator.exports.problem.tooLong')
  }
  const asSecondary = tipo === SECONDARY_DUE_TYPE
  if (tipo !== '' && !asSecondary && !dueTypes.some(({ code }) => code === tipo))
    problems['tipo'] = t('operator.exports.problem.tipo')
  if (Object.keys(problems).length > 0) return { problems }
  return { problems, booking: paidBooking(format!, { dal, al, tipo, asSecondary }) }
}

function paidBooking(
  format: ExportFormat,
  { dal, al, tipo, asSecondary }: { dal: string; al: string; tipo: string; asSecondary: boolean },
): PaidBooking {
  const dueTypes = tipo === '' || asSecondary ? [] : [tipo]
  return { kind: 'paid', format, withReceipt: format !== '1_0', fromOn: dal, toOn: al, dueTypes, asSecondary }
}

function bookingFields(typed: Typed, problems: Problems, dueTypes: DueTypes) {
  const option = (value: string, label: string) => ({ value, label })
  const choices = dueTypes.map(({ code, name }) => option(code, name))
  const day = (id: string, label: string) =>
    fieldView({ id, label, type: 'date', maxLength: 10 }, typed, problems)
  return {
    fields: [
      fieldView(
        {
          id: 'tracciato',
          label: t('operator.exports.paid.format'),
          options: EXPORT_FORMATS.map((format) => option(format, format.replace('_', '.'))),
        },
        typed,
        problems,
      ),
      day('dal', t('operator.exports.paid.from')),
      day('al', t('operator.exports.paid.to')),
      fieldView(
        {
          id: 'tipo',
          label: t('operator.exports.paid.tipo'),
          required: false,
          blank: t('operator.all'),
          options: [...choices, option(SECONDARY_DUE_TYPE, t('operator.exports.paid.asSecondary'))],
        },
        typed,
        problems,
      ),
    ],
    expiredFields: [
      day('scadenza', t('operator.exports.expired.day')),
      fieldView(
        {
          id: 'tipo-scaduti',
          label: t('operator.exports.paid.tipo'),
          required: false,
          blank: t('operator.all'),
          options: choices,
        },
        typed,
        problems,
      ),
    ],
  }
}

/** The progress of a running export; null for any other. `percent` is null when the number of all rows is not known. */
function progressOf({ id, state, rowsTotal, rowsWritten }: Export) {
  if (state !== 'running') return null
  const rows = wholeNumber(rowsWritten)
  if (rowsTotal === null) return { id, text: t('operator.exports.progress.written', { rows }), percent: null }
  const percent = rowsTotal === 0 ? 100 : Math.min(99, Math.floor((rowsWritten / rowsTotal) * 100))
  const text = t('operator.exports.progress.writtenOf', { rows, total: wholeNumber(rowsTotal) })
  return { id, text, percent: String(percent) }
}

function whatText({ kind, format, fromOn, toOn, dueOn, dueTypes, asSecondary }: Export): string {
  if (kind === 'dues') return t('operator.exports.what.dues')
  const tipo = dueTypes.length === 1 ? dueTypes[0]! : null
  if (kind === 'expired') {
    const day = formatDay(dueOn!)
    return tipo === null
      ? t('operator.exports.what.expired', { day })
      : t('operator.exports.what.expiredOf', { day, tipo })
  }
  const period = { from: formatDay(fromOn!), to: formatDay(toOn!), format: format!.replace('_', '.') }
  if (asSecondary) return t('operator.exports.what.paidAsSecondary', period)
  return tipo === null
    ? t('operator.exports.what.paid', period)
    : t('operator.exports.what.paidOf', { ...period, tipo })
}

function stateText({ state, errorCode, skipped }: Export): string {
  const words = t(`operator.exports.state.${state}`)
  if (errorCode === 'TOO_MANY_ROWS')
    return t('operator.exports.tooMany', { state: words, most: wholeNumber(MOST_SHEET_ROWS) })
  if (state === 'failed') return t('operator.exports.failed', { state: words, code: errorCode })
  return skipped > 0 ? t('operator.exports.skipped', { state: words, rows: wholeNumber(skipped) }) : words
}

/** The id whose changes the page follows: the ente for administrators, who see all its exports, otherwise the operator. */
const followedBy = ({ enteId, operatorId, isAdmin }: EnteReader): string => (isAdmin ? enteId : operatorId)

/** Sends the server-sent event `changed` when an export that the page shows has changed. */
export function exportStream(deps: AppDeps): Router {
  const router = Router()
  router.get(`${PATH}/eventi`, ...operatorsOfEnte(deps), (_req, res) => {
    const id = followedBy(readerOf(res))
    const still = async (): Promise<boolean> => {
      const reader = await readerNow(deps, res)
      return reader !== undefined && followedBy(reader) === id
    }
    openStream(deps.live, id, res, { first: CHANGED, still })
  })
  return router
}
