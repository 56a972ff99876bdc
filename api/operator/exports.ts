import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { tipiOf } from '../../db/due/dues.ts'
import {
  bookExport,
  findReadableExport,
  listExports,
  type Export,
  type NewExport,
} from '../../db/export/export.ts'
import { exportFile } from '../../services/file-store.ts'
import type { EnteReader } from '../../db/ente/granted.ts'
import { addDays, formatDay, formatInstant, isCountableDay, romeDay } from '../../domain/calendar.ts'
import { EXPORT_FORMATS, SECONDARY_TIPO, type ExportFormat } from '../../domain/export/columns.ts'
import { AppError } from '../../domain/errors.ts'
import { fileSize, wholeNumber } from '../../templates/format.ts'
import { EXPORT_WORDS } from '../../templates/pages/operator/words.ts'
import { nextHref } from '../list/query.ts'
import { fieldView, summaryView, type FieldInput, type Problems, type Typed } from '../form/field-view.ts'
import { dayFilter } from '../list/day-filter.ts'
import { now, type AppDeps } from '../deps.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { sendStored } from '../documents/download.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { hint } from '../hint.ts'
import { sendPage } from '../page/page.ts'
import { traceAtEnte } from '../access/trace.ts'
import { operatorsOfEnte, readerNow, readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'

const PATH = '/operatore/:codIpa/esportazioni'
const PAGE = 25
/** A year and a day: more is asked for in parts. */
const MOST_DAYS = 366

const text = z.string().trim().max(100).catch('')
const Booking = z.object({ tracciato: text, dal: text, al: text, tipo: text })
const Filters = z.object({
  nome: text,
  'prenotata-dal': dayFilter,
  'prenotata-al': dayFilter,
  dopo: z.uuid().optional().catch(undefined),
})
const ExpiredBooking = z.object({ scadenza: text, 'tipo-scaduti': text })

/** Exports: booked, followed, downloaded. */
export function exportPages({ db, files, processes, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, (req, res) => show(req, res, usual()))

  router.post(PATH, async (req, res) => {
    const typed = Booking.parse(req.body ?? {})
    const tipi = await tipiOf(db, readerOf(res))
    const { problems, booking } = readBooking(typed, tipi)
    if (!booking) return show(req, res, { ...usual(), ...typed }, problems)
    await book(req, res, { ...ownerOf(res), ...booking })
  })

  router.post(`${PATH}/scaduti`, async (req, res) => {
    const typed = ExpiredBooking.parse(req.body ?? {})
    const tipi = await tipiOf(db, readerOf(res))
    const tipo = typed['tipo-scaduti']
    const problems = {
      ...(isCountableDay(typed.scadenza) ? {} : { scadenza: 'Scrivi una data valida.' }),
      ...(tipo === '' || tipi.some(({ code }) => code === tipo)
        ? {}
        : { 'tipo-scaduti': 'Scegli un tipo dovuto.' }),
    }
    if (Object.keys(problems).length > 0) return show(req, res, { ...usual(), ...typed }, problems)
    const codes = tipi.map(({ code }) => code).filter((code) => tipo === '' || code === tipo)
    await book(req, res, { ...ownerOf(res), kind: 'expired', dueOn: typed.scadenza, tipi: codes })
  })

  async function book(req: Request, res: Response, given: NewExport): Promise<void> {
    const exportId = await bookExport(db, given)
    await hint(req.log, { exportId }, () => processes.wakeExport({ exportId, enteId: given.enteId }))
    res.redirect(303, hrefOf(res))
  }

  const usual = (): Record<string, string> => {
    const today = romeDay(now(config))
    return { tracciato: '1_3', dal: addDays(today, -7), al: today, scadenza: addDays(today, -1) }
  }

  async function show(req: Request, res: Response, typed: Typed, problems: Problems = {}): Promise<void> {
    const access = theAccess(res)
    const query = Filters.parse(req.query)
    const [rows, tipi] = await Promise.all([
      listExports(
        db,
        readerOf(res),
        { name: query.nome, from: query['prenotata-dal'], to: query['prenotata-al'] },
        { after: query.dopo, limit: PAGE + 1 },
      ),
      tipiOf(db, readerOf(res)),
    ])
    const shown = rows.slice(0, PAGE)
    const isUnderWay = shown.some(({ state }) => state === 'queued' || state === 'running')
    sendPage(
      res,
      'operator/exports',
      {
        title: 'Esportazioni',
        ...operatorFrame(access, 'esportazioni'),
        ...summaryView(problems),
        ...bookingFields(typed, problems, tipi),
        ...filterFields(query),
        href: hrefOf(res),
        csrf: csrfOf(req),
        live: isUnderWay ? `${hrefOf(res)}/eventi` : null,
        rows: shown.map((row) => ({
          what: whatText(row),
          bookedAt: formatInstant(row.createdAt),
          operator: row.operatorName ?? 'Software dell’ente',
          state: stateText(row),
          rows: row.rows === null ? '–' : wholeNumber(row.rows),
          size: row.state === 'ready' && row.zipBytes !== null ? fileSize(row.zipBytes) : '–',
          progress: progressOf(row),
          file:
            row.state === 'ready' && row.baseName !== null
              ? { name: `${row.baseName}.zip`, href: `${hrefOf(res)}/${row.id}.zip` }
              : null,
        })),
        next: rows.length > PAGE ? nextHref(hrefOf(res), req.query, shown.at(-1)!.id) : null,
        script: isUnderWay ? 'flow.js' : null,
      },
      Object.keys(problems).length > 0 ? 422 : 200,
    )
  }

  router.get(`${PATH}/:exportId.zip`, async (req, res) => {
    const { data: id } = z.uuid().safeParse(req.params.exportId)
    const booked = id && (await findReadableExport(db, readerOf(res), id))
    if (!booked || booked.state !== 'ready') throw new AppError('NOT_FOUND')
    const of = { entity: 'export', id: booked.id } as const
    await traceAtEnte(db, res, { what: 'export', of })
    sendStored(res, files.path(exportFile(booked.id)), `${booked.baseName}.zip`)
  })
  return router
}

const hrefOf = (res: Response): string => `/operatore/${theAccess(res).codIpa}/esportazioni`
const ownerOf = (res: Response) => ({ enteId: theAccess(res).enteId, operatorId: theOperator(res).id })

type Tipi = readonly { code: string; name: string }[]
type PaidBooking = Pick<
  Extract<NewExport, { kind: 'paid' }>,
  'kind' | 'format' | 'withReceipt' | 'fromOn' | 'toOn' | 'tipi' | 'asSecondary'
>

function readBooking(
  { tracciato, dal, al, tipo }: z.output<typeof Booking>,
  tipi: Tipi,
): { problems: Problems; booking?: PaidBooking } {
  const problems: Record<string, string> = {}
  const format = EXPORT_FORMATS.find((one) => one === tracciato)
  if (!format) problems['tracciato'] = 'Scegli una versione del tracciato.'
  if (!isCountableDay(dal)) problems['dal'] = 'Scrivi una data valida.'
  if (!isCountableDay(al)) problems['al'] = 'Scrivi una data valida.'
  if (isCountableDay(dal) && isCountableDay(al)) {
    if (al < dal) problems['al'] = 'La data finale viene prima di quella iniziale.'
    else if (addDays(dal, MOST_DAYS) < al)
      problems['al'] = 'Al massimo un anno: dividi il periodo in più esportazioni.'
  }
  const asSecondary = tipo === SECONDARY_TIPO
  if (tipo !== '' && !asSecondary && !tipi.some(({ code }) => code === tipo))
    problems['tipo'] = 'Scegli un tipo dovuto.'
  if (Object.keys(problems).length > 0) return { problems }
  return { problems, booking: paidBooking(format!, { dal, al, tipo, asSecondary }) }
}

function paidBooking(
  format: ExportFormat,
  { dal, al, tipo, asSecondary }: { dal: string; al: string; tipo: string; asSecondary: boolean },
): PaidBooking {
  const tipi = tipo === '' || asSecondary ? [] : [tipo]
  return { kind: 'paid', format, withReceipt: format !== '1_0', fromOn: dal, toOn: al, tipi, asSecondary }
}

function bookingFields(typed: Typed, problems: Problems, tipi: Tipi) {
  const option = (value: string, label: string) => ({ value, label })
  const choices = tipi.map(({ code, name }) => option(code, name))
  const day = (id: string, label: string) =>
    fieldView({ id, label, type: 'date', maxLength: 10 }, typed, problems)
  return {
    fields: [
      fieldView(
        {
          id: 'tracciato',
          label: 'Versione del tracciato',
          options: EXPORT_FORMATS.map((format) => option(format, format.replace('_', '.'))),
        },
        typed,
        problems,
      ),
      day('dal', 'Pagati dal'),
      day('al', 'Pagati fino al'),
      fieldView(
        {
          id: 'tipo',
          label: 'Tipo dovuto',
          required: false,
          blank: 'Tutti',
          options: [...choices, option(SECONDARY_TIPO, 'Pagamento ente secondario')],
        },
        typed,
        problems,
      ),
    ],
    expiredFields: [
      day('scadenza', 'Scadevano il giorno'),
      fieldView(
        { id: 'tipo-scaduti', label: 'Tipo dovuto', required: false, blank: 'Tutti', options: choices },
        typed,
        problems,
      ),
    ],
  }
}

function filterFields(query: z.output<typeof Filters>) {
  const field = (id: string, label: string, more: Partial<FieldInput>) =>
    fieldView({ id, label, required: false, ...more }, query, {})
  return {
    isFiltered: query.nome !== '' || Boolean(query['prenotata-dal'] ?? query['prenotata-al']),
    filters: [
      field('nome', 'Nome del file', { maxLength: 100 }),
      field('prenotata-dal', 'Prenotata dal', { type: 'date', maxLength: 10 }),
      field('prenotata-al', 'Prenotata fino al', { type: 'date', maxLength: 10 }),
    ],
  }
}

/** Of one under way: how far it is, in parts of a hundred where the end is known. */
function progressOf({ id, state, rowsTotal, rowsWritten }: Export) {
  if (state !== 'running') return null
  const written = wholeNumber(rowsWritten)
  if (rowsTotal === null) return { id, text: `${written} righe scritte`, percent: null }
  const percent = rowsTotal === 0 ? 100 : Math.min(99, Math.floor((rowsWritten / rowsTotal) * 100))
  return { id, text: `${written} righe di ${wholeNumber(rowsTotal)}`, percent: String(percent) }
}

function whatText({ kind, format, fromOn, toOn, dueOn, tipi, asSecondary }: Export): string {
  const [tipo] = tipi
  const of = asSecondary ? ', come ente secondario' : tipi.length === 1 ? `, ${tipo}` : ''
  return kind === 'paid'
    ? `Pagati dal ${formatDay(fromOn!)} al ${formatDay(toOn!)}${of} (${format!.replace('_', '.')})`
    : `Scaduti il ${formatDay(dueOn!)}${of}`
}

function stateText({ state, errorCode, skipped }: Export): string {
  if (state === 'failed') return `${EXPORT_WORDS[state]}: ${errorCode}`
  const left = skipped > 0 ? `, ${wholeNumber(skipped)} senza IUV non scritti` : ''
  return EXPORT_WORDS[state] + left
}

/** Administrators hear of every export of their ente, others of their own. */
const followedBy = ({ enteId, operatorId, isAdmin }: EnteReader): string => (isAdmin ? enteId : operatorId)

/** Server-sent events: `changed` when an export that the page shows moves. */
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
