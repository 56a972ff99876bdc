import type { DueDetail } from '../../db/due/dues.ts'
import type { FormDueType } from '../../db/due/form-type.ts'
import { FLOW_COLUMNS, type ColumnHeader } from '../../domain/flow/columns.ts'
import { t } from '../../templates/language.ts'
import type { FieldInput, Option } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'

/** In the field of the kind of payer: a person without a fiscal code. */
export const NO_CODE = 'senza-codice'

const PERSON: Option = { value: 'F', label: t('dues.form.kind.person') }
const ORGANISATION: Option = { value: 'G', label: t('dues.form.kind.organisation') }
const NOBODY: Option = { value: NO_CODE, label: t('dues.form.kind.withoutCode') }

const WAYS = ['ALL', 'BBT', 'BP', 'AD', 'CP', 'PO', 'OBEP']

interface FieldRule {
  required?: boolean
  type?: 'text' | 'date' | 'email'
  options?: readonly Option[]
  /** The text of the empty option. */
  blank?: string
  help?: string
  /** True for a field that is shown and cannot be typed when a due is changed. */
  isFixed?: boolean
}

const needed = { required: true }

/** How each field of a due looks. The bilancio is a table of its own. */
const FIELDS = {
  tipoDovuto: needed,
  importoDovuto: { ...needed, help: t('dues.form.help.importo') },
  causaleVersamento: { ...needed, help: t('dues.form.help.causale') },
  dataEsecuzionePagamento: { type: 'date' },
  codiceIdentificativoUnivoco: { ...needed, help: t('dues.form.help.code') },
  anagraficaPagatore: needed,
  tipoIdentificativoUnivoco: { options: [PERSON, ORGANISATION], blank: t('dues.form.kind.byCode') },
  mailPagatore: { type: 'email' },
  indirizzoPagatore: {},
  civicoPagatore: {},
  capPagatore: {},
  localitaPagatore: {},
  provinciaPagatore: { help: t('dues.form.help.provincia') },
  nazionePagatore: { help: t('dues.form.help.nazione') },
  flagMultiBeneficiario: {
    options: [
      { value: 'false', label: t('dues.form.second.no') },
      { value: 'true', label: t('dues.form.second.yes') },
    ],
  },
  codiceFiscaleEnteSecondario: {},
  denominazioneEnteSecondario: {},
  ibanAccreditoEnteSecondario: {},
  datiSpecificiRiscossioneEnteSecondario: { help: t('dues.form.help.secondaryDati') },
  causaleVersamentoEnteSecondario: {},
  importoVersamentoEnteSecondario: { help: t('dues.form.help.secondaryImporto') },
  datiSpecificiRiscossione: { ...needed, help: t('dues.form.help.datiSpecifici') },
  tipoVersamento: { blank: t('dues.form.ways.ALL') },
  IUD: { isFixed: true, help: t('dues.form.help.iud') },
  flgGeneraIuv: {
    isFixed: true,
    options: [
      { value: 'true', label: t('dues.form.number.onSave') },
      { value: 'false', label: t('dues.form.number.none') },
    ],
  },
  codIuv: { isFixed: true, help: t('dues.form.help.codIuv') },
} as const satisfies Partial<Record<ColumnHeader, FieldRule>>

export type DueField = keyof typeof FIELDS

export const CONTACTS = [
  'mailPagatore',
  'indirizzoPagatore',
  'civicoPagatore',
  'capPagatore',
  'localitaPagatore',
  'provinciaPagatore',
  'nazionePagatore',
] as const satisfies DueField[]

export const SECONDARY = [
  'flagMultiBeneficiario',
  'codiceFiscaleEnteSecondario',
  'denominazioneEnteSecondario',
  'ibanAccreditoEnteSecondario',
  'datiSpecificiRiscossioneEnteSecondario',
  'causaleVersamentoEnteSecondario',
  'importoVersamentoEnteSecondario',
] as const satisfies DueField[]

export const NUMBERS = [
  'datiSpecificiRiscossione',
  'tipoVersamento',
  'IUD',
  'flgGeneraIuv',
  'codIuv',
] as const satisfies DueField[]

/** The columns that have a field in the form, in the order of the form. */
export const FORM_HEADERS: readonly ColumnHeader[] = [...(Object.keys(FIELDS) as DueField[]), 'bilancio']

export const labelOf = (header: ColumnHeader): string => t(`dues.label.${header}`)

const MAX = new Map(FLOW_COLUMNS['1_4'].map(({ header, max }) => [header, max]))

/** The most characters that a column takes. */
export const maxOf = (header: ColumnHeader): number => MAX.get(header)!

export interface Around {
  typed: Typed
  /** The due that is changed; undefined for a new one. */
  due: DueDetail | undefined
  /** The type of the due; undefined when it is no longer active. */
  type: FormDueType | undefined
}

/** A field before it is filled in. */
export function inputOf(header: DueField, { typed, due, type }: Around): FieldInput {
  const rule: FieldRule = FIELDS[header]
  return {
    id: header,
    label: labelOf(header),
    required: rule.required ?? (header === 'dataEsecuzionePagamento' && needsDay(type)),
    type: rule.type ?? 'text',
    maxLength: maxOf(header),
    help: rule.help ?? null,
    inputMode: header.startsWith('importo') ? 'decimal' : null,
    options: optionsOf(header, { typed, type }),
    blank: rule.blank ?? null,
    fixed: due && rule.isFixed ? fixedText(header, due) : null,
  }
}

/** True for a type whose dues have a due date: it is binding, or the notice prints it. */
export const needsDay = (type: FormDueType | undefined): boolean =>
  type !== undefined && (type.dueOnBinding || type.printDueOn)

function optionsOf(header: DueField, { typed, type }: Omit<Around, 'due'>): readonly Option[] | null {
  const text = trimmedText(typed, header)
  if (header === 'tipoVersamento')
    return [...new Set([...WAYS.slice(1), ...(text === '' || text === WAYS[0] ? [] : [text])])].map(
      (way) => ({
        value: way,
        label: WAYS.includes(way) ? t(`dues.form.ways.${way}`) : way,
      }),
    )
  if (header === 'tipoIdentificativoUnivoco' && (type?.anonymousPayer || text === NO_CODE))
    return [PERSON, ORGANISATION, NOBODY]
  return (FIELDS[header] as FieldRule).options ?? null
}

/** The text of a field that cannot be changed; null when the due has no IUV yet, because then it can still get one. */
function fixedText(header: DueField, due: DueDetail): string | null {
  if (header === 'IUD') return due.iud
  if (due.iuv === null) return null
  return header === 'codIuv' ? due.iuv : t('dues.form.number.given')
}

/** The label of the chosen option; the value itself where the field has no options. */
export const optionLabel = (header: ColumnHeader, value: string): string => {
  const rule: FieldRule | undefined = (FIELDS as Partial<Record<ColumnHeader, FieldRule>>)[header]
  const all = header === 'tipoIdentificativoUnivoco' ? [PERSON, ORGANISATION, NOBODY] : rule?.options
  return all?.find((option) => option.value === value)?.label ?? value
}
