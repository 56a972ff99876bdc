import type { Choices, PositionFilter } from '../../../db/citizen/area.ts'
import type { Texts } from '../../../templates/language.ts'
import { stateChoice } from '../../../templates/money.ts'
import type { FieldInput, Typed } from '../../form/field-view.ts'
import { day, oneOf, word, type Values } from '../../list/filters.ts'

/** The numbers of rows that a page may have; the first is the default. */
const PAGE_SIZES = ['25', '50', '100'] as const

/** The filters of the lists of the personal area, by their names in the address. */
export const AREA_FILTERS = {
  ente: word(80),
  tipo: word(64),
  dal: day,
  al: day,
  causale: word(140),
  righe: oneOf(PAGE_SIZES),
}

export const SPANS = [['dal', 'al']] as const

/** The fields that do not filter. */
export const SETTINGS = ['righe'] as const

export const USUAL = { righe: PAGE_SIZES[0] }

/** The number of rows in the address, or the default. */
export const sizeOf = ({ righe }: Typed): number =>
  Number(PAGE_SIZES.find((size) => size === righe) ?? PAGE_SIZES[0])

export const positionFilter = ({
  ente,
  tipo,
  dal,
  al,
  causale,
}: Values<typeof AREA_FILTERS>): PositionFilter => ({ ente, dueType: tipo, from: dal, to: al, causale })

/** The fields of the filter above a list. @param states the values of the filter by state; without any there is no such field */
export function areaFields(t: Texts, choices: Choices, states: readonly string[] = []): FieldInput[] {
  const field = (id: string, more: Partial<FieldInput>): FieldInput => ({
    id,
    label: t(`area.filter.${id}`),
    ...more,
  })
  return [
    field('ente', { options: choices.enti }),
    field('tipo', { options: choices.dueTypes }),
    ...(states.length === 0
      ? []
      : [field('stato', { options: states.map((value) => ({ value, label: stateChoice(t, value) })) })]),
    field('dal', { type: 'date', maxLength: 10 }),
    field('al', { type: 'date', maxLength: 10 }),
    field('causale', { maxLength: 140 }),
    field('righe', { options: PAGE_SIZES.map((size) => ({ value: size, label: size })) }),
  ]
}
