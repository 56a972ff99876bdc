/** Columns of the export of paid dues, by version. Source: docs/field/files.md#paid-dues. */

export const EXPORT_FORMATS = ['1_0', '1_1', '1_2', '1_3'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

const party = (role: string): string[] =>
  `codiceUnitOper denomUnitOper indirizzo civico cap localita provincia nazione`
    .split(' ')
    .map((name) => `${name}${role}`)

const subject = (prefix: string, role: string): string[] => [
  `${prefix}TipoIdentificativoUnivoco`,
  `${prefix}CodiceIdentificativoUnivoco`,
  ...'anagrafica indirizzo civico cap localita provincia nazione email'
    .split(' ')
    .map((name) => `${name}${role}`),
]

const BASE: readonly string[] = [
  'iuf',
  'numRigaFlusso',
  'codIud',
  'codIuv',
  'versioneOggetto',
  'identificativoDominio',
  'identificativoStazioneRichiedente',
  'identificativoMessaggioRicevuta',
  'dataOraMessaggioRicevuta',
  'riferimentoMessaggioRichiesta',
  'riferimentoDataRichiesta',
  'tipoIdentificativoUnivoco',
  'codiceIdentificativoUnivoco',
  'denominazioneAttestante',
  ...party('Attestante'),
  'enteBenefTipoIdentificativoUnivoco',
  'enteBenefCodiceIdentificativoUnivoco',
  'denominazioneBeneficiario',
  ...party('Beneficiario'),
  ...subject('soggVers', 'Versante'),
  ...subject('soggPag', 'Pagatore'),
  'codiceEsitoPagamento',
  'importoTotalePagato',
  'identificativoUnivocoVersamento',
  'codiceContestoPagamento',
  'singoloImportoPagato',
  'esitoSingoloPagamento',
  'dataEsitoSingoloPagamento',
  'identificativoUnivocoRiscoss',
  'causaleVersamento',
  'datiSpecificiRiscossione',
  'tipoDovuto',
]

const RECEIPT: readonly string[] = [
  'tipoFirma',
  'rt',
  'indiceDatiSingoloPagamento',
  'numRtDatiPagDatiSingPagCommissioniApplicatePsp',
  'codRtDatiPagDatiSingPagAllegatoRicevutaTipo',
  'blbRtDatiPagDatiSingPagAllegatoRicevutaTest',
]

const PRIMARY_ENTE: readonly string[] = ['cod_fiscale_pa1', 'de_nome_pa1', 'cod_tassonomico_dovuto_pa1']

/** The columns of a version. Version 1_0 has the receipt columns only if `withReceipt` is true. */
export function exportColumns(format: ExportFormat, withReceipt: boolean): string[] {
  return [
    ...BASE,
    ...(withReceipt || format !== '1_0' ? RECEIPT : []),
    ...(format === '1_2' || format === '1_3' ? ['bilancio'] : []),
    ...(format === '1_3' ? PRIMARY_ENTE : []),
  ]
}

/** The value used in place of a due type when an ente exports its shares of dues that other enti collected. */
export const SECONDARY_DUE_TYPE = 'EXPORT_ENTE_SECONDARIO'

/**
 * Name of an archive and of the file in it. `at` is Rome local time, "2026-03-31T10:15:07". Source:
 * docs/field/files.md#export-names.
 */
export function exportName(
  format: ExportFormat,
  { codIpa, number, at }: { codIpa: string; number: number; at: string },
): string {
  if (format === '1_0') return `${number}_ESTRAZIONE_DOVUTI_${at.replace('T', '_').replaceAll(':', '_')}`
  return `${codIpa}-${number}_ESTRAZIONE_DOVUTI_${at.replaceAll(/[-T:]/g, '')}-${format}`
}

/** Columns of the export of dues that expired on one day. Source: docs/field/files.md#expired-dues. */
export const EXPIRED_HEADER =
  'IUD;codIuv;dataCreazione;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;' +
  'civicoPagatore;capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;' +
  'importoDovuto;commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;bilancio;flgGeneraIuv'
