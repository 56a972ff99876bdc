import { isPartitaIva } from '../../domain/codice-fiscale.ts'
import {
  CONFIG_PROBLEMS,
  ENTE_COLUMNS,
  PERSON_COLUMNS,
  TIPO_COLUMNS,
} from '../../templates/pages/admin/words.ts'
import { emailField, ibanField, matching, type ConfigField } from './config-form.ts'

/** What identifies an ente: written once. Source: docs/field/payments.md#ente. */
export const NEW_ENTE_FIELDS: readonly ConfigField[] = [
  {
    column: 'cod_ipa',
    label: ENTE_COLUMNS.cod_ipa,
    help: 'Non si potrà cambiare: è il nome dei suoi flussi',
    required: true,
    max: 80,
    clean: (text) => text.toUpperCase(),
    ...matching(/^[A-Z0-9][A-Z0-9_]*$/, CONFIG_PROBLEMS.codIpa),
  },
  {
    column: 'codice_fiscale',
    label: ENTE_COLUMNS.codice_fiscale,
    help: 'Non si potrà cambiare: è il dominio dei suoi pagamenti',
    required: true,
    max: 11,
    check: (text) => (isPartitaIva(text) ? undefined : CONFIG_PROBLEMS.codiceFiscale),
  },
]

/** Fields of an ente. Source: docs/field/payments.md#ente. */
export const ENTE_FIELDS: readonly ConfigField[] = [
  { column: 'name', label: ENTE_COLUMNS.name, required: true, max: 100, isPlatform: true },
  {
    column: 'segregation_code',
    label: ENTE_COLUMNS.segregation_code,
    help: 'Due cifre assegnate da pagoPA, da 00 a 49: cominciano così gli avvisi dei cittadini',
    required: true,
    isPlatform: true,
    max: 2,
    ...matching(/^[0-4]\d$/, CONFIG_PROBLEMS.segregation),
  },
  {
    column: 'application_code',
    label: ENTE_COLUMNS.application_code,
    help: 'Due cifre: cominciano così i numeri dati ai flussi; se manca vale il codice di segregazione',
    isPlatform: true,
    max: 2,
    ...matching(/^\d{2}$/, CONFIG_PROBLEMS.twoDigits),
  },
  {
    column: 'cbill',
    label: ENTE_COLUMNS.cbill,
    isPlatform: true,
    max: 5,
    ...matching(/^[A-Z0-9]{5}$/, CONFIG_PROBLEMS.cbill),
  },
  {
    column: 'iban',
    label: ENTE_COLUMNS.iban,
    help: 'Deve essere tra quelli comunicati a pagoPA',
    required: true,
    ...ibanField,
  },
  { column: 'iban_postale', label: ENTE_COLUMNS.iban_postale, ...ibanField },
  {
    column: 'adhesion',
    member: 'base',
    label: 'Adesione: Base',
    help: 'I cittadini pagano con i moduli del portale',
    isPlatform: true,
  },
  {
    column: 'adhesion',
    member: 'flows',
    label: 'Adesione: Per flussi',
    help: 'Gli operatori caricano file di dovuti',
    isPlatform: true,
  },
  {
    column: 'adhesion',
    member: 'ente_software',
    label: 'Adesione: Iniziato presso l’ente',
    help: 'Il software dell’ente invia i dovuti',
    isPlatform: true,
  },
  { column: 'features', member: 'ENTE_PUBBLICO', label: 'Visibile ai cittadini', isPlatform: true },
  { column: 'features', member: 'PAGAMENTO_SPONTANEO', label: 'Pagamenti spontanei', isPlatform: true },
  {
    column: 'features',
    member: 'AVVISO_DIGITALE',
    label: 'Avvisi digitali',
    help: 'Si scelgono nei tipi dovuto; l’invio non c’è ancora, la scelta si conserva',
    isPlatform: true,
  },
  {
    column: 'features',
    member: 'NOTIFICA_AVVISI_IO',
    label: 'Messaggi su IO',
    help: 'Si scelgono nei tipi dovuto; l’invio non c’è ancora, la scelta si conserva',
    isPlatform: true,
  },
  {
    column: 'features',
    member: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
    label: 'Esiti inviati al software dell’ente',
    help: 'Si configurano nei tipi dovuto; l’invio non c’è ancora, la configurazione si conserva',
    isPlatform: true,
  },
  { column: 'email', label: ENTE_COLUMNS.email, help: 'Riceve i resoconti dei flussi', ...emailField },
  { column: 'phone', label: ENTE_COLUMNS.phone, max: 20, ...matching(/^\d+$/, CONFIG_PROBLEMS.digits) },
  { column: 'site', label: ENTE_COLUMNS.site, max: 200, ...matching(/^https:\/\/\S+$/, CONFIG_PROBLEMS.url) },
  { column: 'indirizzo', label: ENTE_COLUMNS.indirizzo, max: 70 },
  { column: 'civico', label: ENTE_COLUMNS.civico, max: 16 },
  { column: 'cap', label: ENTE_COLUMNS.cap, max: 5, ...matching(/^\d{5}$/, CONFIG_PROBLEMS.digits) },
  { column: 'localita', label: ENTE_COLUMNS.localita, max: 35 },
  { column: 'provincia', label: ENTE_COLUMNS.provincia, max: 2, clean: (text) => text.toUpperCase() },
  { column: 'nazione', label: ENTE_COLUMNS.nazione, max: 2, clean: (text) => text.toUpperCase() },
  { column: 'info', label: ENTE_COLUMNS.info, max: 1000 },
  {
    column: 'second_language',
    label: ENTE_COLUMNS.second_language,
    options: [
      { value: 'en', label: 'inglese' },
      { value: 'de', label: 'tedesco' },
    ],
  },
  {
    column: 'postal_authorization',
    label: ENTE_COLUMNS.postal_authorization,
    isPlatform: true,
    max: 50,
    ...matching(/^AUT.*DEL.*/, CONFIG_PROBLEMS.authorization),
  },
]

/** Fields of a person who works for enti; what he may do is in his grants. */
export const PERSON_FIELDS: readonly ConfigField[] = [
  {
    column: 'name',
    label: PERSON_COLUMNS.name,
    help: 'Lo aggiorna anche l’accesso con SPID o CIE',
    required: true,
    max: 70,
  },
]

/** Of an administrator of the region. */
export const REGION_FIELDS: readonly ConfigField[] = [
  { column: 'email', label: PERSON_COLUMNS.email, help: 'Riceve i messaggi della Regione', ...emailField },
]

const NOT_SENT = 'L’invio non c’è ancora: la scelta si conserva'

/** Fields of a type of due at an ente. Source: docs/field/payments.md#types-of-due. */
export const TIPO_FIELDS: readonly ConfigField[] = [
  { column: 'name', label: TIPO_COLUMNS.name, required: true, max: 256, isPlatform: true },
  { column: 'active', label: TIPO_COLUMNS.active, isFlag: true },
  { column: 'spontaneous', label: TIPO_COLUMNS.spontaneous, isFlag: true },
  { column: 'due_on_binding', label: TIPO_COLUMNS.due_on_binding, isFlag: true },
  { column: 'print_due_on', label: TIPO_COLUMNS.print_due_on, isFlag: true },
  { column: 'notice_enabled', label: TIPO_COLUMNS.notice_enabled, isFlag: true, isPlatform: true },
  {
    column: 'anonymous_payer',
    label: TIPO_COLUMNS.anonymous_payer,
    isFlag: true,
    isPlatform: true,
  },
  {
    column: 'dati_specifici_riscossione',
    label: TIPO_COLUMNS.dati_specifici_riscossione,
    required: true,
    isPlatform: true,
    max: 140,
    ...matching(/^9\/\d{7}[A-Z]{2}\/\S*$/, CONFIG_PROBLEMS.taxonomy),
  },
  { column: 'iban_accredito', label: TIPO_COLUMNS.iban_accredito, ...ibanField },
  { column: 'iban_postale', label: TIPO_COLUMNS.iban_postale, ...ibanField },
  {
    column: 'postal_account',
    label: TIPO_COLUMNS.postal_account,
    max: 12,
    ...matching(/^\d{1,12}$/, CONFIG_PROBLEMS.digits),
  },
  { column: 'postal_account_name', label: TIPO_COLUMNS.postal_account_name, max: 50, isPlatform: true },
  { column: 'settore', label: TIPO_COLUMNS.settore, max: 50, isPlatform: true },
  {
    column: 'external_url',
    label: TIPO_COLUMNS.external_url,
    max: 256,
    isPlatform: true,
    ...matching(/^https:\/\/\S+$/, CONFIG_PROBLEMS.url),
  },
  {
    column: 'io_notice',
    label: TIPO_COLUMNS.io_notice,
    help: NOT_SENT,
    isFlag: true,
    feature: 'NOTIFICA_AVVISI_IO',
  },
  {
    column: 'digital_notice',
    label: TIPO_COLUMNS.digital_notice,
    help: NOT_SENT,
    isFlag: true,
    feature: 'AVVISO_DIGITALE',
  },
  {
    column: 'push_outcome',
    label: TIPO_COLUMNS.push_outcome,
    help: NOT_SENT,
    isFlag: true,
    isPlatform: true,
    feature: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
  },
  {
    column: 'push_url',
    label: TIPO_COLUMNS.push_url,
    isPlatform: true,
    max: 2048,
    feature: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
    ...matching(/^https:\/\/\S+$/, CONFIG_PROBLEMS.url),
  },
  {
    column: 'push_tries',
    label: TIPO_COLUMNS.push_tries,
    required: true,
    isPlatform: true,
    isNumber: true,
    max: 2,
    feature: 'INOLTRO_ESITO_PAGAMENTO_PUSH',
    ...matching(/^[1-9]\d?$/, CONFIG_PROBLEMS.tries),
  },
]
