import { Router, type Request, type Response } from 'express'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { formDraftSchema } from '../../domain/form/definition.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { textOf } from '../../domain/form/check.ts'
import { saveConfiguration } from '../../db/ente/configuration.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import { redirectDone } from '../page/flash.ts'
import { authorOf, enteAdminsOnly, isPlatform } from '../access/region.ts'
import { askConfirm, isConfirmed, wantsToCorrect } from '../form/confirm.ts'
import { draftOf, forgetDraft, keepDraft, takeKept } from '../form/kept.ts'
import { dueTypeHref, mustFindDueType } from './due-type-row.ts'
import { actOn, RESTART, SAVE } from './form-actions.ts'
import { draftText, JSON_TEXT, readDraft, SEEN, type Draft } from './form-draft.ts'
import { editorFrame, editorHref, showEditor, type Shown } from './form-editor-page.ts'
import { judge, type Judged } from './form-judge.ts'
import { onlyPrices } from './form-prices.ts'
import { storedMark } from '../form/seen-form.ts'

export const EDITOR_PATH = '/admin/enti/:codIpa/tipi/:code/modulo'

/**
 * The editor of the form of a type of due. An administrator of the region changes all of it, one of the ente its prices. Each button sends
 * all of the form; the session keeps it, and the page draws it anew, so that Back, a reload and leaving the page lose nothing. Nothing is
 * stored in the type before the form is saved, so that citizens never meet half a form.
 */
export function formEditorPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(EDITOR_PATH, enteAdminsOnly, async (req, res) => {
    const row = await mustFindDueType(db, req, res)
    const kept = takeKept(req, res)
    if (kept) keepDraft(req, kept)
    const typed = kept ?? draftOf(req)
    if (typed) return answer(req, res, row, QUESTION in req.query ? typed : unasked(typed))
    showNow(req, res, row)
  })

  router.post(EDITOR_PATH, enteAdminsOnly, async (req, res) => {
    const row = await mustFindDueType(db, req, res)
    const typed = typedIn(req)
    if (typed['azione'] === RESTART) forgetDraft(req)
    else if (wantsToCorrect(typed)) keepDraft(req, { ...(draftOf(req) ?? typed), azione: '' })
    else if ('conferma' in typed && (await save(req, res, row, typed))) return
    else keepDraft(req, 'conferma' in typed ? { ...typed, azione: SAVE } : typed)
    const isAsked = draftOf(req)?.['azione'] === SAVE
    res.redirect(303, editorHref(res, row) + (isAsked ? `?${QUESTION}` : ''))
  })

  /** The page for what was typed: the form with the change of a button, or the question before it is saved. */
  async function answer(req: Request, res: Response, row: ConfigRow, typed: Typed): Promise<void> {
    const read = await readTyped(res, row, typed)
    if ('wrong' in read)
      return isPlatform(res) ? showText(req, res, row, typed, read.wrong) : showNow(req, res, row, read.wrong)
    if (Object.keys(read.problems).length > 0) return show(req, res, row, { draft: read, typed })
    if (typed['azione'] !== SAVE)
      return show(req, res, row, { draft: isPlatform(res) ? actOn(read, typed) : read, typed })
    const judged = await judge(db, row, read, textOf(typed, SEEN))
    if (judged.kind === 'again') return show(req, res, row, { typed, ...judged.shown })
    askConfirm(req, res, {
      ...judged.asked,
      title: t('formedit.confirm.title'),
      lead: String(row['name']),
      action: editorHref(res, row),
      typed: { [JSON_TEXT]: draftText(judged.form), [SEEN]: storedMark(row['form']) },
      button: t('formedit.save'),
      frame: editorFrame(res, row),
    })
  }

  /** Saves the form when the person has confirmed this very change. @returns false when it must be asked anew; nothing is saved then */
  async function save(req: Request, res: Response, row: ConfigRow, typed: Typed): Promise<boolean> {
    const read = await readTyped(res, row, typed)
    if ('wrong' in read || Object.keys(read.problems).length > 0) return false
    const judged: Judged = await judge(db, row, read, textOf(typed, SEEN))
    if (judged.kind !== 'ask' || !isConfirmed(typed, judged.asked)) return false
    const saved = await saveConfiguration(db, {
      table: 'ente_due_type',
      id: row.id,
      values: { form: judged.form },
      seen: { form: row['form'] },
      by: authorOf(res, config),
    })
    if (saved !== 'saved') return false
    forgetDraft(req)
    redirectDone(req, res, dueTypeHref(res, row), 'staff.done.formSaved')
    return true
  }

  /** The stored form. One that no page can read is mended in its text. */
  function showNow(req: Request, res: Response, row: ConfigRow, news?: string): void {
    const { success, data } = formDraftSchema.safeParse(row['form'])
    const said = news === undefined ? {} : { news, status: 409 }
    if (success) return show(req, res, row, { draft: draftFrom(data), ...said })
    show(req, res, row, { text: JSON.stringify(row['form'], null, 1), ...said })
  }

  const showText = (req: Request, res: Response, row: ConfigRow, typed: Typed, wrong: string): void =>
    show(req, res, row, { typed, text: textOf(typed, JSON_TEXT), problems: { [JSON_TEXT]: wrong } })

  async function readTyped(res: Response, row: ConfigRow, typed: Typed): Promise<Draft | { wrong: string }> {
    const read = readDraft(typed)
    return isPlatform(res) || 'wrong' in read ? read : onlyPrices(db, row, read, textOf(typed, SEEN))
  }

  const show = (req: Request, res: Response, row: ConfigRow, shown: Shown): void =>
    showEditor(req, res, { config, row, shown })
  return router
}

/** The address of the question before a save is the editor's with this, so that a link to the editor never opens the question. */
const QUESTION = 'salva'

const unasked = (typed: Typed): Typed => (typed['azione'] === SAVE ? { ...typed, azione: '' } : typed)

const draftFrom = (definition: FormDefinition): Draft => ({
  definition,
  open: undefined,
  problems: {},
  isJson: false,
})
