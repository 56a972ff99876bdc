/** The answers of the manual (docs/it/) for each page, by the name of its template. Tests look for pages without one. */
export const STAFF_HELP: Readonly<Record<string, readonly string[]>> = {
  'operator/enti': ['operatore#non-vedo-un-tipo-dovuto-o-un-ente-perche'],
  'operator/ente': ['operatore#che-cosa-dicono-i-numeri-della-prima-pagina'],
  'operator/flows': [
    'operatore#come-carico-un-flusso',
    'operatore#posso-ricaricare-lo-stesso-file',
    'operatore#come-correggo-molti-dovuti-insieme',
  ],
  'operator/flow': [
    'operatore#perche-il-mio-file-e-fermo',
    'operatore#perche-alcune-righe-sono-scartate',
    'operatore#come-vedo-i-dovuti-di-un-flusso',
  ],
  'operator/cancel-flow': ['operatore#come-annullo-un-flusso'],
  'operator/dues': ['operatore#come-trovo-un-dovuto', 'sportello#come-creo-un-dovuto-allo-sportello'],
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
  'operator/cancel-due': ['operatore#come-correggo-o-annullo-un-dovuto'],
  'operator/exports': ['operatore#come-esporto-i-pagamenti'],
  'anomaly/list': ['anomalie#dove-le-trovo', 'anomalie#che-cosa-vuol-dire-ciascuna-e-che-cosa-posso-fare'],
  'anomaly/anomaly': [
    'anomalie#e-arrivato-denaro-due-volte-che-cosa-faccio',
    'anomalie#un-dovuto-e-pagato-a-meta-che-cosa-faccio',
    'anomalie#che-cosa-vuol-dire-ciascuna-e-che-cosa-posso-fare',
  ],
  'admin/home': ['operatore#come-porto-un-nuovo-ente-all-avvio'],
  'admin/enti': ['operatore#come-porto-un-nuovo-ente-all-avvio'],
  'admin/new-ente': ['operatore#come-porto-un-nuovo-ente-all-avvio'],
  'admin/ente': [
    'operatore#come-porto-un-nuovo-ente-all-avvio',
    'operatore#che-cosa-cambia-con-il-tipo-di-adesione',
    'operatore#ho-cambiato-l-iban-e-la-pagina-mostra-ancora-quello-di-prima-perche',
  ],
  'admin/confirm-state': ['operatore#come-porto-un-nuovo-ente-all-avvio'],
  'admin/due-types': ['operatore#come-scrivo-il-modulo-di-un-pagamento'],
  'admin/due-type': [
    'operatore#come-scrivo-il-modulo-di-un-pagamento',
    'moduli#che-cosa-vale-per-ogni-campo',
    'operatore#ho-cambiato-l-iban-e-la-pagina-mostra-ancora-quello-di-prima-perche',
  ],
  'admin/catalogue': ['operatore#come-scrivo-il-modulo-di-un-pagamento'],
  'admin/due-type-enti': ['operatore#come-scrivo-il-modulo-di-un-pagamento'],
  'admin/ente-operators': [
    'operatore#come-abilito-una-persona',
    'operatore#perche-il-nome-di-un-operatore-non-cambia-quando-lo-abilito',
  ],
  'admin/operators': ['operatore#come-abilito-una-persona'],
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
