/** The answers of the manual (docs/it/) for each page, by the name of its template. Tests look for pages without one. */
export const STAFF_HELP: Readonly<Record<string, readonly string[]>> = {
  'operator/enti': ['operatore#non-vedo-un-tipo-dovuto-o-un-ente-perche'],
  'operator/ente': ['operatore#che-cosa-dicono-i-numeri-della-prima-pagina'],
  'operator/flows': [
    'operatore#come-carico-un-flusso',
    'foglio#come-lo-carico',
    'operatore#come-controllo-un-file-senza-caricarlo',
    'operatore#posso-ricaricare-lo-stesso-file',
    'operatore#come-correggo-molti-dovuti-insieme',
  ],
  'operator/flow': [
    'operatore#perche-il-mio-file-e-fermo',
    'operatore#perche-alcune-righe-sono-scartate',
    'operatore#come-correggo-le-righe-scartate',
    'operatore#come-vedo-i-dovuti-di-un-flusso',
  ],
  'operator/draft': [
    'foglio#che-cosa-si-legge-da-se',
    'foglio#perche-alcune-righe-sono-da-correggere',
    'foglio#il-foglio-non-si-legge-che-cosa-faccio',
  ],
  'operator/cancel-flow': ['operatore#come-annullo-un-flusso'],
  'operator/dues': [
    'operatore#come-trovo-un-dovuto',
    'molti-dovuti#come-li-scelgo',
    'operatore#come-porto-i-dovuti-trovati-in-un-foglio-di-calcolo',
    'sportello#come-creo-un-dovuto-allo-sportello',
  ],
  'operator/bulk-confirm': [
    'molti-dovuti#che-cosa-dice-la-pagina-di-conferma',
    'molti-dovuti#perche-dice-che-il-risultato-e-cambiato',
  ],
  'operator/bulk-acts': ['molti-dovuti#che-cosa-succede-dopo', 'molti-dovuti#chi-vede-le-operazioni'],
  'operator/bulk-act': [
    'molti-dovuti#che-cosa-ha-lasciato-e-perche',
    'molti-dovuti#posso-fermarla',
    'molti-dovuti#dove-trovo-il-file',
  ],
  'operator/new-due': ['sportello#come-creo-un-dovuto-allo-sportello'],
  'operator/new-due-form': [
    'sportello#come-creo-un-dovuto-allo-sportello',
    'sportello#che-cosa-c-e-nelle-parti-chiuse',
    'sportello#come-scrivo-il-bilancio',
    'sportello#la-pagina-dice-che-il-codice-fiscale-non-va-che-cosa-faccio',
  ],
  'operator/edit-due': [
    'operatore#come-correggo-o-annullo-un-dovuto',
    'sportello#che-cosa-c-e-nelle-parti-chiuse',
    'sportello#come-scrivo-il-bilancio',
  ],
  'operator/due': [
    'sportello#come-stampo-l-avviso',
    'operatore#come-correggo-o-annullo-un-dovuto',
    'operatore#il-cittadino-dice-di-aver-pagato-ma-il-dovuto-e-in-pagamento-iniziato-che-cosa-faccio',
  ],
  'operator/send-notice': ['avvisi-email#come-ne-mando-uno-io', 'avvisi-email#che-cosa-c-e-scritto'],
  'operator/notice-mails': [
    'avvisi-email#che-cosa-e-successo-a-un-avviso',
    'avvisi-email#quando-non-partono',
    'avvisi-email#il-debitore-non-li-vuole-piu',
  ],
  'operator/cancel-due': ['operatore#come-correggo-o-annullo-un-dovuto'],
  'operator/reporting': ['riconciliazione#da-dove-vengono-i-flussi', 'riconciliazione#come-trovo-un-flusso'],
  'operator/reporting-flow': [
    'riconciliazione#che-cosa-c-e-in-un-flusso',
    'riconciliazione#un-flusso-e-da-guardare-perche',
  ],
  'operator/exports': ['operatore#come-esporto-i-pagamenti'],
  'anomaly/list': ['anomalie#dove-le-trovo', 'anomalie#che-cosa-vuol-dire-ciascuna-e-che-cosa-posso-fare'],
  'anomaly/anomaly': [
    'anomalie#e-arrivato-denaro-due-volte-che-cosa-faccio',
    'anomalie#un-dovuto-e-pagato-a-meta-che-cosa-faccio',
    'anomalie#che-cosa-vuol-dire-ciascuna-e-che-cosa-posso-fare',
  ],
  'admin/home': ['amministrare#come-porto-un-nuovo-ente-all-avvio'],
  'admin/enti': ['amministrare#come-porto-un-nuovo-ente-all-avvio'],
  'admin/new-ente': ['amministrare#come-porto-un-nuovo-ente-all-avvio'],
  'admin/ente': [
    'amministrare#come-e-fatta-la-pagina-di-un-ente',
    'amministrare#come-porto-un-nuovo-ente-all-avvio',
    'operatore#che-cosa-cambia-con-il-tipo-di-adesione',
  ],
  'admin/ente-section': [
    'amministrare#come-cambio-un-dato',
    'amministrare#ho-cambiato-l-iban-e-la-pagina-mostra-ancora-quello-di-prima-perche',
    'operatore#che-cosa-fanno-le-funzioni-di-un-ente',
  ],
  'admin/logo': ['amministrare#come-cambio-un-dato'],
  'admin/confirm': ['operatore#chi-sa-che-ho-cambiato-la-configurazione'],
  'admin/form-editor': ['amministrare#come-cambio-un-prezzo', 'moduli#che-cosa-vale-per-ogni-campo'],
  'admin/due-types': ['amministrare#come-cambio-un-prezzo'],
  'admin/due-type': [
    'amministrare#come-cambio-un-prezzo',
    'avvisi-email#come-si-accendono',
    'amministrare#ho-cambiato-l-iban-e-la-pagina-mostra-ancora-quello-di-prima-perche',
  ],
  'admin/catalogue': ['amministrare#come-cambio-un-prezzo'],
  'admin/due-type-enti': ['amministrare#come-cambio-un-prezzo'],
  'admin/ente-operators': [
    'amministrare#come-abilito-una-persona-e-come-cambio-che-cosa-puo-fare',
    'operatore#perche-il-nome-di-un-operatore-non-cambia-quando-lo-abilito',
  ],
  'admin/operators': ['amministrare#come-abilito-una-persona-e-come-cambio-che-cosa-puo-fare'],
  'admin/operator': ['operatore#perche-il-nome-di-un-operatore-non-cambia-quando-lo-abilito'],
  'admin/software': [
    'operatore#come-collego-il-software-dell-ente',
    'operatore#come-cambio-la-password-del-software-senza-fermarlo',
  ],
  'admin/accesses': ['operatore#chi-ha-visto-i-dati-di-un-cittadino'],
  'admin/journal': ['operatore#dove-leggo-i-messaggi-scambiati-con-pagopa'],
  'admin/message': ['operatore#dove-leggo-i-messaggi-scambiati-con-pagopa'],
  'admin/numbers': ['operatore#quanti-pagamenti-si-concludono-e-dove-si-fermano'],
  'support/search': [
    'operatore#un-cittadino-chiede-di-un-pagamento-fermo-dove-lo-trovo',
    'anomalie#che-cos-e-da-guardare',
  ],
  'support/queue': ['anomalie#che-cos-e-da-guardare'],
  'support/payment': [
    'cittadino#ho-pagato-ma-la-pagina-dice-che-state-verificando',
    'cittadino#che-cosa-vuol-dire-lo-stato-di-un-pagamento',
  ],
  'support/message': ['operatore#dove-leggo-i-messaggi-scambiati-con-pagopa'],
}

/** The same for pages of citizens, where the manual of the help desk answers citizens too. Other pages have the answers of "Aiuto". */
export const CITIZEN_HELP: Readonly<Record<string, readonly string[]>> = {
  'citizen/home': ['cittadino#come-si-paga'],
  'citizen/enti': ['cittadino#come-si-paga'],
  'citizen/ente': ['cittadino#come-si-paga'],
  'citizen/notice': ['cittadino#come-si-paga'],
  'citizen/cart': ['cittadino#il-carrello-rifiuta-una-voce'],
  'citizen/versante': ['cittadino#paga-un-altra-persona'],
}
