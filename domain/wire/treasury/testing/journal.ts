/** One movement of a journal; what is left out has the value of an ordinary credit. An empty value leaves the element out. */
export function journalMovement(given: Readonly<Record<string, string>> = {}): string {
  const { cliente = 'BANCA', extra = '', ...rest } = given
  const fields = {
    tipo_movimento: 'ENTRATA',
    tipo_documento: 'SOSPESO ENTRATA',
    tipo_operazione: 'ESEGUITO',
    numero_documento: '0000007',
    importo: '10.50',
    numero_bolletta_quietanza: '0000070',
    numero_bolletta_quietanza_storno: '0000000',
    data_movimento: '2025-07-15',
    causale: 'TESTO',
    ...rest,
  }
  const elements = Object.entries(fields).map(([name, text]) =>
    text === '' ? '' : `<${name}>${text}</${name}>`,
  )
  return `<movimento_conto_evidenza>${elements.join('')}<cliente><anagrafica_cliente>${cliente}</anagrafica_cliente></cliente>${extra}</movimento_conto_evidenza>`
}

/** A signed journal of one account. */
export const journal = (movements: string, { head = '', codiceFiscale = '99999900014' } = {}): string =>
  `<flusso_giornale_di_cassa><Signature/><testata_messaggio><codice_ABI_BT>99999</codice_ABI_BT>
<data_ora_creazione_flusso>2025-07-16T02:31:45</data_ora_creazione_flusso><codice_fiscale_ente>${codiceFiscale}</codice_fiscale_ente>
<codice_ente_BT>0099001</codice_ente_BT></testata_messaggio>${head}<esercizio>2025</esercizio>
<informazioni_conto_evidenza><conto_evidenza>1</conto_evidenza>${movements}</informazioni_conto_evidenza></flusso_giornale_di_cassa>`
