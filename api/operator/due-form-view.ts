import type { DueDetail } from '../../db/due/dues.ts'
import { formatDay } from '../../domain/calendar.ts'
import { FLOW_COLUMNS, type ColumnHeader } from '../../domain/flow/columns.ts'
import { cents, wireImporto } from '../../domain/money.ts'
import { t } from '../../templates/language.ts'
import { fieldView, summaryView, type FieldInput, type Problems, type Typed } from '../form/field-view.ts'

type Options = readonly { value: string; label: string }[]

const KINDS: Options = [
  { value: 'F', label: t('dues.form.kind.person') },
  { value: 'G', label: t('dues.form.kind.organisation') },
]
const NUMBERS: Options = [
  { value: 'true', label: t('dues.form.number.onSave') },
  { value: 'false', label: t('dues.form.number.none') },
]
const SECOND: Options = [
  { value: 'false', label: t('dues.form.second.no') },
  { value: 'true', label: t('dues.form.second.yes') },
]

interface FieldRule {
  header: ColumnHeader
  required?: boolean
  type?: 'text' | 'date' | 'email'
  options?: Options
  help?: string
  /** True for a field that is shown and cannot be typed when a due is changed. */
  isFixed?: boolean
}

const GROUPS: readonly { legend: string; rules: readonly FieldRule[] }[] = [
  {
    legend: t('dues.form.group.due'),
    rules: [
      { header: 'tipoDovuto', required: true, isFixed: true },
      { header: 'importoDovuto', required: true, help: t('dues.form.help.importo') },
      { header: 'causaleVersamento', required: true },
      { header: 'dataEsecuzionePagamento', type: 'date' },
      { header: 'datiSpecificiRiscossione', required: true, help: t('dues.form.help.datiSpecifici') },
      { header: 'bilancio' },
      { header: 'flgGeneraIuv', options: NUMBERS, isFixed: true },
      { header: 'codIuv', isFixed: true },
    ],
  },
  {
    legend: t('dues.form.group.debtor'),
    rules: [
      { header: 'tipoIdentificativoUnivoco', required: true, options: KINDS },
      { header: 'codiceIdentificativoUnivoco', required: true },
      { header: 'anagraficaPagatore', required: true },
      { header: 'mailPagatore', type: 'email' },
      { header: 'indirizzoPagatore' },
      { header: 'civicoPagatore' },
      { header: 'capPagatore' },
      { header: 'localitaPagatore' },
      { header: 'provinciaPagatore' },
      { header: 'nazionePagatore' },
    ],
  },
  {
    legend: t('dues.form.group.secondary'),
    rules: [
      { header: 'flagMultiBeneficiario', options: SECOND },
      { header: 'codiceFiscaleEnteSecondario' },
      { header: 'denominazioneEnteSecondario' },
      { header: 'ibanAccreditoEnteSecondario' },
      { header: 'datiSpecificiRiscossioneEnteSecondario' },
      { header: 'causaleVersamentoEnteSecondario' },
      {
        header: 'importoVersamentoEnteSecondario',
        help: t('dues.form.help.secondaryImporto'),
      },
    ],
  },
]

const OPTIONS = new Map(GROUPS.flatMap(({ rules }) => rules.map(({ header, options }) => [header, options])))

/** The columns that have a field in the form, in the order of the form. */
export const FORM_HEADERS: readonly ColumnHeader[] = [...OPTIONS.keys()]

export const labelOf = (header: ColumnHeader): string => t(`dues.label.${header}`)

const MAX = new Map(FLOW_COLUMNS['1_4'].map(({ header, max }) => [header, max]))

export function dueFormView({
  due,
  typed,
  problems,
  dueTypes,
}: {
  due: DueDetail | undefined
  typed: Typed
  problems: Problems
  dueTypes: readonly { code: string; name: string }[]
}) {
  const field = (rule: FieldRule) => fieldView(inputOf(rule, due, dueTypes), typed, problems)
  return {
    heading: due ? t('dues.form.change') : t('dues.form.new'),
    ...summaryView(problems),
    groups: GROUPS.map(({ legend, rules }) => ({ legend, fields: rules.map(field) })),
  }
}

function inputOf(
  { header, required = false, type = 'text', options, help, isFixed }: FieldRule,
  due: DueDetail | undefined,
  dueTypes: readonly { code: string; name: string }[],
): FieldInput {
  const choices =
    header === 'tipoDovuto' ? dueTypes.map(({ code, name }) => ({ value: code, label: name })) : options
  return {
    id: header,
    label: labelOf(header),
    required,
    type,
    maxLength: MAX.get(header)!,
    help: help ?? null,
    inputMode: header.startsWith('importo') ? 'decimal' : null,
    options: choices ?? null,
    fixed: due && isFixed ? fixedText(header, due) : null,
  }
}

/** The text of a field that cannot be changed; null when the due has no IUV yet, because then it can still get one. */
function fixedText(header: ColumnHeader, due: DueDetail): string | null {
  if (header === 'tipoDovuto') return due.dueTypeName
  if (due.iuv === null) return null
  return header === 'codIuv' ? due.iuv : t('dues.form.number.given')
}

const italian = (amount: number): string => wireImporto(cents(amount)).replace('.', ',')

/** The values of a due as a person would have typed them, with those of columns that have no field in the form. */
export function typedOf(due: DueDetail): Typed {
  const { pagatore, shares } = due
  const [first, second] = shares
  const values: Partial<Record<ColumnHeader, string | null | undefined>> = {
    tipoDovuto: due.dueTypeCode,
    importoDovuto: italian(first!.cents),
    causaleVersamento: due.causale,
    dataEsecuzionePagamento: due.dueOn,
    datiSpecificiRiscossione: first!.datiSpecifici,
    bilancio: due.bilancio,
    flgGeneraIuv: String(due.generatesIuv),
    codIuv: due.iuv,
    tipoVersamento: due.tipoVersamento,
    commissioneCaricoPa: due.commissioneCents === null ? '' : wireImporto(cents(due.commissioneCents)),
    tipoIdentificativoUnivoco: pagatore.tipo,
    codiceIdentificativoUnivoco: pagatore.codice,
    anagraficaPagatore: pagatore.anagrafica,
    mailPagatore: pagatore.email,
    indirizzoPagatore: pagatore.indirizzo,
    civicoPagatore: pagatore.civico,
    capPagatore: pagatore.cap,
    localitaPagatore: pagatore.localita,
    provinciaPagatore: pagatore.provincia,
    nazionePagatore: pagatore.nazione,
    flagMultiBeneficiario: String(second !== undefined),
    codiceFiscaleEnteSecondario: second?.domain,
    denominazioneEnteSecondario: second?.name,
    ibanAccreditoEnteSecondario: second?.iban,
    datiSpecificiRiscossioneEnteSecondario: second?.datiSpecifici,
    indirizzoEnteSecondario: second?.address?.['indirizzo'],
    civicoEnteSecondario: second?.address?.['civico'],
    capEnteSecondario: second?.address?.['cap'],
    localitaEnteSecondario: second?.address?.['localita'],
    provinciaEnteSecondario: second?.address?.['provincia'],
    nazioneEnteSecondario: second?.address?.['nazione'],
    causaleVersamentoEnteSecondario: second?.causale,
    importoVersamentoEnteSecondario: second && italian(second.cents),
  }
  return Object.fromEntries(Object.entries(values).map(([header, value]) => [header, value ?? '']))
}

/** A value of the form as people read it: the label of an option, a day in Italian, or a dash for no value. */
export function shownValue(header: ColumnHeader, value: string): string {
  if (value === '') return '–'
  if (header === 'dataEsecuzionePagamento') return formatDay(value)
  const options = OPTIONS.get(header)
  return options?.find((option) => option.value === value)?.label ?? value
}
