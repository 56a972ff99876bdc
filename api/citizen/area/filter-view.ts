import type { Choices } from '../../../db/citizen/area.ts'
import type { Texts } from '../../../templates/language.ts'
import { stateChoice } from '../../../templates/money.ts'
import { fieldView, type FieldInput, type FieldView } from '../../form/field-view.ts'
import { PAGE_SIZES } from '../../list/query.ts'

/** The fields above a list, with what was asked. */
export function filterFields(
  t: Texts,
  asked: Readonly<Record<string, unknown>>,
  choices: Choices,
  states: readonly string[] = [],
): FieldView[] {
  const field = (
    id: string,
    more: Pick<Partial<FieldInput>, 'options' | 'type' | 'maxLength'> = {},
  ): FieldView => fieldView({ id, label: t(`area.filter.${id}`), required: false, ...more }, asked, {})
  const select = (id: string, options: { value: string; label: string }[]): FieldView =>
    field(id, { options })
  return [
    select('ente', choices.enti),
    select('tipo', choices.dueTypes),
    ...(states.length === 0
      ? []
      : [
          select(
            'stato',
            states.map((value) => ({ value, label: stateChoice(t, value) })),
          ),
        ]),
    field('dal', { type: 'date', maxLength: 10 }),
    field('al', { type: 'date', maxLength: 10 }),
    field('causale', { maxLength: 140 }),
    select(
      'righe',
      PAGE_SIZES.map((size) => ({ value: String(size), label: String(size) })),
    ),
  ]
}
