import type { FormDefinitionInput } from '../form/definition.ts'
import type { SeedTributo } from './model.ts'
import { chooseOne, importo, MONTHS, numero, wholeYear } from './fields.ts'

/**
 * The eleven tributes every installation starts with; taxonomy of municipalities (tipo ente 01).
 * Each ente confirms the code it uses. The causale never names a person.
 */
export const seedTributi: readonly SeedTributo[] = [
  tributo('LUCE_VOTIVA', 'Canone luce votiva cimiteriale', '9/0114100TS/', {
    fields: [
      chooseOne('cimitero', 'Cimitero', ['Capoluogo', 'Frazione San Biagio', "Frazione Ca' Bianca"]),
      numero('posizione', 'Numero della lampada', 'Si trova sulla lettera del Comune, per esempio 12/B'),
      wholeYear,
      { kind: 'amount_fixed', id: 'importo', label: 'Canone annuo', importo: 1850 },
    ],
    causale: 'Canone luce votiva ${anno} - ${cimitero} - lampada ${posizione}',
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
      chooseOne('occupazione', 'Occupazione', ['Permanente', 'Temporanea']),
      { kind: 'text', id: 'luogo', label: 'Via o piazza', maxLength: 40 },
      {
        kind: 'number',
        id: 'metri',
        label: 'Metri quadrati',
        help: 'Arrotonda per eccesso',
        min: 1,
        max: 10_000,
      },
      { kind: 'date', id: 'dal', label: 'Primo giorno di occupazione' },
      importo,
    ],
    causale: 'Occupazione suolo pubblico ${occupazione} ${luogo} mq ${metri} dal ${dal}',
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
      numero('utente', "Codice dell'alunno", 'Si trova nella lettera di iscrizione, per esempio M-1042'),
      { kind: 'number', id: 'pasti', label: 'Numero di pasti', min: 1, max: 200 },
      importo,
    ],
    causale: 'Mensa scolastica ${scuola} - codice ${utente} - pasti ${pasti}',
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
      chooseOne('locale', 'Locale', ['Sala civica', 'Palestra', 'Sala consiliare']),
      { kind: 'date', id: 'giorno', label: 'Giorno di utilizzo', only: 'future' },
      { kind: 'number', id: 'ore', label: 'Numero di ore', min: 1, max: 12 },
      importo,
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
      { kind: 'date', id: 'giorno', label: 'Data del verbale', only: 'past' },
      { kind: 'text', id: 'targa', label: 'Targa', maxLength: 10, format: 'targa' },
      importo,
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
