import type { EnteState } from '../../../domain/states.ts'

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

export const CONFIG_PROBLEMS = {
  missing: 'Compila questo campo.',
  tooLong: 'Il testo è troppo lungo.',
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
  taken: 'Esiste già un ente con questo codice.',
  spontaneousDate: 'Un tipo spontaneo non può avere una scadenza vincolante.',
} as const
