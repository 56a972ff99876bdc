import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { DueDetail } from '../../db/due/dues.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { textOf } from '../../domain/form/check.ts'
import { t } from '../../templates/language.ts'
import type { Typed } from '../form/read-request.ts'
import { FORM_HEADERS, labelOf } from './due-fields.ts'
import { shownValue, valuesOf } from './due-values.ts'

/**
 * A due as it was when its form was opened; the form carries it. `at` decides whether somebody has changed the due since, `values` are only
 * shown.
 */
export interface Seen {
  /** `changed_at` of the due. */
  at: string
  values: Record<string, string>
}

/** A value of more characters than this is carried as its digest, because a form has no room for long values twice. */
const MAX_CARRIED = 200
const DIGEST = 'sha256:'

export const seenOf = (due: DueDetail): Seen => ({
  at: due.changedAt,
  values: Object.fromEntries(carried(due)),
})

const Values = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string()))

/** Reads what the form carried. `values` is empty when somebody has tampered with it. */
export function seenIn(body: Typed): Seen {
  const at = typeof body['visto'] === 'string' ? body['visto'] : ''
  try {
    return { at, values: Values.parse(body['visti']) }
  } catch {
    return { at, values: {} }
  }
}

/**
 * The fields that others have changed since the form was opened, each with its value then and now, in the order of the form. The state
 * comes first when the due is no longer payable.
 */
export function changedSince(
  { values: before }: Seen,
  due: DueDetail,
): { label: string; before: string; now: string }[] {
  const changed = carried(due)
    .filter(([header, now]) => header in before && before[header] !== now)
    .map(([header, now]) => ({
      label: labelOf(header),
      before: shown(header, before[header]!),
      now: shown(header, now),
    }))
  const state = {
    label: t('dues.form.stale.state'),
    before: t('dues.state.payable'),
    now: t(`dues.state.${due.state}`),
  }
  return due.state === 'payable' ? changed : [state, ...changed]
}

function carried(due: DueDetail): [header: ColumnHeader, value: string][] {
  const values = valuesOf(due)
  return FORM_HEADERS.map((header) => [header, short(textOf(values, header))])
}

const short = (text: string): string =>
  text.length <= MAX_CARRIED ? text : DIGEST + createHash('sha256').update(text).digest('hex').slice(0, 16)

const shown = (header: ColumnHeader, value: string): string =>
  value.startsWith(DIGEST) ? t('dues.form.stale.longText') : shownValue(header, value)
