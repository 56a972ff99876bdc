import { isPartitaIva } from '../../domain/codice-fiscale.ts'
import { t } from '../../templates/language.ts'
import { emailField, ibanField, matching, type ConfigField } from './config-form.ts'
import { named } from './fields.ts'

const ente = named('ente')
const member = (column: string, name: string) => ({
  column,
  member: name,
  label: t(`config.member.${column}.${name}`),
})
const upper = (text: string) => text.toUpperCase()

/** A part of the page of an ente that is read and changed by itself. Its name is the end of its address. */
export interface EnteSection {
  name: string
  fields: readonly ConfigField[]
}

/** The sections of an ente, in the order of its page. Source: docs/field/payments.md#ente. */
export const ENTE_SECTIONS: readonly EnteSection[] = [
  {
    name: 'anagrafica',
    fields: [
      { ...ente('name'), required: true, max: 100, isPlatform: true },
      { ...ente('indirizzo'), max: 70 },
      { ...ente('civico'), max: 16 },
      { ...ente('cap'), max: 5, ...matching(/^\d{5}$/, t('config.problem.cap')) },
      { ...ente('localita'), max: 35 },
      { ...ente('provincia'), max: 2, clean: upper },
      { ...ente('nazione'), max: 2, clean: upper },
    ],
  },
  {
    name: 'contatti',
    fields: [
      { ...ente('email'), help: t('config.help.enteEmail'), ...emailField },
      { ...ente('phone'), max: 20, ...matching(/^\d+$/, t('config.problem.digits')) },
      { ...ente('site'), max: 200, ...matching(/^https:\/\/\S+$/, t('config.problem.url')) },
      { ...ente('info'), max: 1000 },
      {
        ...ente('second_language'),
        options: [
          { value: 'en', label: t('config.option.en') },
          { value: 'de', label: t('config.option.de') },
        ],
      },
    ],
  },
  {
    name: 'conti',
    fields: [
      { ...ente('iban'), help: t('config.help.iban'), required: true, ...ibanField },
      { ...ente('iban_postale'), ...ibanField },
      {
        ...ente('postal_authorization'),
        isPlatform: true,
        max: 50,
        ...matching(/^AUT.*DEL.*/, t('config.problem.authorization')),
      },
    ],
  },
  {
    name: 'pagopa',
    fields: [
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
      { ...ente('cbill'), isPlatform: true, max: 5, ...matching(/^[A-Z0-9]{5}$/, t('config.problem.cbill')) },
    ],
  },
  {
    name: 'adesione',
    fields: [
      { ...member('adhesion', 'base'), help: t('config.help.base'), isPlatform: true },
      { ...member('adhesion', 'flows'), help: t('config.help.flows'), isPlatform: true },
      { ...member('adhesion', 'ente_software'), help: t('config.help.enteSoftware'), isPlatform: true },
    ],
  },
  {
    name: 'funzioni',
    fields: [
      { ...member('features', 'ENTE_PUBBLICO'), help: t('config.help.public'), isPlatform: true },
      { ...member('features', 'PAGAMENTO_SPONTANEO'), help: t('config.help.spontaneous'), isPlatform: true },
    ],
  },
]

const inSections = ENTE_SECTIONS.flatMap(({ fields }) => fields)

/** The fields of the form that creates an ente. The first two identify the ente and are never changed. */
export const NEW_ENTE_FIELDS: readonly ConfigField[] = [
  {
    ...ente('cod_ipa'),
    help: t('config.help.codIpa'),
    required: true,
    max: 80,
    clean: upper,
    ...matching(/^[A-Z0-9][A-Z0-9_]*$/, t('config.problem.codIpa')),
  },
  {
    ...ente('codice_fiscale'),
    help: t('config.help.fiscalCode'),
    required: true,
    max: 11,
    check: (text) => (isPartitaIva(text) ? undefined : t('config.problem.fiscalCode')),
  },
  ...inSections.filter(({ required }) => required === true),
]
