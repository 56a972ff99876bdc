import type { Request, Response } from 'express'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { formDraftSchema } from '../../domain/form/definition.ts'
import { textOf } from '../../domain/form/check.ts'
import { unfitProblems } from '../../domain/form/edit/fit.ts'
import { placeText } from '../../domain/form/edit/place.ts'
import { definitionProblems } from '../../domain/form/soundness.ts'
import { t } from '../../templates/language.ts'
import { formProblemText } from '../../templates/pages/admin/form-words.ts'
import { isPlatform } from '../access/region.ts'
import { adminFrame } from '../access/region-menu.ts'
import type { AppConfig } from '../deps.ts'
import { statusOf, summaryView, type Problems } from '../form/field-view.ts'
import { applyAction } from '../form/form-view.ts'
import type { Typed } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { dueTypeCrumbs, dueTypeHref } from './due-type-row.ts'
import { RESTART, SAVE } from './form-actions.ts'
import { draftText, JSON_MARK, JSON_TEXT, OPEN, SEEN, type Draft } from './form-draft.ts'
import { editorView } from './form-editor-view.ts'
import { markOf, storedMark } from '../form/seen-form.ts'
import { previewOf } from './form-preview.ts'

/** What the page of the editor shows. */
export interface Shown {
  /** Absent when the text of the form cannot be read: then the page shows the text alone. */
  draft?: Draft
  text?: string
  typed?: Typed
  problems?: Problems
  news?: string
  /** True when the draft contains the stored form of now, whatever form the page was opened with. */
  isNow?: boolean
  status?: number
}

export const editorHref = (res: Response, row: ConfigRow): string => `${dueTypeHref(res, row)}/modulo`

export const editorFrame = (res: Response, row: ConfigRow) =>
  adminFrame(res, '/admin/enti', ...dueTypeCrumbs(res), {
    text: String(row['name']),
    href: dueTypeHref(res, row),
  })

interface Page {
  config: AppConfig
  row: ConfigRow
  shown: Shown
}

export function showEditor(req: Request, res: Response, { config, row, shown }: Page): void {
  const { draft, typed = {}, problems = {}, news = null, isNow = false, status } = shown
  const isWhole = isPlatform(res)
  const stored = formDraftSchema.safeParse(row['form']).data
  const all = { ...draft?.problems, ...problems }
  const text = draft ? draftText(draft.definition) : (shown.text ?? '')
  const unsound = draft ? definitionProblems(draft.definition) : []
  // What stands beside its input already is not said twice.
  const told = Object.values(all)
  const unsaid = draft
    ? unfitProblems(draft.definition).filter((problem) => !told.includes(formProblemText(problem)))
    : []
  const usable = draft && unsound.length === 0 ? draft.definition : undefined
  const seen = isNow ? '' : textOf(typed, SEEN)
  sendPage(
    res,
    'admin/form-editor',
    {
      title: t('formedit.title', { name: String(row['name']) }),
      ...editorFrame(res, row),
      ...summaryView(all),
      script: 'unsaved.js',
      isWhole,
      region: config.maintainer ?? config.helpDesk ?? null,
      action: editorHref(res, row),
      back: dueTypeHref(res, row),
      news: draft?.isJson ? t('formedit.jsonWins') : news,
      isUnsaved: draft !== undefined && (stored === undefined || text !== draftText(stored)),
      restart: RESTART,
      json: { name: JSON_TEXT, text, error: all[JSON_TEXT] ?? null },
      mark: { name: JSON_MARK, value: draft ? markOf(text) : '' },
      seen: { name: SEEN, value: seen || storedMark(row['form']) },
      opened: draft?.open ? { name: OPEN, value: placeText(draft.open) } : null,
      save: SAVE,
      editor: draft ? editorView({ ...draft, problems: all }, typed, { stored, isWhole }) : null,
      unsound: [...unsound, ...unsaid].map(formProblemText),
      ...previewOf(config, usable, usable ? applyAction(usable, typed).typed : typed),
      csrf: csrfOf(req),
    },
    status ?? statusOf(all),
  )
}
