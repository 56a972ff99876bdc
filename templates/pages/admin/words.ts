import type { EnteState } from '../../../domain/states.ts'
import { UNSEEN_PROBLEM } from '../unseen.ts'

export const ENTE_WORDS: Record<EnteState, string> = {
  INSERITO: 'Inserito',
  'PRE-ESERCIZIO': 'Pre-esercizio',
  ESERCIZIO: 'In esercizio',
}

export const MOVE_WORDS: Record<EnteState, string> = {
  INSERITO: 'Riporta a Inserito',
  'PRE-ESERCIZIO': 'Passa in pre-esercizio',
  ESERCIZIO: 'Passa in esercizio',
}

export const ROLE_WORDS = { operator: 'Operatore', admin: 'Amministratore' } as const

/** For the register of an ente. */
export const SOFTWARE_CHANGES = {
  made: 'nuova password per il software',
  retired: 'password precedente del software ritirata',
} as const

/** Why a logo is not taken, and what to do. */
export const LOGO_PROBLEMS: Readonly<Record<string, string>> = {
  missing: 'Scegli un file.',
  too_big: 'Il file è più grande di 200 KB: riduci l’immagine.',
  not_png: 'Il logo non è stato caricato: serve un PNG di al massimo 250 × 250.',
  too_wide: 'Il logo non è stato caricato: serve un PNG di al massimo 250 × 250.',
  interlaced: 'Il PNG è interlacciato: salvalo senza interlacciamento e caricalo di nuovo.',
  animated: 'Il PNG è animato: salva una sola immagine e caricala di nuovo.',
  broken: 'Il PNG è danneggiato: salvalo di nuovo dal programma con cui l’hai fatto.',
}

export const CONFIG_PROBLEMS = {
  missing: 'Compila questo campo.',
  tooLong: 'Il testo è troppo lungo.',
  unseen: UNSEEN_PROBLEM,
  iban: 'L’IBAN non è valido: controlla i 27 caratteri.',
  email: 'L’indirizzo e-mail non è valido, per esempio nome@example.it.',
  digits: 'Servono solo cifre, nel numero indicato.',
  codiceFiscale: 'Il codice fiscale dell’ente non è valido: sono 11 cifre con la cifra di controllo.',
  codIpa: 'Il codice IPA ha lettere, cifre e trattini bassi, senza trattini: per esempio C_A001.',
  cbill: 'Il codice CBILL ha cinque lettere maiuscole o cifre.',
  url: 'L’indirizzo comincia con https://',
  choice: 'Scegli un valore dell’elenco.',
  authorization: 'Si scrive come sull’autorizzazione di Poste: AUT. … DEL …',
  taxonomy: 'È un codice della tassonomia, per esempio 9/0107101TS/.',
  form: 'Il modulo non è valido: {why}',
  tries: 'È un numero da 1 a 99.',
  pushUrl: 'Per inviare gli esiti serve l’indirizzo che li riceve.',
  segregation: 'Il codice di segregazione ha due cifre, da 00 a 49, per esempio 12.',
  twoDigits: 'Sono due cifre, per esempio 12.',
  codeChanges:
    'Il codice cambia: gli avvisi già emessi restano validi, i nuovi cominciano con il nuovo. Se pagoPA lo ha assegnato all’ente, premi di nuovo Salva.',
  waiting: 'C’è già un cambio in attesa: approvalo o ritiralo prima di chiederne un altro.',
  taken: 'Esiste già un ente con questo codice.',
  spontaneousDate: 'Un tipo spontaneo non può avere una scadenza vincolante.',
} as const

/** What is configured of an ente, by column. */
export const ENTE_COLUMNS = {
  cod_ipa: 'Codice IPA',
  codice_fiscale: 'Codice fiscale',
  name: 'Denominazione',
  segregation_code: 'Codice di segregazione',
  application_code: 'Application code',
  cbill: 'Codice CBILL',
  iban: 'IBAN di accredito',
  iban_postale: 'IBAN postale',
  email: 'E-mail dell’ufficio',
  phone: 'Telefono',
  site: 'Sito',
  indirizzo: 'Indirizzo',
  civico: 'Numero civico',
  cap: 'CAP',
  localita: 'Località',
  provincia: 'Provincia',
  nazione: 'Nazione',
  info: 'Informazioni per i cittadini',
  second_language: 'Seconda lingua degli avvisi',
  postal_authorization: 'Autorizzazione di Poste alla stampa',
} as const

/** What is configured of a type of due. */
export const TIPO_COLUMNS = {
  name: 'Nome',
  active: 'Attivo',
  spontaneous: 'I cittadini possono iniziarlo (spontaneo)',
  due_on_binding: 'La scadenza è obbligatoria e vincolante',
  print_due_on: 'La scadenza si stampa sull’avviso',
  notice_enabled: 'Si può stampare l’avviso',
  anonymous_payer: 'Accetta un debitore senza codice fiscale',
  dati_specifici_riscossione: 'Codice della tassonomia',
  iban_accredito: 'IBAN di accredito, se diverso da quello dell’ente',
  iban_postale: 'IBAN postale, se diverso da quello dell’ente',
  postal_account: 'Conto corrente postale',
  postal_account_name: 'Intestatario del conto postale',
  settore: 'Settore dell’ente',
  external_url: 'Indirizzo del pagamento, se avviene altrove',
  io_notice: 'Avvisa il debitore su IO',
  digital_notice: 'Invia l’avviso digitale',
  push_outcome: 'Invia gli esiti al software dell’ente',
  push_url: 'Indirizzo che riceve gli esiti',
  push_tries: 'Tentativi di invio di un esito',
} as const

/** What is configured of a person who works for enti. */
export const PERSON_COLUMNS = { name: 'Nome e cognome', email: 'E-mail per la Regione' } as const

/** The way of an ente to its start: each step, and how it is done. */
export const READY_WORDS = {
  adhesion: {
    text: 'Scegli come aderisce: Base, Per flussi, Iniziato presso l’ente',
    how: 'Un amministratore della Regione lo segna nella configurazione qui sotto.',
  },
  iban: { text: 'Scrivi l’IBAN comunicato a pagoPA', how: 'Nella configurazione qui sotto.' },
  contacts: {
    text: 'Scrivi indirizzo e contatti, stampati su avvisi e ricevute',
    how: 'Nella configurazione qui sotto: indirizzo, località, e-mail dell’ufficio.',
  },
  tipi: {
    text: 'Attiva almeno un tipo dovuto',
    how: 'Scegline uno del catalogo, aprilo e segna “Attivo”; con l’adesione Base segna anche che i cittadini possono iniziarlo.',
  },
  operators: {
    text: 'Abilita almeno un operatore',
    how: 'Con il suo codice fiscale: entrerà con SPID o CIE.',
  },
  flow: {
    text: 'Carica un flusso di prova',
    how: 'In pre-esercizio, dalla pagina Flussi: il passo è fatto quando il flusso risulta caricato.',
  },
  software: {
    text: 'Invia un flusso di prova dal software dell’ente',
    how: 'In pre-esercizio, con i servizi dell’ente: il passo è fatto quando il flusso risulta caricato.',
  },
  payment: {
    text: 'Fai un pagamento di prova dal collegamento riservato',
    how: 'In pre-esercizio: aprilo, compila un modulo e paga. I cittadini non vedono l’ente.',
  },
  noticePayment: {
    text: 'Paga un avviso di prova dal collegamento riservato',
    how: 'In pre-esercizio: aprilo, cerca un avviso del flusso di prova e paga. I cittadini non vedono l’ente.',
  },
  logo: {
    text: 'Carica il logo',
    how: 'Un amministratore della Regione lo carica in questa pagina: PNG, al massimo 250 × 250.',
  },
} as const

/** Ways to see personal data, in the register of accesses. */
export const ACCESS_WORDS = {
  due: 'Ha aperto un dovuto',
  payment: 'Ha aperto un pagamento',
  message: 'Ha aperto un messaggio',
  search: 'Ha cercato una persona',
  register: 'Ha cercato una persona in questo registro',
  csv: 'Ha scaricato un elenco di dovuti',
  export: 'Ha scaricato un’esportazione',
  file: 'Ha scaricato un file di un flusso',
  notice: 'Ha scaricato un avviso',
  receipt: 'Ha scaricato una ricevuta',
  document: 'Ha scaricato un messaggio o un documento',
} as const

export const DIRECTION_WORDS = { in: 'ricevuto', out: 'inviato' } as const

/** Names of columns in the register of changes and in its mails, by table. */
export const COLUMN_WORDS: Record<string, Record<string, string>> = {
  ente: { ...ENTE_COLUMNS, adhesion: 'Adesione', features: 'Funzioni' },
  ente_due_type: { ...TIPO_COLUMNS, form: 'Modulo per i cittadini' },
  operator: PERSON_COLUMNS,
}

/** Changes that are no columns. */
export const WHAT_WORDS: Record<string, string> = {
  created: 'ente creato',
  logo: 'logo cambiato',
  picked: 'tipo dovuto scelto',
  'granted operator': 'abilitato un operatore',
  'granted admin': 'abilitato un amministratore',
  revoked: 'tolta un’abilitazione',
  'account asked': 'cambio di conto chiesto',
  'account approved': 'cambio di conto approvato',
  'account elapsed': 'cambio di conto avvenuto: sono passati tre giorni',
  'account withdrawn': 'cambio di conto ritirato',
  'account overtaken': 'cambio di conto senza effetto: il conto è cambiato intanto',
  'renamed at sign-in': 'nome aggiornato dall’accesso',
  ...Object.fromEntries(Object.entries(ENTE_WORDS).map(([state, words]) => [`state ${state}`, words])),
}
