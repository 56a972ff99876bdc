import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { DueDetail } from '../../db/due/dues.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { t } from '../../templates/language.ts'
import type { Typed } from '../form/field-view.ts'
import { FORM_HEADERS, labelOf, shownValue, typedOf } from './due-form-view.ts'

/** A due as somebody saw it who then changes it: the form carries it, and only shows it again. */
export interface Seen {
  /** `changed_at` of the due. */
  at: string
  values: Record<string, string>
}

export const NOTHING_SEEN: Seen = { at: '', values: {} }

/** More than this is carried as its digest: a form has room for what it says once, not twice. */
const MAX_CARRIED = 200
const DIGEST = 'sha256:'

export const seenOf = (due: DueDetail): Seen => ({ at: due.changedAt, values: carried(due) })

const Values = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.record(z.string(), z.string()))

/** What a form sent back; of one that was tampered with, nothing. */
export function seenIn(body: Typed): Seen {
  const at = typeof body['visto'] === 'string' ? body['visto'] : ''
  try {
    return { at, values: Values.parse(body['visti']) }
  } catch {
    return { at, values: {} }
  }
}

/** What others changed meanwhile: before and now, in the order of the form. */
export function changedSince(
  { values: before }: Seen,
  due: DueDetail,
): { label: string; before: string; now: string }[] {
  const now = carried(due)
  const fields = Object.keys(now).filter((header) => header in before && before[header] !== now[header])
  const changed = (fields as ColumnHeader[]).map((header) => ({
    label: labelOf(header),
    before: shown(header, before[header]!),
    now: shown(header, now[header]!),
  }))
  const state = {
    label: t('dues.form.stale.state'),
    before: t('dues.state.payable'),
    now: t(`dues.state.${due.state}`),
  }
  return due.state === 'payable' ? changed : [state, ...changed]
}

function carried(due: DueDetail): Record<string, string> {
  const fields = Object.entries(typedOf(due)).filter(([header]) =>
    FORM_HEADERS.includes(header as ColumnHeader),
  )
  return Object.fromEntries(fields.map(([header, value]) => [header, short(String(value))]))
}

const short = (text: string): string =>
  text.length <= MAX_CARRIED ? text : DIGEST + createHash('sha256').update(text).digest('hex').slice(0, 16)

const shown = (header: ColumnHeader, value: string): string =>
  value.startsWith(DIGEST) ? t('dues.form.stale.longText') : shownValue(header, value)
