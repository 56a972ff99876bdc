import type { Knex } from 'knex'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { formDefinitionSchema, formDraftSchema } from '../../domain/form/definition.ts'
import { unfitProblems } from '../../domain/form/edit/fit.ts'
import { mergeForms } from '../../domain/form/edit/merge.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { definitionProblems } from '../../domain/form/soundness.ts'
import { t } from '../../templates/language.ts'
import { formProblemText } from '../../templates/pages/admin/form-words.ts'
import type { Asked } from '../form/confirm.ts'
import type { Problems } from '../form/field-view.ts'
import { draftText, type Draft } from './form-draft.ts'
import type { Shown } from './form-editor-page.ts'
import { formSeen, markOf, storedMark } from '../form/seen-form.ts'
import type { Meanwhile } from './form-meanwhile.ts'
import { askedAbout } from './form-question.ts'

/** Whether a form can be saved: the question to ask, or the page that says why not. */
export type Judged = { kind: 'ask'; asked: Asked; form: FormDefinition } | { kind: 'again'; shown: Shown }

const again = (shown: Shown): Judged => ({ kind: 'again', shown })

/**
 * Looks at a form that somebody wants to save. When another administrator has saved the type since the page was opened, only what this one
 * changed is put into the form of now.
 * @param seen the mark of the form that the page was opened with
 */
export async function judge(db: Knex, row: ConfigRow, draft: Draft, seen: string): Promise<Judged> {
  const stored = formDraftSchema.safeParse(row['form']).data
  const isOld = seen !== storedMark(row['form'])
  const base = isOld ? await formSeen(db, row.id, seen) : undefined
  if (isOld && (!base || !stored))
    return again({ draft, news: t('formedit.meanwhile'), isNow: true, status: 409 })
  const mine = draft.definition
  const meanwhile = base && stored && { base, mine, theirs: stored }
  return judgeForm(row, draft, { stored, meanwhile })
}

interface Around {
  stored: FormDefinition | undefined
  meanwhile: Meanwhile | undefined
}

function judgeForm(row: ConfigRow, draft: Draft, { stored, meanwhile }: Around): Judged {
  const definition = meanwhile
    ? mergeForms(meanwhile.base, meanwhile.mine, meanwhile.theirs)
    : draft.definition
  const merged = { ...draft, definition }
  const sound = formDefinitionSchema.safeParse(definition)
  if (!sound.success) return again({ draft: merged, problems: unsoundAt(definition), isNow: true })
  const unfit = unfitAt(sound.data)
  if (Object.keys(unfit).length > 0) return again({ draft: merged, problems: unfit, isNow: true })
  const text = draftText(sound.data)
  if (stored && text === draftText(stored))
    return again({ draft: merged, news: t('formedit.nothing'), isNow: true })
  const confirms = `${markOf(text)} ${storedMark(row['form'])}`
  const asked = askedAbout({ before: stored, after: sound.data, meanwhile, confirms })
  return { kind: 'ask', asked, form: sound.data }
}

/** The reasons why a form cannot be saved, each at the part of the page where it is mended. */
const unsoundAt = (definition: FormDefinition): Problems =>
  Object.fromEntries(
    definitionProblems(definition).map((problem, at) => [
      problem.code.startsWith('causale') ? 'm-causale' : `m-campi-${at}`,
      formProblemText(problem),
    ]),
  )

const unfitAt = (definition: FormDefinition): Problems =>
  Object.fromEntries(
    unfitProblems(definition).map((problem) => [
      problem.price === undefined ? `m-campo-${problem.place}` : `m-prezzo.${problem.price}`,
      formProblemText(problem),
    ]),
  )
