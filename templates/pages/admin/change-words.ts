import { formatInstant } from '../../../domain/calendar.ts'
import { formDraftSchema } from '../../../domain/form/definition.ts'
import { actorText } from '../../format.ts'
import { t, tOr } from '../../language.ts'
import { formChangeRows } from './form-words.ts'

export interface ChangedColumn {
  column: string
  from: unknown
  to: unknown
}

/** What an event of configuration tells. */
export interface ConfigChange {
  entity: string
  changes?: readonly ChangedColumn[] | undefined
  what?: string | undefined
}

export interface ChangeRow {
  field: string
  from: string
  to: string
}

/** An event in one line: what was done, until when and for whom, then each field from and to. */
export function changeText(
  { entity, changes, what }: ConfigChange,
  { until, askedBy, askedByName }: Readonly<Record<string, unknown>>,
): string {
  const asked = actorText({ by: askedByName, byId: askedBy })
  const head = [
    ...(what === undefined ? [] : [whatWords(what)]),
    ...(typeof until === 'string' ? [t('config.register.from', { at: formatInstant(until) })] : []),
    ...(asked === null ? [] : [t('config.register.askedBy', { by: asked })]),
  ]
  const fields = changeRows({ entity, changes }).map(({ field, from, to }) => `${field}: ${from} → ${to}`)
  return [head.join(', '), fields.join('; ')].filter((part) => part !== '').join(': ')
}

/** A change that is no column: it is told by the words of its event, a move by the name of the new state. */
function whatWords(what: string): string {
  const state = /^state (.+)$/.exec(what)?.[1]
  return state === undefined ? tOr(`config.change.${what}`, what) : tOr(`admin.state.${state}`, what)
}

const NOTHING = '–'
const MAX_SHOWN = 80
/** Never written where it can be read; what a column of this name holds is nobody's business. */
const SECRET = /password|secret|token|key/

/** Field, old and new, for the register and for the mail to the maintainer. */
export function changeRows({ entity, changes = [], what }: ConfigChange): ChangeRow[] {
  const rows = changes.flatMap((change) => formRows(change) ?? [columnRow(entity, change)])
  return what === undefined
    ? rows
    : [...rows, { field: t('config.register.action'), from: NOTHING, to: whatWords(what) }]
}

function columnRow(entity: string, { column, from, to }: ChangedColumn): ChangeRow {
  const show = SECRET.test(column)
    ? () => t('config.register.secret')
    : (value: unknown) => (column === 'grant_role' ? roleWord(value) : shown(value))
  return { field: tOr(`config.column.${entity}.${column}`, column), from: show(from), to: show(to) }
}

const roleWord = (value: unknown): string => tOr(`admin.role.${String(value)}`, String(value))

/** A form of citizens is told by its differences, because all of its text says little. Undefined for what is no change of a form. */
function formRows({ column, from, to }: ChangedColumn): ChangeRow[] | undefined {
  if (column !== 'form') return undefined
  const [before, after] = [formDraftSchema.safeParse(from), formDraftSchema.safeParse(to)]
  if (!before.success || !after.success) return undefined
  const rows = formChangeRows(before.data, after.data)
  return rows.length > 0 ? rows : undefined
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return NOTHING
  if (typeof value === 'boolean') return t(`config.option.${value}`)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
