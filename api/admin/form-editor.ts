import { Router, type Request, type Response } from 'express'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { formDefinitionSchema, formDraftSchema } from '../../domain/form/definition.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { definitionProblems } from '../../domain/form/soundness.ts'
import { textOf } from '../../domain/form/check.ts'
import { saveConfiguration } from '../../db/ente/configuration.ts'
import { t } from '../../templates/language.ts'
import { formProblemText } from '../../templates/pages/admin/form-words.ts'
import type { AppDeps } from '../deps.ts'
import { statusOf, summaryView, type Problems } from '../form/field-view.ts'
import { applyAction } from '../form/form-view.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { sendPage } from '../page/page.ts'
import { authorOf, platformOnly } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import { askConfirm, isConfirmed, wantsToCorrect } from '../form/confirm.ts'
import { dueTypeCrumbs, dueTypeHref, mustFindDueType } from './due-type-row.ts'
import { actOn, SAVE } from './form-actions.ts'
import { draftText, JSON_MARK, JSON_TEXT, markOf, OPEN, readDraft, SEEN, type Draft } from './form-draft.ts'
import { askedAbout } from './form-question.ts'
import { editorView } from './form-editor-view.ts'
import { previewOf } from './form-preview.ts'
import { placeText } from '../../domain/form/edit/place.ts'

export const EDITOR_PATH = '/admin/enti/:codIpa/tipi/:code/modulo'

/**
 * The editor of the form of a type of due. The page carries the form as it is being written; each button sends all of it, and the
 * answer is the page with the change. Nothing is stored before the form is saved, so that citizens never meet half a form.
 */
export function formEditorPages({ db, config }: Pick<AppDeps, 'db' | 'config'>): Router {
  const router = Router()

  router.get(EDITOR_PATH, platformOnly, async (req, res) => {
    const row = await mustFindDueType(db, req, res)
    const stored = formDraftSchema.safeParse(row['form'])
    if (stored.success) return show(req, res, row, { draft: draftOf(stored.data) })
    // A form that no page can read is mended in its text.
    show(req, res, row, { text: JSON.stringify(row['form'], null, 1) })
  })

  router.post(EDITOR_PATH, platformOnly, async (req, res) => {
    const row = await mustFindDueType(db, req, res)
    const typed = typedIn(req)
    const read = readDraft(typed)
    if ('wrong' in read)
      return show(req, res, row, {
        typed,
        text: textOf(typed, JSON_TEXT),
        problems: { [JSON_TEXT]: read.wrong },
      })
    if (Object.keys(read.problems).length > 0) return show(req, res, row, { draft: read, typed })
    if (wantsToCorrect(typed)) return show(req, res, row, { draft: read })
    const wantsToSave = typed['azione'] === SAVE || 'conferma' in typed
    if (!wantsToSave) return show(req, res, row, { draft: actOn(read, typed), typed })
    await save(req, res, row, read)
  })

  /** Asks what would change, and saves it when the person has confirmed. */
  async function save(req: Request, res: Response, row: ConfigRow, draft: Draft): Promise<void> {
    const typed = typedIn(req)
    const sound = formDefinitionSchema.safeParse(draft.definition)
    if (!sound.success) return show(req, res, row, { draft, typed, problems: unsoundAt(draft.definition) })
    const stored = formDraftSchema.safeParse(row['form']).data
    if (draftText(sound.data) === (stored && draftText(stored)))
      return show(req, res, row, { draft, typed, news: t('formedit.nothing') })
    if (textOf(typed, SEEN) !== seenMark(row))
      return show(req, res, row, { draft, typed, news: t('formedit.meanwhile'), status: 409 })
    const asked = askedAbout(stored, sound.data, `${markOf(draftText(sound.data))} ${seenMark(row)}`)
    if (!isConfirmed(typed, asked))
      return askConfirm(req, res, {
        ...asked,
        title: t('formedit.confirm.title'),
        lead: String(row['name']),
        action: editorHref(res, row),
        typed: { [JSON_TEXT]: draftText(sound.data), [SEEN]: seenMark(row) },
        button: t('formedit.save'),
        frame: frameOf(res, row),
      })
    const saved = await saveConfiguration(db, {
      table: 'ente_due_type',
      id: row.id,
      values: { form: sound.data },
      seen: { form: row['form'] },
      by: authorOf(res, config),
    })
    if (saved !== 'saved') return show(req, res, row, { draft, news: t('formedit.meanwhile'), status: 409 })
    redirectDone(req, res, dueTypeHref(res, row), 'staff.done.formSaved')
  }

  function show(req: Request, res: Response, row: ConfigRow, shown: Shown): void {
    const { draft, typed = {}, problems = {}, news = null, status } = shown
    const all = { ...draft?.problems, ...problems }
    const text = draft ? draftText(draft.definition) : (shown.text ?? '')
    const unsound = draft ? definitionProblems(draft.definition).map(formProblemText) : []
    const usable = draft && unsound.length === 0 ? draft.definition : undefined
    const tried = usable ? applyAction(usable, typed).typed : typed
    sendPage(
      res,
      'admin/form-editor',
      {
        title: t('formedit.title', { name: String(row['name']) }),
        ...frameOf(res, row),
        ...summaryView(all),
        action: editorHref(res, row),
        back: dueTypeHref(res, row),
        news: draft?.isJson ? t('formedit.jsonWins') : news,
        json: { name: JSON_TEXT, text, error: all[JSON_TEXT] ?? null },
        mark: { name: JSON_MARK, value: draft ? markOf(text) : '' },
        seen: { name: SEEN, value: seenMark(row) },
        opened: draft?.open ? { name: OPEN, value: placeText(draft.open) } : null,
        save: SAVE,
        editor: draft ? editorView({ ...draft, problems: all }, typed) : null,
        unsound,
        ...previewOf(config, usable, tried),
        csrf: csrfOf(req),
      },
      status ?? statusOf(all),
    )
  }
  return router
}

interface Shown {
  /** Absent when the text of the form cannot be read: then the page shows the text alone. */
  draft?: Draft
  text?: string
  typed?: Typed
  problems?: Problems
  news?: string
  status?: number
}

const draftOf = (definition: FormDefinition): Draft => ({
  definition,
  open: undefined,
  problems: {},
  isJson: false,
})

const editorHref = (res: Response, row: ConfigRow): string => `${dueTypeHref(res, row)}/modulo`

const frameOf = (res: Response, row: ConfigRow) =>
  adminFrame(res, '/admin/enti', ...dueTypeCrumbs(res), {
    text: String(row['name']),
    href: dueTypeHref(res, row),
  })

const seenMark = (row: ConfigRow): string => markOf(JSON.stringify(row['form']))

/** The reasons why a form cannot be saved, each at the part of the page where it is mended. */
const unsoundAt = (definition: FormDefinition): Problems =>
  Object.fromEntries(
    definitionProblems(definition).map((problem, at) => [
      problem.code.startsWith('causale') ? 'm-causale' : `m-campi-${at}`,
      formProblemText(problem),
    ]),
  )
