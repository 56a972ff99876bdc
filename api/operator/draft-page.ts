import { readFile, stat } from 'node:fs/promises'
import type { Request, Response } from 'express'
import type { Draft } from '../../db/flow/draft.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { FLOW_FORMATS } from '../../domain/flow/columns.ts'
import { MAX_IUF } from '../../domain/flow/name.ts'
import type { SheetPreview } from '../../domain/flow/sheet/preview.ts'
import { draftFiles, type FileStore } from '../../services/file-store.ts'
import { stateChip } from '../../templates/chip.ts'
import { fileSize } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { fieldView, statusOf, summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { listHref } from './flow-list-view.ts'
import { previewView, sheetProblemText } from './preview-view.ts'

export const draftHref = (res: Response, id: string): string => `${listHref(res)}/bozze/${id}`

/** The file whose rejected rows a draft brings back. */
export interface CorrectedFile {
  href: string
  text: string
}

/**
 * Sends the page of a draft: the conversion while it goes on, then what is asked or is to be confirmed, or how it ended.
 * @param asked what was typed, or is proposed, and what is wrong with it
 */
export async function showDraft(
  files: FileStore,
  req: Request,
  res: Response,
  draft: Draft,
  asked: { typed: Typed; problems: Problems; corrects?: CorrectedFile | null },
): Promise<void> {
  const href = draftHref(res, draft.id)
  const isWaiting = draft.state === 'waiting'
  sendPage(
    res,
    'operator/draft',
    {
      title: t('sheet.title'),
      ...operatorFrame(theAccess(res), 'flussi'),
      ...summaryView(asked.problems),
      name: draft.fileName,
      state: stateChip('draft', draft.state, t(`sheet.state.${draft.state}`)),
      live: draft.state === 'converting' ? `${href}/eventi` : null,
      self: href,
      text: textOf(draft),
      corrects: asked.corrects ?? null,
      recognized:
        isWaiting && draft.kind === 'sheet' && /\.xlsx$/i.test(draft.fileName)
          ? t('sheet.text.recognized')
          : null,
      preview: isWaiting && draft.kind === 'sheet' ? await previewOf(files, draft.id) : null,
      ask: isWaiting ? askView(draft, asked, theAccess(res).codIpa) : null,
      take: `${href}/carica`,
      discard: draft.state === 'converting' || isWaiting ? `${href}/scarta` : null,
      files: isWaiting ? filesOf(draft, href) : null,
      back: listHref(res),
      csrf: csrfOf(req),
      script: 'flow.js',
    },
    // A page that is only opened is no refusal, even where it says that an IUF is taken.
    req.method === 'POST' ? statusOf(asked.problems) : 200,
  )
}

export const proposalsOf = ({ iuf, format }: Draft): { iuf: string; versione: string } => ({
  iuf: iuf ?? '',
  versione: format ?? '',
})

function textOf(draft: Draft): string {
  if (draft.state === 'refused') return sheetProblemText(draft.problem!)
  return t(`sheet.text.${draft.state === 'waiting' ? draft.kind : draft.state}`, {
    until: formatInstant(draft.expiresAt),
  })
}

/** The preview that the conversion has written. Only our worker writes these files. */
async function previewOf(files: FileStore, draftId: string) {
  const { preview, converted } = draftFiles(draftId)
  const [text, { size }] = await Promise.all([
    readFile(files.path(preview), 'utf8'),
    stat(files.path(converted)),
  ])
  return previewView(JSON.parse(text) as SheetPreview, { csvBytes: size })
}

/** A sheet has its version already, from its columns; a CSV may be of several. */
function askView(draft: Draft, { typed, problems }: { typed: Typed; problems: Problems }, codIpa: string) {
  const iuf = { id: 'iuf', label: t('sheet.ask.iuf'), help: t('sheet.ask.iufHelp'), maxLength: MAX_IUF }
  const version = {
    id: 'versione',
    label: t('sheet.ask.version'),
    help: t('sheet.ask.versionHelp'),
    options: FLOW_FORMATS.map((format) => ({ value: format, label: format.replace('_', '.') })),
  }
  return {
    fields: (draft.kind === 'csv' ? [iuf, version] : [iuf]).map((field) => fieldView(field, typed, problems)),
    version: draft.kind === 'sheet' ? draft.format!.replace('_', '.') : null,
    codIpa,
    wantsCheck: draft.wantsCheck,
  }
}

const filesOf = (draft: Draft, href: string) => [
  {
    href: `${href}/file/originale`,
    text: t('sheet.file.original', { name: draft.fileName, size: fileSize(draft.bytes) }),
  },
  ...(draft.kind === 'sheet' ? [{ href: `${href}/file/convertito`, text: t('sheet.file.converted') }] : []),
]
