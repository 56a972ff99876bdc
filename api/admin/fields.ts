import type { Configured } from '../../db/ente/configured.ts'
import { t } from '../../templates/language.ts'
import { emailField, ibanField, matching, type ConfigField } from './config-form.ts'
import { NOTICE_MAIL_FIELDS } from './notice-mail-fields.ts'

export const named = (table: Configured) => (column: string) => ({
  column,
  label: t(`config.column.${table}.${column}`),
})
const dueType = named('ente_due_type')
const person = named('operator')

/** The fields of a person who works for enti. Grants, and not these fields, decide what the person may do. */
export const PERSON_FIELDS: readonly ConfigField[] = [
  {
    ...person('name'),
    help: t('config.help.personName'),
    required: true,
    max: 70,
  },
]

/** The fields that only an administrator of the region has. */
export const REGION_FIELDS: readonly ConfigField[] = [
  { ...person('email'), help: t('config.help.regionEmail'), ...emailField },
]

/** The fields of a type of due at an ente. Source: docs/field/payments.md#types-of-due. */
export const DUE_TYPE_FIELDS: readonly ConfigField[] = [
  { ...dueType('name'), required: true, max: 256, isPlatform: true },
  { ...dueType('active'), isFlag: true },
  { ...dueType('spontaneous'), isFlag: true },
  { ...dueType('due_on_binding'), isFlag: true },
  { ...dueType('print_due_on'), isFlag: true },
  { ...dueType('notice_enabled'), isFlag: true, isPlatform: true },
  {
    ...dueType('anonymous_payer'),
    isFlag: true,
    isPlatform: true,
  },
  {
    ...dueType('dati_specifici_riscossione'),
    required: true,
    isPlatform: true,
    max: 140,
    ...matching(/^9\/\d{7}[A-Z]{2}\/\S*$/, t('config.problem.taxonomy')),
  },
  { ...dueType('iban_accredito'), ...ibanField },
  { ...dueType('iban_postale'), ...ibanField },
  {
    ...dueType('postal_account'),
    max: 12,
    ...matching(/^\d{1,12}$/, t('config.problem.digits')),
  },
  { ...dueType('postal_account_name'), max: 50, isPlatform: true },
  { ...dueType('settore'), max: 50, isPlatform: true },
  {
    ...dueType('external_url'),
    max: 256,
    isPlatform: true,
    ...matching(/^https:\/\/\S+$/, t('config.problem.url')),
  },
  ...NOTICE_MAIL_FIELDS,
]
