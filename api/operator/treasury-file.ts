import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { treasuryFile, type TreasuryFile } from '../../db/treasury/file.ts'
import { faultsOf } from '../../db/treasury/movements.ts'
import { AppError } from '../../domain/errors.ts'
import { CSV_FIELDS } from '../../domain/wire/treasury/csv-columns.ts'
import { AMOUNT_FORMS, DAY_FORMS } from '../../domain/wire/treasury/csv-forms.ts'
import { treasuryFiles } from '../../services/file-store.ts'
import { nameColumns } from '../../services/treasury/columns.ts'
import { withdrawStatement } from '../../services/treasury/withdraw.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { treasurySummary } from '../../templates/process-words.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { reconcilersOnly } from '../access/region.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { sendStored } from '../documents/download.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import { fieldView, statusOf, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { mustRead, trimmedText, typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { fileFacts, faultRow, problemText } from './treasury-file-view.ts'
import { creditsHref, fileChip, SECTION, treasuryHref } from './treasury-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/file/:treasuryFileId`
const SHOWN_FAULTS = 200

/** One statement of the bank: what was read of it, what was not and why, its columns, and its withdrawal. */
export function treasuryFilePages({
  db,
  files,
  processes,
}: Pick<AppDeps, 'db' | 'files' | 'processes'>): Router {
  const router = Router()

  router.get(PATH, async (req, res) => show(req, res, await mustFind(req, res)))

  router.get(`${PATH}/originale`, async (req, res) => {
    const file = await mustFind(req, res)
    if (file.state === 'refused') throw new AppError('NOT_FOUND')
    const stored = { path: files.path(treasuryFiles(file.id).original), name: file.fileName }
    await sendStored(res, stored, {
      trace: () =>
        traceAtEnte(db, res, {
          what: 'file',
          of: { entity: 'treasury_file', id: file.id },
          detail: 'originale',
        }),
    })
  })

  router.post(`${PATH}/colonne`, reconcilersOnly, async (req, res) => {
    const file = await mustFind(req, res)
    const names = [...CSV_FIELDS, ...FORMS.map(({ id }) => id)]
    const typed = Object.fromEntries(names.map((name) => [name, trimmedText(typedIn(req), name)]))
    const named = await nameColumns(db, file, typed, theOperator(res))
    if (named.kind === 'over') return res.redirect(303, hrefOf(res, file))
    if (named.kind === 'wrong')
      return show(req, res, file, typed, {
        [fieldIdOf(file, named.field)]: t(`treasury.columns.problem.${named.why}`),
      })
    await wake(req, res, file.id)
    redirectDone(req, res, hrefOf(res, file), 'treasury.done.columns')
  })

  router.post(`${PATH}/ritira`, reconcilersOnly, async (req, res) => {
    const file = await mustFind(req, res)
    if (!MAY_WITHDRAW.has(file.state)) return res.redirect(303, hrefOf(res, file))
    const href = hrefOf(res, file)
    if (!isConfirmed(typedIn(req), { confirms: file.id }))
      return askConfirm(req, res, {
        page: 'operator/treasury-withdraw',
        title: t('treasury.withdraw.title'),
        frame: operatorFrame(theAccess(res), SECTION, { href, text: file.fileName }),
        lead: file.fileName,
        facts: [{ name: t('treasury.file.fact.movements'), text: wholeNumber(file.movements) }],
        effects: [t('treasury.withdraw.effect'), t('treasury.withdraw.back')],
        confirms: file.id,
        action: `${href}/ritira`,
        button: t('treasury.withdraw.confirm'),
        isDanger: true,
        back: { href, text: t('treasury.withdraw.keep') },
      })
    await withdrawStatement(db, file, theOperator(res))
    await wake(req, res, file.id)
    redirectDone(req, res, href, 'treasury.done.withdrawn')
  })

  /** Reads the statement, or ties again what its withdrawal left. */
  async function wake(req: Request, res: Response, fileId: string): Promise<void> {
    const { enteId, enteName } = theAccess(res)
    const summary = treasurySummary(enteName)
    await hint(req.log, { fileId }, () => processes.wakeTreasury({ fileId, enteId, summary }))
  }

  async function mustFind(req: Request, res: Response): Promise<TreasuryFile> {
    const id = mustRead(z.uuid(), req.params['treasuryFileId'])
    const file = await treasuryFile(db, id)
    if (!file || file.enteId !== theAccess(res).enteId) throw new AppError('NOT_FOUND')
    return file
  }

  async function show(
    req: Request,
    res: Response,
    file: TreasuryFile,
    typed: Typed = {},
    problems: Problems = {},
  ): Promise<void> {
    const { mayReconcile } = theAccess(res)
    const faults = file.faults > 0 ? await faultsOf(db, file.id, SHOWN_FAULTS) : []
    const href = hrefOf(res, file)
    sendPage(
      res,
      'operator/treasury-file',
      {
        title: file.fileName,
        here: file.fileName,
        ...operatorFrame(theAccess(res), SECTION),
        csrf: csrfOf(req),
        self: href,
        state: fileChip(file),
        note: t(`treasury.file.note.${file.state}`),
        problem: file.problem === null || file.state === 'asking' ? null : problemText(file.problem),
        facts: fileFacts(file),
        original: file.state === 'refused' ? null : `${href}/originale`,
        columns: file.state === 'asking' && mayReconcile ? columnsView(file, typed, problems) : null,
        columnsHref: `${href}/colonne`,
        faults: faults.length === 0 ? null : faults.map(faultRow),
        faultsNote:
          file.faults > faults.length
            ? t('treasury.file.faultsFirst', {
                shown: wholeNumber(faults.length),
                count: wholeNumber(file.faults),
              })
            : null,
        withdrawHref: mayReconcile && MAY_WITHDRAW.has(file.state) ? `${href}/ritira` : null,
        isReading: file.state === 'reading',
        creditsHref: file.state === 'loaded' ? creditsHref(res) : null,
        ...summaryView(problems),
      },
      statusOf(problems),
    )
  }

  return router
}

const MAY_WITHDRAW: ReadonlySet<string> = new Set(['loaded', 'asking'])

const hrefOf = (res: Response, { id }: TreasuryFile): string => `${treasuryHref(res)}/file/${id}`

/** How the columns of a CSV may be written. */
const FORMS = [
  { id: 'forma-amount', name: 'amount', forms: AMOUNT_FORMS },
  { id: 'forma-bookedOn', name: 'bookedOn', forms: DAY_FORMS },
  { id: 'forma-valueOn', name: 'valueOn', forms: DAY_FORMS },
] as const

const asks = ({ problem }: TreasuryFile) => (problem?.kind === 'columns' ? problem : undefined)

/** The field of the page for what is wrong: the column of a field, or how it is written. */
const fieldIdOf = (file: TreasuryFile, field: string): string =>
  asks(file)?.asked.includes('columns') ? field : `forma-${field}`

/** One choice for each thing that is asked: a column among the names of the first line, or a form. */
function columnsView(file: TreasuryFile, typed: Typed, problems: Problems) {
  const { header = [], asked = [], examples = [] } = asks(file) ?? {}
  const example = (at: number): string =>
    examples.map((row) => row[at] ?? '').find((text) => text !== '') ?? ''
  const options = header.map((name, at) => ({
    value: String(at),
    label: t('treasury.columns.option', { number: at + 1, name, example: example(at).slice(0, 40) }),
  }))
  const columns = asked.includes('columns')
    ? CSV_FIELDS.map((field) => ({ id: field, label: t(`treasury.columns.${field}`), options }))
    : []
  const forms = FORMS.filter(({ name }) => asked.includes(name)).map(({ id, name, forms: all }) => ({
    id,
    label: t(`treasury.columns.form.${name}`),
    options: all.map((value) => ({ value, label: t(`treasury.columns.form.${value}`) })),
  }))
  return [...columns, ...forms].map((field) => fieldView({ ...field, required: true }, typed, problems))
}
