import { describe, expect, it } from 'vitest'
import { FLOW_COLUMNS, FLOW_FORMATS, type Column, type ColumnHeader, type FlowFormat } from './columns.ts'
import { rejectOf } from '../wire/flow-reject.ts'
import { checkStructure } from './structure.ts'

/**
 * Stage A as the manual of files describes it, written independently of the product's own table: name in the texts,
 * length. Source: docs/field/files.md#versions, docs/field/files.md#stage-a.
 */
const NAMES: Record<ColumnHeader, [name: string, max: number]> = {
  IUD: ['COD_IUD', 35],
  codIuv: ['COD_IUV', 35],
  tipoIdentificativoUnivoco: ['TIPO_IDENTIFICATIVO_UNIVOCO', 1],
  codiceIdentificativoUnivoco: ['CODICE_IDENTIFICATIVO_UNIVOCO', 35],
  anagraficaPagatore: ['ANAGRAFICA_PAGATORE', 70],
  indirizzoPagatore: ['INDIRIZZO_PAGATORE', 70],
  civicoPagatore: ['CIVICO_PAGATORE', 16],
  capPagatore: ['CAP_PAGATORE', 16],
  localitaPagatore: ['LOCALITA_PAGATORE', 35],
  provinciaPagatore: ['PROVINCIA_PAGATORE', 2],
  nazionePagatore: ['NAZIONE_PAGATORE', 2],
  mailPagatore: ['EMAIL_PAGATORE', 256],
  dataEsecuzionePagamento: ['DATA_SCADENZA_PAGAMENTO', 10],
  importoDovuto: ['IMPORTO_DOVUTO', 15],
  commissioneCaricoPa: ['COMMISSIONE_CARICO_PA', 15],
  tipoDovuto: ['TIPO_DOVUTO', 64],
  tipoVersamento: ['TIPO_VERSAMENTO', 32],
  causaleVersamento: ['CAUSALE_VERSAMENTO', 1024],
  datiSpecificiRiscossione: ['DATI_SPECIFICI_RISCOSSIONE', 140],
  bilancio: ['BILANCIO', 4096],
  flgGeneraIuv: ['FLAG_GENERA_IUV', 5],
  flagMultiBeneficiario: ['FLAG_MULTI_BENEFICIARIO', 5],
  codiceFiscaleEnteSecondario: ['CODICE_FISCALE_ENTE_SECONDARIO', 11],
  denominazioneEnteSecondario: ['DENOMINAZIONE_ENTE_SECONDARIO', 70],
  ibanAccreditoEnteSecondario: ['IBAN_ACCREDITO_ENTE_SECONDARIO', 35],
  indirizzoEnteSecondario: ['INDIRIZZO_ENTE_SECONDARIO', 70],
  civicoEnteSecondario: ['CIVICO_ENTE_SECONDARIO', 16],
  capEnteSecondario: ['CAP_ENTE_SECONDARIO', 16],
  localitaEnteSecondario: ['LOCALITA_ENTE_SECONDARIO', 35],
  provinciaEnteSecondario: ['PROVINCIA_ENTE_SECONDARIO', 35],
  nazioneEnteSecondario: ['NAZIONE_ENTE_SECONDARIO', 2],
  datiSpecificiRiscossioneEnteSecondario: ['DATI_SPECIFICI_RISCOSSIONE_ENTE_SECONDARIO', 140],
  causaleVersamentoEnteSecondario: ['CAUSALE_ENTE_SECONDARIO', 1024],
  importoVersamentoEnteSecondario: ['IMPORTO_VERSAMENTO_ENTE_SECONDARIO', 15],
  azione: ['AZIONE', 1],
}

const MANDATORY: readonly ColumnHeader[] = [
  'IUD',
  'tipoIdentificativoUnivoco',
  'codiceIdentificativoUnivoco',
  'anagraficaPagatore',
  'importoDovuto',
  'tipoDovuto',
  'causaleVersamento',
  'datiSpecificiRiscossione',
  'azione',
]
const MANDATORY_WITH_SECONDARY: readonly ColumnHeader[] = [
  'codiceFiscaleEnteSecondario',
  'denominazioneEnteSecondario',
  'ibanAccreditoEnteSecondario',
  'importoVersamentoEnteSecondario',
]
const COLUMN_COUNTS: Record<FlowFormat, number> = { '1_0': 20, '1_1': 20, '1_2': 21, '1_3': 22, '1_4': 35 }
const DATE_TEXT = '|dataScadenzaPagamento:wrong DATE pattern or wrong DATE data'

const USUAL: Partial<Record<ColumnHeader, string>> = {
  tipoIdentificativoUnivoco: 'F',
  importoDovuto: '24.50',
  importoVersamentoEnteSecondario: '2.50',
  dataEsecuzionePagamento: '2099-09-30',
  commissioneCaricoPa: '',
  flgGeneraIuv: 'true',
  flagMultiBeneficiario: 'true',
  azione: 'I',
}

/** A row with a value in each column of its version; `given` replaces some of them. */
const rowOf = (format: FlowFormat, given: Partial<Record<ColumnHeader, string>> = {}): string[] =>
  FLOW_COLUMNS[format].map(({ header }) => given[header] ?? USUAL[header] ?? 'x')

const found = (format: FlowFormat, given: Partial<Record<ColumnHeader, string>>): unknown => {
  const checked = checkStructure(format, rowOf(format, given))
  return checked.kind === 'row' ? 'accepted' : rejected(checked)
}
const rejected = (checked: ReturnType<typeof checkStructure>): unknown =>
  checked.kind === 'row' ? checked : rejectOf(checked.reasons)

const syntax = (text: string) => ({ code: 'PAA_IMPORT_SINTASSI_CSV', text })

const everyColumn = FLOW_FORMATS.flatMap((format) =>
  FLOW_COLUMNS[format].map((column) => [format, column.header, column] as [FlowFormat, ColumnHeader, Column]),
)
const of = (kind: Column['kind']) => everyColumn.filter(([, , column]) => column.kind === kind)

const maxOf = (format: FlowFormat, header: ColumnHeader): number =>
  header === 'causaleVersamento' && format === '1_0' ? 140 : NAMES[header][1]
const isMandatory = (format: FlowFormat, header: ColumnHeader): boolean =>
  MANDATORY.includes(header) ||
  MANDATORY_WITH_SECONDARY.includes(header) ||
  (header === 'dataEsecuzionePagamento' && (format === '1_0' || format === '1_1'))

describe('the length of a field', () => {
  it.each(of('text'))('%s %s', (format, header) => {
    const [name] = NAMES[header]
    const max = maxOf(format, header)
    expect(found(format, { [header]: 'à'.repeat(max) })).toBe('accepted')
    // A character outside the basic plane counts as one, as in the database.
    expect(found(format, { [header]: '𝒳'.repeat(max) })).toBe('accepted')
    expect(found(format, { [header]: 'à'.repeat(max + 1) })).toEqual(syntax(`|${name} TROPPO GRANDE`))
    expect(found(format, { [header]: '𝒳'.repeat(max + 1) })).toEqual(syntax(`|${name} TROPPO GRANDE`))
  })
})

describe('a field left blank', () => {
  it.each(everyColumn)('%s %s', (format, header) => {
    const name = header === 'IUD' ? 'IUD' : NAMES[header][0]
    const expected = isMandatory(format, header) ? syntax(`|${name} NON PRESENTE`) : 'accepted'
    expect(found(format, { [header]: '' })).toEqual(expected)
  })
})

describe('an amount', () => {
  it.each(of('amount'))('%s %s', (format, header) => {
    const [name] = NAMES[header]
    for (const text of ['0', '0.00', '0.01', '10.5', '1000000000.00', '9999999999', '007'])
      expect([text, found(format, { [header]: text })]).toEqual([text, 'accepted'])
    for (const text of ['24,50', '-5', '+5', '1e3', '12d', '12.345', '.50', '10.', '10000000000', '1 000'])
      expect(found(format, { [header]: text })).toEqual(syntax(`|${name} NON CONFROME: ${text}`))
    expect(found(format, { [header]: '1'.repeat(15) })).toEqual(
      syntax(`|${name} NON CONFROME: ${'1'.repeat(15)}`),
    )
    expect(found(format, { [header]: '1'.repeat(16) })).toEqual(syntax(`|${name} TROPPO GRANDE`))
  })
})

describe('a flag', () => {
  it.each(of('flag'))('%s %s', (format, header) => {
    const [name] = NAMES[header]
    for (const text of ['true', 'FALSE', 'True', ''])
      expect([text, found(format, { [header]: text })]).toEqual([text, 'accepted'])
    for (const text of ['1', 'si', 'vero!', 'fals'])
      expect(found(format, { [header]: text })).toEqual(syntax(`|${name} NON CONFORME`))
    expect(found(format, { [header]: 'falses' })).toEqual(syntax(`|${name} TROPPO GRANDE`))
  })
})

describe('a due date', () => {
  it.each(of('day'))('%s %s', (format, header) => {
    for (const text of ['2026-03-31', '2028-02-29', '2000-01-01'])
      expect([text, found(format, { [header]: text })]).toEqual([text, 'accepted'])
    for (const text of [
      '31/03/2026',
      '2026-3-31',
      '2026-02-29',
      '2030-02-31',
      '2026-13-01',
      '2026-00-10',
      '2026-03-31T00:00',
      '20260331',
      'domani',
    ])
      expect([text, found(format, { [header]: text })]).toEqual([text, syntax(DATE_TEXT)])
  })
})

describe('the number of columns', () => {
  it.each(FLOW_FORMATS)('%s', (format) => {
    const values = rowOf(format)
    expect(values).toHaveLength(COLUMN_COUNTS[format])
    expect(checkStructure(format, values).kind).toBe('row')
    expect(rejected(checkStructure(format, values.slice(0, -1)))).toEqual(
      syntax('ERRORE GENERICO NELLA LETTURA DELLA RIGA DEL CSV'),
    )
    expect(rejected(checkStructure(format, [...values, '']))).toEqual(syntax('|Too many columns'))
  })

  it('that is too high is reported first, and the other checks still run', () => {
    const values = rowOf('1_0', { IUD: '', azione: '' })
    expect(rejected(checkStructure('1_0', [...values, 'I']))).toEqual(
      syntax('|Too many columns|IUD NON PRESENTE|AZIONE NON PRESENTE'),
    )
  })
})

describe('several faults', () => {
  it('of a row are reported in the order of its columns, one per field', () => {
    const given = {
      IUD: 'x'.repeat(36),
      importoDovuto: '24,50',
      provinciaPagatore: 'VEN',
      causaleVersamento: '',
      flgGeneraIuv: 'no',
      importoVersamentoEnteSecondario: `24,${'5'.repeat(15)}`,
    }
    expect(found('1_4', given)).toEqual(
      syntax(
        '|COD_IUD TROPPO GRANDE|PROVINCIA_PAGATORE TROPPO GRANDE|IMPORTO_DOVUTO NON CONFROME: 24,50|CAUSALE_VERSAMENTO NON PRESENTE' +
          '|FLAG_GENERA_IUV NON CONFORME|IMPORTO_VERSAMENTO_ENTE_SECONDARIO TROPPO GRANDE',
      ),
    )
  })
})

describe('the columns of the second beneficiary', () => {
  const broken = Object.fromEntries(
    FLOW_COLUMNS['1_4']
      .filter(({ isSecondary }) => isSecondary)
      .map(({ header, max }) => [header, 'x'.repeat(max + 1)]),
  )

  it.each(['false', 'FALSE', ''])('are not read when the flag is %j', (flagMultiBeneficiario) => {
    const checked = checkStructure('1_4', rowOf('1_4', { ...broken, flagMultiBeneficiario }))
    expect(checked).toMatchObject({ kind: 'row', row: { codiceFiscaleEnteSecondario: '' } })
  })

  it('are twelve, and all of them are read when it is true in any case', () => {
    const checked = checkStructure('1_4', rowOf('1_4', { ...broken, flagMultiBeneficiario: 'TRUE' }))
    expect(checked.kind === 'reject' ? checked.reasons : []).toHaveLength(12)
  })
})

it('each version has the columns of its manual, with the same mandatory ones', () => {
  for (const [format, header, column] of everyColumn) {
    const { label, max, isMandatory: must } = column
    expect([format, header, label, max, must]).toEqual([
      format,
      header,
      NAMES[header][0],
      maxOf(format, header),
      isMandatory(format, header),
    ])
  }
})

describe('a text that people read', () => {
  const WORDS: readonly ColumnHeader[] = [
    'anagraficaPagatore',
    'localitaPagatore',
    'causaleVersamento',
    'denominazioneEnteSecondario',
    'localitaEnteSecondario',
    'causaleVersamentoEnteSecondario',
  ]
  const checked = (header: ColumnHeader, value: string): string => {
    const given: Partial<Record<ColumnHeader, string>> = { flagMultiBeneficiario: 'true', [header]: value }
    const values = FLOW_COLUMNS['1_4'].map((column) => given[column.header] ?? '')
    const found = checkStructure('1_4', values)
    return found.kind === 'reject' ? rejectOf(found.reasons).text : ''
  }

  it.each(WORDS)('is refused when it has an invisible character: %s', (header) => {
    const text = `|${NAMES[header][0]} NON CONFORME`
    for (const unseen of [
      '\t',
      '\r',
      '\u0007',
      '\u0085',
      '\u2028',
      '\u200b',
      '\u200e',
      '\u202e',
      '\u2066',
      '\ufeff',
    ])
      expect([unseen, checked(header, `Mensa${unseen}scolastica`)]).toEqual([
        unseen,
        expect.stringContaining(text),
      ])
    expect(checked(header, 'Mensa scolastica – àèìòù “2026” 5 €')).not.toContain(text)
  })
})
