import type { FormDefinitionInput } from '../form/definition.ts'
import type { SeedTributo } from './model.ts'
import { chooseOne, importo, MONTHS, numero, wholeYear } from './fields.ts'

/**
 * The eleven tributes of a new installation, with the taxonomy of municipalities (tipo ente 01). Each ente confirms the
 * code that it uses. The causale never names a person.
 */
export const seedTributi: readonly SeedTributo[] = [
  tributo('LUCE_VOTIVA', 'Canone luce votiva cimiteriale', '9/0114100TS/', {
    fields: [
      {
        kind: 'choice',
        id: 'cimitero',
        label: { it: 'Cimitero', en: 'Cemetery', de: 'Friedhof' },
        options: [
          { value: 'capoluogo', label: 'Capoluogo' },
          { value: 'san-biagio', label: 'Frazione San Biagio' },
        ],
      },
      {
        kind: 'dependent_choice',
        id: 'settore',
        label: { it: 'Settore', en: 'Section', de: 'Abteilung' },
        on: 'cimitero',
        options: {
          capoluogo: [
            { value: 'a', label: 'A' },
            { value: 'b', label: 'B' },
            { value: 'c', label: 'C' },
          ],
          'san-biagio': [{ value: 'unico', label: 'Unico' }],
        },
      },
      {
        kind: 'rows',
        id: 'lampade',
        label: { it: 'Lampada', en: 'Lamp', de: 'Lampe' },
        max: 4,
        fields: [
          numero('numero', 'Numero della lampada', 'Si trova sulla lettera del Comune, per esempio 12/B'),
        ],
      },
      wholeYear,
      {
        kind: 'amount_computed',
        id: 'importo',
        label: { it: 'Canone annuo', en: 'Yearly fee', de: 'Jahresgebühr' },
        help: { it: '18,50 € per lampada', en: '18,50 € per lamp', de: '18,50 € pro Lampe' },
        expression: 'count(lampade) * 18.50',
      },
    ],
    causale: 'Canone luce votiva ${anno} - lampade n. ${lampade.numero}',
  }),
  tributo('CONCESSIONE_CIMITERIALE', 'Concessioni cimiteriali', '9/0114100TS/', {
    fields: [
      chooseOne('concessione', 'Tipo di concessione', ['Loculo', 'Ossario', 'Cappella di famiglia']),
      numero('contratto', 'Numero del contratto', 'Per esempio 45/2026'),
      importo,
    ],
    causale: 'Concessione cimiteriale ${concessione} - contratto ${contratto}',
  }),
  tributo('CONTRIBUTO_COSTRUZIONE', 'Contributo di costruzione', '9/0105102TS/', {
    fields: [
      numero('pratica', 'Numero della pratica edilizia', 'Per esempio PDC/118/2026'),
      chooseOne('voce', 'Voce', [
        'Urbanizzazione primaria',
        'Urbanizzazione secondaria',
        'Costo di costruzione',
      ]),
      {
        kind: 'number',
        id: 'rata',
        label: 'Numero della rata',
        help: '1 se paghi tutto insieme',
        min: 1,
        max: 8,
      },
      importo,
    ],
    causale: 'Contributo di costruzione pratica ${pratica} - ${voce} - rata ${rata}',
  }),
  tributo('COSAP_TOSAP', 'Cosap/Tosap', '9/0101107TS/', {
    fields: [
      {
        kind: 'choice',
        id: 'zona',
        label: 'Zona',
        options: [
          { value: 'centro', label: 'Centro storico', worth: '1.20' },
          { value: 'resto', label: 'Resto del territorio', worth: '0.70' },
        ],
      },
      { kind: 'text', id: 'luogo', label: 'Via o piazza', maxLength: 40 },
      { kind: 'number', id: 'metri', label: 'Metri quadrati', min: 1, max: 10_000, decimals: 2 },
      { kind: 'date', id: 'dal', label: 'Primo giorno di occupazione', from: -365, to: 365 },
      { kind: 'date', id: 'al', label: 'Ultimo giorno di occupazione', from: -365, to: 730 },
      {
        kind: 'amount_computed',
        id: 'importo',
        label: 'Importo',
        help: 'Metri quadrati, per giorni, per tariffa della zona; almeno 5,00 €',
        expression: 'if(al < dal, 0, max(5, round(metri * (days(dal, al) + 1) * worth(zona))))',
      },
    ],
    causale: 'Occupazione suolo pubblico ${luogo} mq ${metri} dal ${dal} al ${al}',
  }),
  tributo('DIRITTI_VARI', 'Diritti vari', '9/0105107TS/', {
    fields: [
      chooseOne('diritto', 'Diritto', ['Segreteria', 'Pratica SUAP', "Ricerca d'archivio", 'Copia di atti']),
      {
        kind: 'text',
        id: 'nota',
        label: 'Riferimento',
        help: 'Facoltativo, per esempio il protocollo',
        required: false,
      },
      importo,
    ],
    causale: 'Diritti ${diritto} ${nota}',
  }),
  tributo('MENSA_SCOLASTICA', 'Mensa scolastica', '9/0107101TS/', {
    fields: [
      chooseOne('scuola', 'Scuola', ['Infanzia Arcobaleno', 'Primaria Don Milani', 'Secondaria Galilei']),
      {
        kind: 'rows',
        id: 'alunni',
        label: { it: 'Alunno', en: 'Pupil', de: 'Schüler' },
        max: 3,
        fields: [
          numero('codice', "Codice dell'alunno", 'Si trova nella lettera di iscrizione, per esempio M-1042'),
          {
            kind: 'choice',
            id: 'fascia',
            label: { it: 'Fascia ISEE', en: 'ISEE band', de: 'ISEE-Stufe' },
            options: [
              { value: 'a', label: 'Fino a 8.000 € (2,10 € a pasto)', worth: '2.10' },
              { value: 'b', label: 'Da 8.000 a 20.000 € (4,35 € a pasto)', worth: '4.35' },
              { value: 'c', label: 'Oltre 20.000 € (5,20 € a pasto)', worth: '5.20' },
            ],
          },
          {
            kind: 'number',
            id: 'pasti',
            label: { it: 'Numero di pasti', en: 'Number of meals', de: 'Anzahl der Mahlzeiten' },
            min: 1,
            max: 200,
          },
        ],
      },
      {
        kind: 'amount_computed',
        id: 'importo',
        label: { it: 'Importo', en: 'Amount', de: 'Betrag' },
        help: 'Pasti per la tariffa della fascia, sommati fra gli alunni',
        expression: 'sum(alunni, pasti * worth(fascia))',
      },
    ],
    causale: 'Mensa scolastica ${scuola} - pasti ${alunni.pasti} - codici ${alunni.codice}',
    bilancio: [
      { capitolo: 'E3010', ufficio: 'SCUOLA', importo: 'round(totale * 0.9)' },
      { capitolo: 'E3011', ufficio: 'SCUOLA', accertamento: 'IVA', importo: 'resto' },
    ],
  }),
  tributo('RETTA_ASILO_NIDO', 'Rette asilo nido', '9/0107100TS/', {
    fields: [
      chooseOne('nido', 'Nido', ['Il Girasole', 'La Coccinella']),
      numero('utente', 'Codice del bambino', 'Si trova nella lettera di iscrizione, per esempio N-0217'),
      chooseOne('mese', 'Mese', MONTHS),
      wholeYear,
      importo,
    ],
    causale: 'Retta nido ${nido} - codice ${utente} - ${mese} ${anno}',
  }),
  tributo('TRASPORTO_SCOLASTICO', 'Trasporto scolastico', '9/0107102SP/', {
    fields: [
      chooseOne('linea', 'Linea', [
        'Linea A - Capoluogo',
        'Linea B - Frazioni',
        'Linea C - Zona industriale',
      ]),
      numero('utente', "Codice dell'alunno", 'Si trova nella lettera di iscrizione, per esempio T-0388'),
      chooseOne('periodo', 'Periodo', ['Primo quadrimestre', 'Secondo quadrimestre']),
      { kind: 'amount_fixed', id: 'importo', label: 'Tariffa del periodo', importo: 12_000 },
    ],
    causale: 'Trasporto scolastico ${linea} - codice ${utente} - ${periodo}',
  }),
  tributo('UTILIZZO_LOCALI', 'Utilizzo locali', '9/0105100SP/', {
    fields: [
      {
        kind: 'choice',
        id: 'locale',
        label: { it: 'Locale', en: 'Room', de: 'Raum' },
        options: [
          { value: 'sala-civica', label: 'Sala civica', worth: '25' },
          { value: 'palestra', label: 'Palestra', worth: '18.50' },
          { value: 'sala-consiliare', label: 'Sala consiliare', worth: '40' },
        ],
      },
      { kind: 'date', id: 'giorno', label: 'Giorno di utilizzo', only: 'future', to: 365 },
      { kind: 'number', id: 'ore', label: 'Numero di ore', min: 1, max: 12 },
      {
        kind: 'money',
        id: 'cauzione',
        label: 'Cauzione',
        help: 'Solo se la chiede il regolamento',
        required: false,
      },
      {
        kind: 'amount_computed',
        id: 'importo',
        label: 'Importo',
        help: 'Tariffa oraria del locale per le ore, più la cauzione',
        expression: 'ore * worth(locale) + cauzione',
      },
    ],
    causale: 'Utilizzo ${locale} del ${giorno} ore ${ore}',
  }),
  tributo('VERBALE_AMMINISTRATIVO', 'Verbale amministrativo', '9/0102105SA/', {
    fields: [
      numero('verbale', 'Numero del verbale', 'Per esempio VA/311/2026'),
      { kind: 'date', id: 'giorno', label: 'Data del verbale', only: 'past' },
      importo,
    ],
    causale: 'Verbale amministrativo n. ${verbale} del ${giorno}',
  }),
  tributo('VIOLAZIONE_CDS', 'Violazione al codice della strada', '9/0102100SA/', {
    fields: [
      numero('verbale', 'Numero del verbale', 'Per esempio V/20417/2026'),
      { kind: 'date', id: 'giorno', label: 'Data della notifica', only: 'past', from: -60 },
      { kind: 'text', id: 'targa', label: 'Targa', maxLength: 10, format: 'targa' },
      { kind: 'money', id: 'sanzione', label: 'Sanzione scritta sul verbale', max: 500_000 },
      { kind: 'money', id: 'spese', label: 'Spese di notifica', required: false, max: 5_000 },
      {
        kind: 'amount_computed',
        id: 'importo',
        label: 'Importo',
        help: 'Entro 5 giorni dalla notifica la sanzione è ridotta del 30%',
        expression: 'if(days(giorno, oggi) <= 5, round(sanzione * 0.7), sanzione) + spese',
      },
    ],
    causale: 'Violazione codice della strada verbale n. ${verbale} del ${giorno}',
  }),
]

function tributo(
  code: string,
  name: string,
  datiSpecificiRiscossione: string,
  form: FormDefinitionInput,
): SeedTributo {
  return { code, name, datiSpecificiRiscossione, form }
}
