import { NODE_OPERATIONS } from '../behaviour/kinds.ts'
import type { BehaviourRequest } from '../behaviour/schema.ts'

type NewRule = NonNullable<BehaviourRequest['rules']>[number]
export type Preset = { id: string; group: string; label: string; rule: NewRule }

const cart = { operation: 'nodoInviaCarrelloRPT' } as const
const state = { operation: 'nodoChiediStatoRPT' } as const
const rt = { operation: 'rt' } as const
const delivery = { operation: 'paaInviaRT' } as const
const redirect = { operation: 'redirect' } as const
const reporting = { operation: 'reporting' } as const
const smtp = { operation: 'smtp' } as const
const SENDING = 'Invio del carrello'
const ASKING = 'Richiesta di stato'
const RECEIPT = 'Ricevuta telematica'
const RETURN = 'Ritorno del cittadino'
const FLOWS = 'Lettura dei flussi di rendicontazione (REST)'
const MAIL = 'Posta'

/** Typical failures that an integrator wants to try, one entry each. */
const LIST: Omit<Preset, 'id'>[] = [
  {
    group: SENDING,
    label: 'rifiuta: errore di sistema',
    rule: { ...cart, kind: 'fault', code: 'PPT_SYSTEM_ERROR' },
  },
  {
    group: SENDING,
    label: 'rifiuta: dominio sconosciuto',
    rule: { ...cart, kind: 'fault', code: 'PPT_DOMINIO_SCONOSCIUTO' },
  },
  {
    group: SENDING,
    label: 'rifiuta: codice mai visto',
    rule: { ...cart, kind: 'fault', code: 'PPT_CODICE_NUOVO' },
  },
  {
    group: SENDING,
    label: 'non risponde, senza prendere le RPT',
    rule: { ...cart, kind: 'timeout', when: 'before' },
  },
  {
    group: SENDING,
    label: 'prende le RPT e non risponde',
    rule: { ...cart, kind: 'timeout', when: 'after' },
  },
  {
    group: SENDING,
    label: 'prende le RPT e chiude la connessione',
    rule: { ...cart, kind: 'drop', when: 'after' },
  },
  { group: SENDING, label: 'risponde dopo 10 secondi', rule: { ...cart, kind: 'slow', ms: 10_000 } },
  { group: SENDING, label: 'risponde XML troncato', rule: { ...cart, kind: 'malformed' } },
  { group: SENDING, label: 'risponde una pagina HTML 502', rule: { ...cart, kind: 'html_502' } },
  { group: SENDING, label: 'trattiene la risposta fino a «Rilascia»', rule: { ...cart, kind: 'barrier' } },
  { group: SENDING, label: 'riceve la richiesta due volte', rule: { ...cart, kind: 'repeat' } },
  { group: ASKING, label: 'RPT sconosciuta', rule: { ...state, kind: 'fault', code: 'PPT_RPT_SCONOSCIUTA' } },
  {
    group: ASKING,
    label: 'stato: parcheggiata',
    rule: { ...state, kind: 'state', state: 'RPT_PARCHEGGIATA_NODO' },
  },
  {
    group: ASKING,
    label: 'stato: rifiutata dal PSP',
    rule: { ...state, kind: 'state', state: 'RPT_RIFIUTATA_PSP' },
  },
  {
    group: ASKING,
    label: 'stato: decorsi termini',
    rule: { ...state, kind: 'state', state: 'RPT_DECORSI_TERMINI' },
  },
  {
    group: ASKING,
    label: 'stato che non esiste',
    rule: { ...state, kind: 'state', state: 'RPT_STATO_NUOVO' },
  },
  { group: ASKING, label: 'primitiva non offerta', rule: { ...state, kind: 'not_offered' } },
  { group: RECEIPT, label: 'in ritardo di un minuto', rule: { ...rt, kind: 'late', ms: 60_000 } },
  { group: RECEIPT, label: 'prima del ritorno del cittadino', rule: { ...rt, kind: 'before_redirect' } },
  { group: RECEIPT, label: 'due volte', rule: { ...rt, kind: 'copies', count: 2 } },
  {
    group: RECEIPT,
    label: 'dieci volte insieme',
    rule: { ...rt, kind: 'copies', count: 10, parallel: true },
  },
  {
    group: RECEIPT,
    label: 'due documenti diversi (pagato due volte)',
    rule: { ...rt, kind: 'second_document' },
  },
  { group: RECEIPT, label: 'solo a richiesta (nodoChiediCopiaRT)', rule: { ...rt, kind: 'on_request' } },
  { group: RECEIPT, label: 'negativa benché il cittadino paghi', rule: { ...rt, kind: 'negative' } },
  { group: RECEIPT, label: 'prima negativa, poi positiva', rule: { ...rt, kind: 'negative_first' } },
  { group: RECEIPT, label: 'codice 2: parzialmente eseguita', rule: { ...rt, kind: 'code', code: 2 } },
  { group: RECEIPT, label: 'codice 3: decorrenza termini', rule: { ...rt, kind: 'code', code: 3 } },
  { group: RECEIPT, label: 'codice 4: decorrenza parziale', rule: { ...rt, kind: 'code', code: 4 } },
  { group: RECEIPT, label: 'importo diverso', rule: { ...rt, kind: 'mutate', what: 'amount' } },
  { group: RECEIPT, label: 'totale diverso dalla somma', rule: { ...rt, kind: 'mutate', what: 'sum' } },
  { group: RECEIPT, label: 'IUV sbagliato', rule: { ...rt, kind: 'mutate', what: 'iuv' } },
  { group: RECEIPT, label: 'CCP sbagliato', rule: { ...rt, kind: 'mutate', what: 'ccp' } },
  {
    group: RECEIPT,
    label: 'scritta in modo insolito, ma valida per lo schema',
    rule: { ...rt, kind: 'unusual' },
  },
  { group: RECEIPT, label: 'fuori schema', rule: { ...rt, kind: 'mutate', what: 'xsd' } },
  { group: RECEIPT, label: 'persa in rete, poi ripetuta', rule: { ...delivery, kind: 'drop' } },
  {
    group: RECEIPT,
    label: 'il nodo riaggancia prima della risposta',
    rule: { ...delivery, kind: 'hang_up' },
  },
  { group: RETURN, label: 'dice OK comunque sia andata', rule: { ...redirect, kind: 'esito', esito: 'OK' } },
  {
    group: RETURN,
    label: 'dice ERROR comunque sia andata',
    rule: { ...redirect, kind: 'esito', esito: 'ERROR' },
  },
  { group: RETURN, label: 'il cittadino non torna', rule: { ...redirect, kind: 'none' } },
  {
    group: FLOWS,
    label: 'troppe richieste (429), riprova fra 2 secondi',
    rule: { ...reporting, kind: 'too_many' },
  },
  {
    group: FLOWS,
    label: 'troppe richieste (429), riprova dopo una data',
    rule: { ...reporting, kind: 'too_many', how: 'date', ms: 5_000 },
  },
  {
    group: FLOWS,
    label: 'troppe richieste (429), senza dire fino a quando',
    rule: { ...reporting, kind: 'too_many', how: 'none' },
  },
  {
    group: FLOWS,
    label: 'la prima chiave non vale (401)',
    rule: { ...reporting, kind: 'unauthorized' },
  },
  {
    group: FLOWS,
    label: 'la seconda pagina risponde 500',
    rule: { ...reporting, kind: 'broken_page', match: { page: 2 } },
  },
  {
    group: FLOWS,
    label: 'la prima pagina arriva troncata',
    rule: { ...reporting, kind: 'broken_page', how: 'truncated' },
  },
  {
    group: FLOWS,
    label: 'arrivano flussi mentre si sfoglia l’elenco',
    rule: { ...reporting, kind: 'shifting' },
  },
  {
    group: FLOWS,
    label: 'spariscono flussi mentre si sfoglia l’elenco',
    rule: { ...reporting, kind: 'shifting', how: 'removed' },
  },
  { group: FLOWS, label: 'la pagina è vuota', rule: { ...reporting, kind: 'empty' } },
  { group: FLOWS, label: 'la pagina ripete una riga', rule: { ...reporting, kind: 'duplicate_index' } },
  { group: FLOWS, label: 'risponde dopo 10 secondi', rule: { ...reporting, kind: 'slow', ms: 10_000 } },
  { group: FLOWS, label: 'trattiene la risposta fino a «Rilascia»', rule: { ...reporting, kind: 'barrier' } },
  { group: FLOWS, label: 'chiude la connessione', rule: { ...reporting, kind: 'drop' } },
  { group: FLOWS, label: 'errore 500', rule: { ...reporting, kind: 'http_500' } },
  { group: FLOWS, label: 'risponde JSON troncato', rule: { ...reporting, kind: 'malformed' } },
  { group: MAIL, label: 'rifiuta per ora (450)', rule: { ...smtp, kind: 'refuse', code: 450 } },
  { group: MAIL, label: 'rifiuta per sempre (550)', rule: { ...smtp, kind: 'refuse', code: 550 } },
  { group: MAIL, label: 'tace dopo il messaggio', rule: { ...smtp, kind: 'hang' } },
  { group: MAIL, label: 'prende il messaggio e riaggancia', rule: { ...smtp, kind: 'drop' } },
  ...NODE_OPERATIONS.map((operation) => ({
    group: 'Il nodo è spento (HTML 502)',
    label: operation,
    rule: { operation, kind: 'html_502' } satisfies NewRule,
  })),
]

export const PRESETS: readonly Preset[] = LIST.map((preset, index) => ({ ...preset, id: `p${index}` }))
