import type { Configured } from '../../db/ente/configured.ts'
import { isPartitaIva } from '../../domain/codice-fiscale.ts'
import { t } from '../../templates/language.ts'
import { emailField, ibanField, matching, type ConfigField } from './config-form.ts'
import { NOTICE_MAIL_FIELDS } from './notice-mail-fields.ts'

const named = (table: Configured) => (column: string) => ({
  column,
  label: t(`config.column.${table}.${column}`),
})
const ente = named('ente')
const dueType = named('ente_due_type')
const person = named('operator')
const member = (column: string, name: string) => ({
  column,
  member: name,
  label: t(`config.member.${column}.${name}`),
})

/** The fields that identify an ente. They are written only when it is created. Source: docs/field/payments.md#ente. */
export const NEW_ENTE_FIELDS: readonly ConfigField[] = [
  {
    ...ente('cod_ipa'),
    help: t('config.help.codIpa'),
    required: true,
    max: 80,
    clean: (text) => text.toUpperCase(),
    ...matching(/^[A-Z0-9][A-Z0-9_]*$/, t('config.problem.codIpa')),
  },
  {
    ...ente('codice_fiscale'),
    help: t('config.help.fiscalCode'),
    required: true,
    max: 11,
    check: (text) => (isPartitaIva(text) ? undefined : t('config.problem.fiscalCode')),
  },
]

/** The fields of an ente that can be changed. Source: docs/field/payments.md#ente. */
export const ENTE_FIELDS: readonly ConfigField[] = [
  { ...ente('name'), required: true, max: 100, isPlatform: true },
  {
    ...ente('segregation_code'),
    help: t('config.help.segregation'),
    required: true,
    isPlatform: true,
    max: 2,
    ...matching(/^[0-4]\d$/, t('config.problem.segregation')),
  },
  {
    ...ente('application_code'),
    help: t('config.help.application'),
    isPlatform: true,
    max: 2,
    ...matching(/^\d{2}$/, t('config.problem.twoDigits')),
  },
  {
    ...ente('cbill'),
    isPlatform: true,
    max: 5,
    ...matching(/^[A-Z0-9]{5}$/, t('config.problem.cbill')),
  },
  {
    ...ente('iban'),
    help: t('config.help.iban'),
    required: true,
    ...ibanField,
  },
  { ...ente('iban_postale'), ...ibanField },
  {
    ...member('adhesion', 'base'),
    help: t('config.help.base'),
    isPlatform: true,
  },
  {
    ...member('adhesion', 'flows'),
    help: t('config.help.flows'),
    isPlatform: true,
  },
  {
    ...member('adhesion', 'ente_software'),
    help: t('config.help.enteSoftware'),
    isPlatform: true,
  },
  { ...member('features', 'ENTE_PUBBLICO'), isPlatform: true },
  { ...member('features', 'PAGAMENTO_SPONTANEO'), isPlatform: true },
  {
    ...member('features', 'AVVISO_DIGITALE'),
    help: t('config.help.chosenInTypes'),
    isPlatform: true,
  },
  {
    ...member('features', 'NOTIFICA_AVVISI_IO'),
    help: t('config.help.chosenInTypes'),
    isPlatform: true,
  },
  {
    ...member('features', 'INOLTRO_ESITO_PAGAMENTO_PUSH'),
    help: t('config.help.setInTypes'),
    isPlatform: true,
  },
  { ...ente('email'), help: t('config.help.enteEmail'), ...emailField },
  { ...ente('phone'), max: 20, ...matching(/^\d+$/, t('config.problem.digits')) },
  { ...ente('site'), max: 200, ...matching(/^https:\/\/\S+$/, t('config.problem.url')) },
  { ...ente('indirizzo'), max: 70 },
  { ...ente('civico'), max: 16 },
  { ...ente('cap'), max: 5, ...matching(/^\d{5}$/, t('config.problem.digits')) },
  { ...ente('localita'), max: 35 },
  { ...ente('provincia'), max: 2, clean: (text) => text.toUpperCase() },
  { ...ente('nazione'), max: 2, clean: (text) => text.toUpperCase() },
  { ...ente('info'), max: 1000 },
  {
    ...ente('second_language'),
    options: [
      { value: 'en', label: t('config.option.en') },
      { value: 'de', label: t('config.option.de') },
    ],
  },
  {
    ...ente('postal_authorization'),
    isPlatform: true,
    max: 50,
    ...matching(/^AUT.*DEL.*/, t('config.problem.authorization')),
  },
]

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

const NOT_SENT = t('config.help.notSent')

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
  {
    ...dueType('io_notice'),
    help: NOT_SENT,
    isFlag: true,
    feature: 'NOTIFICA_AVVISI_IO',
  },
  {
    ...dueType('digital_notice'),
    help: NOT_SENT,
    isFlag: true,
    feature: 'AVVISO_DIGITALE',
  },
  {
    ...dueType('push_outcome'),
    help: NOT_SENT,
    isFlag: true,
    isPlatform: true,
    feature: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
  },
  {
    ...dueType('push_url'),
    isPlatform: true,
    max: 2048,
    feature: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
    ...matching(/^https:\/\/\S+$/, t('config.problem.url')),
  },
  {
    ...dueType('push_tries'),
    required: true,
    isPlatform: true,
    isNumber: true,
    max: 2,
    feature: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
    ...matching(/^[1-9]\d?$/, t('config.problem.tries')),
  },
]
