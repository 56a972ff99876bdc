import type { Request, Response } from 'express'
import { statusOf, summaryView, type FieldView, type Problems } from './field-view.ts'
import { hiddenInputs } from './hidden.ts'
import type { Typed } from './read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { sendPage } from '../page/page.ts'
import { t } from '../../templates/language.ts'

/** What a person is asked to confirm. */
export interface Asked {
  /** What changes, in pairs of a name and a text. */
  facts: readonly { name: string; text: string }[]
  /** What follows, and how to undo it or that it cannot be undone; a sentence each. */
  effects: readonly string[]
  /** What the answer confirms. It names the very change, so that an old page does not confirm another one. */
  confirms: string
}

interface Question extends Asked {
  /** Template of the page, whose name decides which answers of the manual stand on it. */
  page?:
    | 'admin/confirm'
    | 'operator/cancel-due'
    | 'operator/cancel-flow'
    | 'operator/past-day'
    | 'operator/send-notice'
    | 'operator/treasury-decide'
    | 'operator/treasury-withdraw'
  title: string
  /** What the change is about: an ente, a person, a due. */
  lead: string
  /** The address of the form that asks, which is sent again with the answer. */
  action: string
  /** The fields of that form, sent again as they were typed. */
  typed?: Typed
  button: string
  isDanger?: boolean
  /** What the person types before the answer counts, and what is wrong with it. */
  fields?: readonly FieldView[]
  problems?: Problems
  /** Where to go without the change; undefined: the form itself, with what was typed. */
  back?: { href: string; text: string }
  frame: object
}

/** Asks before something is changed that cannot easily be undone. A form that was not confirmed answers with it. */
export function askConfirm(req: Request, res: Response, question: Question): void {
  const {
    page = 'admin/confirm',
    title,
    lead,
    action,
    typed = {},
    button,
    isDanger = false,
    fields = [],
    problems = {},
    back,
    frame,
    facts,
    effects,
  } = question
  sendPage(
    res,
    page,
    {
      title,
      ...frame,
      lead,
      facts,
      effects,
      action,
      hidden: [...hiddenInputs(typed, OURS), { name: 'conferma', value: question.confirms }],
      fields,
      ...summaryView(problems),
      button,
      isDanger,
      back: back ?? null,
      again: back ? null : t('admin.confirm.again'),
      csrf: csrfOf(req),
    },
    statusOf(problems),
  )
}

/** True when the person has confirmed this very change. */
export const isConfirmed = (body: Typed, { confirms }: Pick<Asked, 'confirms'>): boolean =>
  body['conferma'] === confirms

/** True when the person wants to go on typing instead of confirming. */
export const wantsToCorrect = (body: Typed): boolean => body['azione'] === 'correggi'

const OURS = ['_csrf', 'conferma', 'azione']
