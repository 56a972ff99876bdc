import { isPartitaIva } from '../../domain/codice-fiscale.ts'
import { CONFIG_PROBLEMS } from '../../templates/pages/admin/words.ts'
import { emailField, ibanField, matching, type ConfigField } from './config-form.ts'

/** What identifies an ente: written once. Source: flows.md §6.1. */
export const NEW_ENTE_FIELDS: readonly ConfigField[] = [
  {
    column: 'cod_ipa',
    label: 'Codice IPA',
    help: 'Non si potrà cambiare: è il nome dei suoi flussi',
    required: true,
    max: 80,
    clean: (text) => text.toUpperCase(),
    ...matching(/^[A-Z0-9][A-Z0-9_]*$/, CONFIG_PROBLEMS.codIpa),
  },
  {
    column: 'codice_fiscale',
    label: 'Codice fiscale',
    help: 'Non si potrà cambiare: è il dominio dei suoi pagamenti',
    required: true,
    max: 11,
    check: (text) => (isPartitaIva(text) ? undefined : CONFIG_PROBLEMS.codiceFiscale),
  },
]

/** Fields of an ente. Source: flows.md §6.1. */
export const ENTE_FIELDS: readonly ConfigField[] = [
  { column: 'name', label: 'Denominazione', required: true, max: 70, isPlatform: true },
  {
    column: 'segregation_code',
    label: 'Codice di segregazione',
    help: 'Due cifre assegnate da pagoPA',
    required: true,
    isPlatform: true,
    max: 2,
    ...matching(/^\d{2}$/, CONFIG_PROBLEMS.digits),
  },
  {
    column: 'application_code',
    label: 'Application code',
    help: 'Due cifre; se manca vale il codice di segregazione',
    isPlatform: true,
    max: 2,
    ...matching(/^\d{2}$/, CONFIG_PROBLEMS.digits),
  },
  {
    column: 'cbill',
    label: 'Codice CBILL',
    isPlatform: true,
    max: 5,
    ...matching(/^[A-Z0-9]{5}$/, CONFIG_PROBLEMS.cbill),
  },
  {
    column: 'iban',
    label: 'IBAN di accredito',
    help: 'Deve essere tra quelli comunicati a pagoPA',
    required: true,
    ...ibanField,
  },
  { column: 'iban_postale', label: 'IBAN postale', ...ibanField },
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
  { column: 'email', label: 'E-mail dell’ufficio', help: 'Riceve i resoconti dei flussi', ...emailField },
  { column: 'phone', label: 'Telefono', max: 20, ...matching(/^\d+$/, CONFIG_PROBLEMS.digits) },
  { column: 'site', label: 'Sito', max: 200, ...matching(/^https:\/\/\S+$/, CONFIG_PROBLEMS.url) },
  { column: 'indirizzo', label: 'Indirizzo', max: 70 },
  { column: 'civico', label: 'Numero civico', max: 16 },
  { column: 'cap', label: 'CAP', max: 5, ...matching(/^\d{5}$/, CONFIG_PROBLEMS.digits) },
  { column: 'localita', label: 'Località', max: 35 },
  { column: 'provincia', label: 'Provincia', max: 2, clean: (text) => text.toUpperCase() },
  { column: 'nazione', label: 'Nazione', max: 2, clean: (text) => text.toUpperCase() },
  { column: 'info', label: 'Informazioni per i cittadini', max: 1000 },
  {
    column: 'second_language',
    label: 'Seconda lingua degli avvisi',
    options: [
      { value: 'en', label: 'inglese' },
      { value: 'de', label: 'tedesco' },
    ],
  },
  {
    column: 'postal_authorization',
    label: 'Autorizzazione di Poste alla stampa',
    isPlatform: true,
    max: 50,
    ...matching(/^AUT.*DEL.*/, CONFIG_PROBLEMS.authorization),
  },
]

/** Fields of a type of due at an ente. Source: flows.md §6.2. */
export const TIPO_FIELDS: readonly ConfigField[] = [
  { column: 'name', label: 'Nome', required: true, max: 256, isPlatform: true },
  { column: 'active', label: 'Attivo', isFlag: true },
  { column: 'spontaneous', label: 'I cittadini possono iniziarlo (spontaneo)', isFlag: true },
  { column: 'due_on_binding', label: 'La scadenza è obbligatoria e vincolante', isFlag: true },
  { column: 'print_due_on', label: 'La scadenza si stampa sull’avviso', isFlag: true },
  { column: 'notice_enabled', label: 'Si può stampare l’avviso', isFlag: true, isPlatform: true },
  {
    column: 'anonymous_payer',
    label: 'Accetta un debitore senza codice fiscale',
    isFlag: true,
    isPlatform: true,
  },
  {
    column: 'dati_specifici_riscossione',
    label: 'Codice della tassonomia',
    required: true,
    isPlatform: true,
    max: 140,
    ...matching(/^9\/\d{7}[A-Z]{2}\/\S*$/, CONFIG_PROBLEMS.taxonomy),
  },
  { column: 'iban_accredito', label: 'IBAN di accredito, se diverso da quello dell’ente', ...ibanField },
  {
    column: 'postal_account',
    label: 'Conto corrente postale',
    max: 12,
    ...matching(/^\d{1,12}$/, CONFIG_PROBLEMS.digits),
  },
  { column: 'postal_account_name', label: 'Intestatario del conto postale', max: 50, isPlatform: true },
  { column: 'settore', label: 'Settore dell’ente', max: 50, isPlatform: true },
  {
    column: 'external_url',
    label: 'Indirizzo del pagamento, se avviene altrove',
    max: 256,
    isPlatform: true,
    ...matching(/^https:\/\/\S+$/, CONFIG_PROBLEMS.url),
  },
]
