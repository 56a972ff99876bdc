import { isOneOf, tableOf } from '../table.ts'

/**
 * Columns of the files of dues, by version. Source: docs/field/files.md#versions; labels in error texts:
 * docs/field/files.md#reject-texts.
 */

export const FLOW_FORMATS = ['1_0', '1_1', '1_2', '1_3', '1_4'] as const
export type FlowFormat = (typeof FLOW_FORMATS)[number]

/**
 * `words` are texts that people read, so invisible characters are refused. A `text` has rules of its own in values.ts.
 */
export type ColumnKind = 'text' | 'words' | 'flag' | 'day' | 'amount'

export interface Column {
  /** Name in the header line. */
  header: ColumnHeader
  /** Name in the texts of structural errors, as the old platform wrote it. */
  label: string
  /** Name in the text for a missing value, where it differs from `label`. */
  missingLabel?: string
  /** Maximum length in characters. */
  max: number
  isMandatory: boolean
  /** True for columns of the second beneficiary, which are read only when the row has one. */
  isSecondary: boolean
  kind: ColumnKind
}

type Rule = [header: ColumnHeader, label: string, max: number, extra?: Partial<Column>]

export type ColumnHeader =
  | 'IUD'
  | 'codIuv'
  | 'tipoIdentificativoUnivoco'
  | 'codiceIdentificativoUnivoco'
  | 'anagraficaPagatore'
  | 'indirizzoPagatore'
  | 'civicoPagatore'
  | 'capPagatore'
  | 'localitaPagatore'
  | 'provinciaPagatore'
  | 'nazionePagatore'
  | 'mailPagatore'
  | 'dataEsecuzionePagamento'
  | 'importoDovuto'
  | 'commissioneCaricoPa'
  | 'tipoDovuto'
  | 'tipoVersamento'
  | 'causaleVersamento'
  | 'datiSpecificiRiscossione'
  | 'bilancio'
  | 'flgGeneraIuv'
  | 'flagMultiBeneficiario'
  | 'codiceFiscaleEnteSecondario'
  | 'denominazioneEnteSecondario'
  | 'ibanAccreditoEnteSecondario'
  | 'indirizzoEnteSecondario'
  | 'civicoEnteSecondario'
  | 'capEnteSecondario'
  | 'localitaEnteSecondario'
  | 'provinciaEnteSecondario'
  | 'nazioneEnteSecondario'
  | 'datiSpecificiRiscossioneEnteSecondario'
  | 'causaleVersamentoEnteSecondario'
  | 'importoVersamentoEnteSecondario'
  | 'azione'

const must = { isMandatory: true }
const amount = { kind: 'amount' } as const
const words = { kind: 'words' } as const

const base = (dayIsMandatory: boolean, causaleMax: number): Rule[] => [
  ['IUD', 'COD_IUD', 35, { ...must, missingLabel: 'IUD' }],
  ['codIuv', 'COD_IUV', 35],
  ['tipoIdentificativoUnivoco', 'TIPO_IDENTIFICATIVO_UNIVOCO', 1, must],
  ['codiceIdentificativoUnivoco', 'CODICE_IDENTIFICATIVO_UNIVOCO', 35, must],
  ['anagraficaPagatore', 'ANAGRAFICA_PAGATORE', 70, { ...must, ...words }],
  ['indirizzoPagatore', 'INDIRIZZO_PAGATORE', 70],
  ['civicoPagatore', 'CIVICO_PAGATORE', 16],
  ['capPagatore', 'CAP_PAGATORE', 16],
  ['localitaPagatore', 'LOCALITA_PAGATORE', 35, words],
  ['provinciaPagatore', 'PROVINCIA_PAGATORE', 2],
  ['nazionePagatore', 'NAZIONE_PAGATORE', 2],
  ['mailPagatore', 'EMAIL_PAGATORE', 256],
  ['dataEsecuzionePagamento', 'DATA_SCADENZA_PAGAMENTO', 10, { kind: 'day', isMandatory: dayIsMandatory }],
  ['importoDovuto', 'IMPORTO_DOVUTO', 15, { ...must, ...amount }],
  ['commissioneCaricoPa', 'COMMISSIONE_CARICO_PA', 15, amount],
  ['tipoDovuto', 'TIPO_DOVUTO', 64, must],
  ['tipoVersamento', 'TIPO_VERSAMENTO', 32],
  ['causaleVersamento', 'CAUSALE_VERSAMENTO', causaleMax, { ...must, ...words }],
  ['datiSpecificiRiscossione', 'DATI_SPECIFICI_RISCOSSIONE', 140, must],
]

const BILANCIO: Rule = ['bilancio', 'BILANCIO', 4096]
const GENERATES: Rule = ['flgGeneraIuv', 'FLAG_GENERA_IUV', 5, { kind: 'flag' }]
const AZIONE: Rule = ['azione', 'AZIONE', 1, must]

const second = { isSecondary: true }
const SECONDARY: Rule[] = [
  ['flagMultiBeneficiario', 'FLAG_MULTI_BENEFICIARIO', 5, { kind: 'flag' }],
  ['codiceFiscaleEnteSecondario', 'CODICE_FISCALE_ENTE_SECONDARIO', 11, { ...second, ...must }],
  ['denominazioneEnteSecondario', 'DENOMINAZIONE_ENTE_SECONDARIO', 70, { ...second, ...must, ...words }],
  ['ibanAccreditoEnteSecondario', 'IBAN_ACCREDITO_ENTE_SECONDARIO', 35, { ...second, ...must }],
  ['indirizzoEnteSecondario', 'INDIRIZZO_ENTE_SECONDARIO', 70, second],
  ['civicoEnteSecondario', 'CIVICO_ENTE_SECONDARIO', 16, second],
  ['capEnteSecondario', 'CAP_ENTE_SECONDARIO', 16, second],
  ['localitaEnteSecondario', 'LOCALITA_ENTE_SECONDARIO', 35, { ...second, ...words }],
  ['provinciaEnteSecondario', 'PROVINCIA_ENTE_SECONDARIO', 35, second],
  ['nazioneEnteSecondario', 'NAZIONE_ENTE_SECONDARIO', 2, second],
  ['datiSpecificiRiscossioneEnteSecondario', 'DATI_SPECIFICI_RISCOSSIONE_ENTE_SECONDARIO', 140, second],
  ['causaleVersamentoEnteSecondario', 'CAUSALE_ENTE_SECONDARIO', 1024, { ...second, ...words }],
  [
    'importoVersamentoEnteSecondario',
    'IMPORTO_VERSAMENTO_ENTE_SECONDARIO',
    15,
    { ...second, ...must, ...amount },
  ],
]

const RULES: Record<FlowFormat, Rule[]> = {
  '1_0': [...base(true, 140), AZIONE],
  '1_1': [...base(true, 1024), AZIONE],
  '1_2': [...base(false, 1024), BILANCIO, AZIONE],
  '1_3': [...base(false, 1024), BILANCIO, GENERATES, AZIONE],
  '1_4': [...base(false, 1024), BILANCIO, GENERATES, ...SECONDARY, AZIONE],
}

const columnOf = ([header, label, max, extra]: Rule): Column => ({
  header,
  label,
  max,
  isMandatory: false,
  isSecondary: false,
  kind: 'text',
  ...extra,
})

export const FLOW_COLUMNS: Record<FlowFormat, readonly Column[]> = tableOf(FLOW_FORMATS, (format) =>
  RULES[format].map(columnOf),
)

export const isFlowFormat = (text: string): text is FlowFormat => isOneOf(FLOW_FORMATS, text)
