import { describe, expect, it } from 'vitest'
import { iuv17, iuv25 } from '../iuv.ts'
import { bilancioTotal } from '../wire/read-bilancio.ts'
import type { ColumnHeader } from './columns.ts'
import { rejectOf, type Reject } from '../wire/flow-reject.ts'
import { VALUE_ERRORS, type ValueError } from './reason.ts'
import { aFlowDueType } from './testing/due-type.ts'
import { checkStructure, type RowFields } from './structure.ts'
import { checkValues, type FlowSettings, type FlowDueType } from './values.ts'
import { FLOW_COLUMNS } from './columns.ts'

const dueType = (code: string, given: Partial<FlowDueType> = {}): [string, FlowDueType] => [
  code,
  aFlowDueType({ id: code, code, ...given }),
]

const SETTINGS: FlowSettings = {
  codIpa: 'C_Q999',
  domain: '99999900014',
  enteName: 'Comune di Borgo Fittizio',
  iban: 'IT61H9999912345000000000001',
  applicationCode: '12',
  codes: ['12'],
  lastDrawn: { '12': 41 },
  usedRanges: [{ code: '12', first: 500, last: 600 }],
  // TIPO_SPENTO is missing here because it is not active.
  dueTypes: new Map([
    dueType('LUCE_VOTIVA', { dueOnBinding: true }),
    dueType('UTILIZZO_LOCALI'),
    dueType('DIRITTI_VARI', { anonymousPayer: true }),
    dueType('MARCA_BOLLO_DIGITALE'),
  ]),
  taxonomy: new Set(['9/0201102IM/']),
  today: '2026-03-31',
}

type Given = Partial<Record<ColumnHeader, string>>

const GOOD: Given = {
  IUD: 'X-1',
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  dataEsecuzionePagamento: '2030-09-30',
  importoDovuto: '24.50',
  tipoDovuto: 'UTILIZZO_LOCALI',
  causaleVersamento: 'Palestra comunale',
  datiSpecificiRiscossione: '9/0105100SP/SALA',
  azione: 'I',
}
const SECOND: Given = {
  flagMultiBeneficiario: 'true',
  codiceFiscaleEnteSecondario: '99999900022',
  denominazioneEnteSecondario: 'Provincia Immaginaria',
  ibanAccreditoEnteSecondario: 'IT32I9999954321000000000002',
  datiSpecificiRiscossioneEnteSecondario: '9/0201102IM/TEFA',
  importoVersamentoEnteSecondario: '2.50',
}

/** The row after stage A. A row that stage A refuses cannot be a case of stage C, so it throws. */
function rowOf(given: Given): RowFields {
  const values = FLOW_COLUMNS['1_4'].map(({ header }) => given[header] ?? '')
  const checked = checkStructure('1_4', values)
  if (checked.kind === 'reject') throw new Error(`stage A: ${rejectOf(checked.reasons).text}`)
  return checked.row
}

const valueReject = (errors: readonly ValueError[]): Reject =>
  rejectOf(errors.map((error) => ({ kind: 'value', error })))

function errorsOf(given: Given, settings: Partial<FlowSettings> = {}): ValueError[] {
  const checked = checkValues(rowOf({ ...GOOD, ...given }), { ...SETTINGS, ...settings }, bilancioTotal)
  return checked.kind === 'errors' ? checked.errors : []
}

const MANUAL = "Per maggiori informazioni fare riferimento al manuale 'Integrazione Ente'"
const T = (field: string): string => `Errore sintassi CSV campo ${field}. ${MANUAL}`

interface Case {
  code: string
  text: string
  /** `bare`: no bar before its code. `blank`: a blank before its text. */
  oddity?: 'bare' | 'blank'
  accepted: readonly (Given & { on?: string })[]
  refused: readonly (Given & { on?: string })[]
}

const each = (header: ColumnHeader, ...values: string[]): Given[] =>
  values.map((value) => ({ [header]: value }))
const secondEach = (header: ColumnHeader, ...values: string[]): Given[] =>
  values.map((value) => ({ ...SECOND, [header]: value }))

const bilancio = (...lines: string[]): string =>
  `<bilancio><capitolo><codCapitolo>3010/1</codCapitolo>${lines.join('')}</capitolo></bilancio>`
const line = (importo: string, code = '<codAccertamento>2025/1</codAccertamento>'): string =>
  `<accertamento>${code}<importo>${importo}</importo></accertamento>`

const OURS = iuv17({ segregationCode: '12', progressive: 41 })
const OURS_NOT_DRAWN = iuv17({ segregationCode: '12', progressive: 42 })
const USED = iuv17({ segregationCode: '12', progressive: 600 })
const BEHIND_USED = iuv17({ segregationCode: '12', progressive: 601 })
const THEIRS = iuv17({ segregationCode: '12', progressive: 31, sil: '01' })
const wrongDigit = (iuv: string): string => iuv.slice(0, -1) + String((Number(iuv.at(-1)) + 1) % 10)
/** The RF check digits of ISO 11649, written independently of the product's code. */
function rf(reference: string): string {
  const digits = [...`${reference}RF00`].map((character) => parseInt(character, 36)).join('')
  return `RF${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${reference}`
}
const IUV15 = '010000000004276'
const RF_99 = iuv25({ segregationCode: '12', tipoVersamentoId: '99', progressive: 42 })
/** A reference of the ente's own software: 25 characters that do not end as ours do. */
const RF_OF_ENTE = rf('120100000000000420001')
const RF_01 = iuv25({ segregationCode: '12', tipoVersamentoId: '01', progressive: 42 })

/** Stage C, row by row of docs/field/files.md#stage-c: values just accepted beside values just refused. */
const CASES: Record<ValueError, Case> = {
  iud: {
    code: 'IUD',
    text: T('IUD'),
    accepted: each('IUD', '00X-1', '0', 'X000', '001'),
    refused: each(
      'IUD',
      '000',
      '000X-1',
      '000'.padEnd(35, '1'),
      'A\u200b-1',
      'A\u202e-1',
      'A\t1',
      // 35 characters as written, but 70 in the form that is compared (NFC).
      '\u0958'.repeat(35),
    ),
  },
  iuv: {
    code: 'IUV',
    text: T('codIuv'),
    accepted: [
      { codIuv: '' },
      { codIuv: THEIRS },
      { codIuv: THEIRS, flgGeneraIuv: 'true' },
      // A number of the platform: M and A rows name it, and an I row brings it back after its file was cancelled.
      { codIuv: OURS, azione: 'M' },
      { codIuv: OURS, azione: 'A' },
      { codIuv: OURS, flgGeneraIuv: 'true' },
      // A number that an older system printed.
      { codIuv: USED, flgGeneraIuv: 'true' },
      { codIuv: IUV15, on: '2024-04-30' },
      { codIuv: IUV15, azione: 'M' },
      { codIuv: IUV15, azione: 'A' },
      { codIuv: RF_99 },
      { codIuv: RF_OF_ENTE },
    ],
    refused: [
      { codIuv: wrongDigit(THEIRS) },
      { codIuv: wrongDigit(THEIRS), flgGeneraIuv: 'true' },
      { codIuv: wrongDigit(THEIRS), azione: 'M' },
      { codIuv: iuv17({ segregationCode: '13', progressive: 31, sil: '01' }) },
      { codIuv: iuv17({ segregationCode: '13', progressive: 31, sil: '01' }), azione: 'M' },
      { codIuv: OURS },
      { codIuv: OURS, flgGeneraIuv: 'false' },
      { codIuv: OURS_NOT_DRAWN, flgGeneraIuv: 'true' },
      { codIuv: BEHIND_USED, flgGeneraIuv: 'true' },
      { codIuv: IUV15, on: '2024-05-01' },
      { codIuv: IUV15 },
      { codIuv: wrongDigit(IUV15), on: '2024-04-30' },
      { codIuv: '000000000004276', azione: 'M' },
      { codIuv: RF_01 },
      { codIuv: `RF99${RF_99.slice(4)}` },
      { codIuv: RF_99.toLowerCase() },
      { codIuv: THEIRS.slice(1) },
      { codIuv: `${THEIRS}0` },
      { codIuv: `A${THEIRS.slice(1)}` },
      { codIuv: '1' },
      { codIuv: 'x'.repeat(35) },
    ],
  },
  dueTypeUnknown: {
    code: 'TIPO_DOVUTO_INESISTENTE',
    text: 'Errore sintassi CSV campo tipoDovuto non presente in archivio',
    accepted: each('tipoDovuto', 'UTILIZZO_LOCALI'),
    refused: each('tipoDovuto', 'TIPO_SPENTO', 'MAI_VISTO', 'utilizzo_locali'),
  },
  stampDuty: {
    code: 'TIPO_DOVUTO_NON_VALIDO_MARCA_DA_BOLLO',
    text: 'Errore sintassi CSV campo tipoDovuto, marca da bollo non supportato per import',
    accepted: each('tipoDovuto', 'DIRITTI_VARI'),
    refused: each('tipoDovuto', 'MARCA_BOLLO_DIGITALE'),
  },
  codiceFiscale: {
    code: 'COD_FISC',
    text: `Errore sintassi CSV Codice fiscale non valido. ${MANUAL}`,
    oddity: 'bare',
    accepted: [
      ...each('codiceIdentificativoUnivoco', 'bncchr85h52m999m', 'BNCCHRURHRNMVVVM', '01234560009'),
      { codiceIdentificativoUnivoco: 'ANONIMO', tipoDovuto: 'DIRITTI_VARI' },
      { codiceIdentificativoUnivoco: 'anonimo', tipoDovuto: 'DIRITTI_VARI', tipoIdentificativoUnivoco: 'f' },
    ],
    refused: each(
      'codiceIdentificativoUnivoco',
      'BNCCHR85H52M999N',
      'BNCCHR85H52M999',
      '01234560008',
      'ANONIMO',
      'UN NOME',
    ),
  },
  partitaIva: {
    code: 'P_IVA',
    text: `Errore sintassi CSV campo P.IVA non valida. ${MANUAL}`,
    accepted: each('codiceIdentificativoUnivoco', '01234560009').map((given) => ({
      ...given,
      tipoIdentificativoUnivoco: 'g',
    })),
    refused: each(
      'codiceIdentificativoUnivoco',
      '01234560008',
      '00000000000',
      'BNCCHR85H52M999M',
      '0123456000',
      'ANONIMO',
    ).map((given) => ({ ...given, tipoIdentificativoUnivoco: 'G', tipoDovuto: 'DIRITTI_VARI' })),
  },
  kindOfPerson: {
    code: 'ID_UNIV_FG',
    text: T('tipoIdentificativoUnivoco'),
    accepted: each('tipoIdentificativoUnivoco', 'F', 'f'),
    refused: each('tipoIdentificativoUnivoco', 'X', '1'),
  },
  indirizzo: {
    code: 'INDIRIZZO',
    text: T('indirizzoPagatore'),
    accepted: each('indirizzoPagatore', '', 'Via Forlì 1/A, int. 3°', 'Šmarje pri Kopru'),
    refused: each('indirizzoPagatore', 'Via\tRoma', 'Via \u202eamoR', 'Via\u200bRoma', 'Via\u00a0Roma\r'),
  },
  civico: {
    code: 'CIVICO',
    text: T('civicoPagatore'),
    accepted: each('civicoPagatore', '', '12/A', 'SNC ~', '!"#$%&()*+,-./:;'.slice(0, 16)),
    refused: each('civicoPagatore', '12°', 'à', '1\u007f', '1\t2'),
  },
  nazione: {
    code: 'NAZ',
    text: T('nazionePagatore'),
    accepted: each('nazionePagatore', '', 'IT', 'it', 'FR'),
    refused: each('nazionePagatore', 'XX', 'I', '12'),
  },
  provincia: {
    code: 'PROV',
    text: T('provinciaPagatore'),
    accepted: [
      { nazionePagatore: 'IT', provinciaPagatore: 'VE' },
      { nazionePagatore: 'it', provinciaPagatore: 've' },
      { nazionePagatore: 'IT', provinciaPagatore: '' },
      { nazionePagatore: 'FR', provinciaPagatore: 'ZZ' },
      { nazionePagatore: '', provinciaPagatore: 'ZZ' },
    ],
    refused: [
      { nazionePagatore: 'IT', provinciaPagatore: 'ZZ' },
      { nazionePagatore: 'it', provinciaPagatore: 'V' },
      { nazionePagatore: 'FR', provinciaPagatore: 'Z\u202e' },
    ],
  },
  cap: {
    code: 'CAP',
    text: T('capPagatore'),
    accepted: each('capPagatore', '', '99010', 'SW1A1AA', 'a'.repeat(16)),
    refused: each('capPagatore', '99-010', '990 10', 'à'),
  },
  email: {
    code: 'EMAIL',
    text: T('emailPagatore'),
    accepted: each('mailPagatore', '', 'chiara@example.org', "o'hara+1@a.b-c", 'a@b'),
    refused: each('mailPagatore', 'chiara', 'chiara@', '@example.org', 'a@b@c', 'a b@c.it', 'à@c.it'),
  },
  dueOnMissing: {
    code: 'DATA_SCADENZA_PAGAMENTO_NON_PRESENTE',
    text: 'Errore sintassi CSV campo dataScadenzaPagamento, non presente. Deve essere valorizzata per questo tipo dovuto',
    accepted: [
      { dataEsecuzionePagamento: '', tipoDovuto: 'UTILIZZO_LOCALI' },
      // A past due date is accepted here; stage D decides about it.
      { dataEsecuzionePagamento: '2000-01-01', tipoDovuto: 'LUCE_VOTIVA' },
    ],
    refused: [{ dataEsecuzionePagamento: '', tipoDovuto: 'LUCE_VOTIVA' }],
  },
  importoZero: {
    code: 'IMPORTO',
    text: T('importoDovuto'),
    oddity: 'blank',
    accepted: each('importoDovuto', '0.01', '0.1', '10.5', '1'),
    refused: each('importoDovuto', '0', '0.0', '0.00', '000'),
  },
  importoTooBig: {
    code: 'IMPORTO',
    text: `Errore sintassi CSV campo importoDovuto. ImportoSingoloVersamento non valido. ${MANUAL}`,
    oddity: 'blank',
    accepted: each('importoDovuto', '999999999.99', '999999999'),
    refused: each('importoDovuto', '1000000000.00', '1000000000', '9999999999.99'),
  },
  commissione: {
    code: 'COMMISSIONI_PA',
    text: T('commissioneCaricoPa'),
    oddity: 'blank',
    accepted: each('commissioneCaricoPa', '', '0.00', '1.5', '999999999.99'),
    refused: each('commissioneCaricoPa', '1000000000.00'),
  },
  tipoVersamento: {
    code: 'TIPO_VERS',
    text: T('tipoVersamento'),
    accepted: each('tipoVersamento', '', 'ALL', 'BBT', 'BBT|BP|AD|CP|PO|OBEP'),
    refused: each('tipoVersamento', 'ALL|BBT', 'BBT|ALL', 'XYZ', 'BBT|', '|', 'BBT,CP', 'bbt', 'all'),
  },
  datiSpecifici: {
    code: 'DATI_RISCOSS',
    text: T('datiSpecificiRiscossione'),
    accepted: each(
      'datiSpecificiRiscossione',
      '0/abc',
      '1/abc',
      '2/abc',
      '9/abc',
      `9/${'x'.repeat(138)}`,
      '9/0114100TS/LUCE_VOTIVA',
    ),
    refused: each('datiSpecificiRiscossione', '9/ab', '3/abc', '9abc', '9/a bc', 'x9/abc', '/abc'),
  },
  bilancio: {
    code: 'BILANCIO',
    text: T('bilancio'),
    accepted: each(
      'bilancio',
      '',
      bilancio(line('24.50')),
      bilancio(line('24.50', '')),
      bilancio('<codUfficio>U1</codUfficio>', line('20.00'), line('4.50')),
      bilancio(line('20.00'), line('4.50')),
      `<bilancio><capitolo><codCapitolo>${'c'.repeat(12)}</codCapitolo>${line('24.50')}</capitolo></bilancio>`,
    ),
    refused: each(
      'bilancio',
      bilancio(line('24.49')),
      bilancio(line('24.51')),
      bilancio(line('20.00'), line('4.51')),
      bilancio(line('24.5')),
      bilancio(line('24,50')),
      bilancio(line('')),
      bilancio('<accertamento><codAccertamento>1</codAccertamento></accertamento>', line('24.50')),
      bilancio(line('24.50', '<codAccertamento></codAccertamento>')),
      bilancio(line('24.50', `<codAccertamento>${'a'.repeat(33)}</codAccertamento>`)),
      bilancio(`<codUfficio>${'u'.repeat(17)}</codUfficio>`, line('24.50')),
      bilancio(),
      `<bilancio><capitolo>${line('24.50')}</capitolo></bilancio>`,
      `<bilancio><capitolo><codCapitolo></codCapitolo>${line('24.50')}</capitolo></bilancio>`,
      `<bilancio><capitolo><codCapitolo>${'c'.repeat(13)}</codCapitolo>${line('24.50')}</capitolo></bilancio>`,
      '<bilancio></bilancio>',
      bilancio(line('24.50')).replace('</bilancio>', ''),
      bilancio(line('24.50')).replaceAll('bilancio', 'altro'),
      '24.50',
    ),
  },
  secondaryCodiceFiscale: {
    code: 'COD_FISC_ENTE_SECONDARIO',
    text: T('codiceFiscaleEnteSecondario'),
    oddity: 'bare',
    accepted: secondEach('codiceFiscaleEnteSecondario', '99999900022'),
    // The last value is the ente itself: two shares of one ente would be one transfer, not two.
    refused: secondEach(
      'codiceFiscaleEnteSecondario',
      '99999900021',
      '00000000000',
      '9999990002',
      'x',
      '99999900014',
    ),
  },
  secondaryIban: {
    code: 'IBAN_ACCREDITO_ENTE_SECONDARIO',
    text: T('ibanAccreditoEnteSecondario'),
    oddity: 'bare',
    accepted: secondEach('ibanAccreditoEnteSecondario', 'IT10V0760112345001234567890'),
    refused: secondEach(
      'ibanAccreditoEnteSecondario',
      'IT00H9999912345000000000001',
      // The CIN is wrong, the check digits are right.
      'IT28X9999912345000000000001',
      'IT32I999995432100000000000',
      'IT32I99999543210000000000021',
      'FR1420041010050500013M02606',
    ),
  },
  secondaryIndirizzo: {
    code: 'INDIRIZZO_ENTE_SECONDARIO',
    text: T('indirizzoEnteSecondario'),
    accepted: secondEach('indirizzoEnteSecondario', '', 'Piazza Libertà 2'),
    refused: secondEach('indirizzoEnteSecondario', 'Piazza\nLibertà', 'Piazza \u2066Libertà'),
  },
  secondaryCivico: {
    code: 'CIVICO_ENTE_SECONDARIO',
    text: T('civicoEnteSecondario'),
    accepted: secondEach('civicoEnteSecondario', '', '1/B'),
    refused: secondEach('civicoEnteSecondario', '1°'),
  },
  secondaryNazione: {
    code: 'NAZ_ENTE_SECONDARIO',
    text: T('nazioneEnteSecondario'),
    accepted: secondEach('nazioneEnteSecondario', '', 'IT', 'it', 'DE'),
    refused: secondEach('nazioneEnteSecondario', 'XX', 'I'),
  },
  secondaryProvincia: {
    code: 'PROV_ENTE_SECONDARIO',
    text: T('provinciaEnteSecondario'),
    accepted: [
      { ...SECOND, nazioneEnteSecondario: 'IT', provinciaEnteSecondario: 'VE' },
      { ...SECOND, nazioneEnteSecondario: 'DE', provinciaEnteSecondario: 'Bayern' },
      { ...SECOND, nazioneEnteSecondario: '', provinciaEnteSecondario: 'Venezia' },
    ],
    refused: [
      { ...SECOND, nazioneEnteSecondario: 'IT', provinciaEnteSecondario: 'Venezia' },
      { ...SECOND, nazioneEnteSecondario: 'IT', provinciaEnteSecondario: 'ZZ' },
    ],
  },
  secondaryCap: {
    code: 'CAP_ENTE_SECONDARIO',
    text: T('capEnteSecondario'),
    accepted: secondEach('capEnteSecondario', '', '99100'),
    refused: secondEach('capEnteSecondario', '99-100'),
  },
  secondaryDatiSpecifici: {
    code: 'DATI_RISCOSS_ENTE_SECONDARIO',
    text: T('datiSpecificiRiscossioneEnteSecondario'),
    accepted: secondEach(
      'datiSpecificiRiscossioneEnteSecondario',
      '9/0201102IM/',
      '9/0201102IM/TEFA',
      `9/0201102IM/${'x'.repeat(128)}`,
    ),
    refused: secondEach(
      'datiSpecificiRiscossioneEnteSecondario',
      '',
      '9/0201102IM',
      '9/9999999ZZ/TEFA',
      // Up to the last slash, as the old platform reads it, none of these is in the taxonomy.
      '9/0201102IM/A/B',
      '9/0201102IM/A/',
      '9/0201102IM//',
      '1/0201102IM/TEFA',
      '9/0201102IM/TE FA',
      '9/020110IM/TEFA',
    ),
  },
  secondaryImporto: {
    code: 'IMPORTO_VERS_ENTE_SECONDARIO',
    text: T('importoVersamentoEnteSecondario'),
    oddity: 'blank',
    accepted: [
      ...secondEach('importoVersamentoEnteSecondario', '0.01', '2.5', '999999975.49'),
      { ...SECOND, importoDovuto: '0.01', importoVersamentoEnteSecondario: '999999999.98' },
      // Here only the other amount is too large.
      { ...SECOND, importoDovuto: '1000000000.00' },
      { ...SECOND, importoDovuto: '9999999999.99', importoVersamentoEnteSecondario: '999999999.99' },
    ],
    // The payer pays both amounts together. With 24.50 the last but one makes the sum one cent too large.
    refused: secondEach('importoVersamentoEnteSecondario', '0', '0.00', '999999975.50', '1000000000.00'),
  },
}

describe.each(Object.entries(CASES) as [ValueError, Case][])('%s', (error, one) => {
  const { code, text, oddity, accepted, refused } = one

  it('is reported for values just refused, and not for values just accepted', () => {
    const of = ({ on, ...given }: Given & { on?: string }) => [
      given,
      errorsOf(given, on ? { today: on } : {}),
    ]
    for (const given of accepted) {
      const [row, errors] = of(given)
      expect([row, (errors as ValueError[]).includes(error)]).toEqual([row, false])
    }
    for (const given of refused) {
      const [row, errors] = of(given)
      expect([row, (errors as ValueError[]).includes(error)]).toEqual([row, true])
    }
    expect(refused.length).toBeGreaterThan(0)
  })

  it('has its code and text to the letter', () => {
    const bar = oddity === 'bare' ? '' : '|'
    const join = oddity === 'blank' ? ' ' : '|'
    expect(valueReject([error])).toEqual({
      code: `${bar}PAA_IMPORT_SINTASSI_CSV_${code}`,
      text: join + text,
    })
  })
})

it('each error of the catalogue has a case', () => {
  expect(Object.keys(CASES).sort()).toEqual([...VALUE_ERRORS].sort())
})

it.each<[string, string, ValueError[]]>([
  ['1000000000.00', '2.50', ['importoTooBig']],
  ['1000000000.00', '999999999.99', ['importoTooBig']],
  ['10.00', '1000000000.00', ['secondaryImporto']],
  ['1000000000.00', '1000000000.00', ['importoTooBig', 'secondaryImporto']],
  ['1000000000.00', '0', ['importoTooBig', 'secondaryImporto']],
  // Each amount fits, but the sum does not; the second share is reported.
  ['999999999.99', '0.01', ['secondaryImporto']],
  ['999999999.98', '0.01', []],
])('of %s and %s only what is too large is blamed', (importoDovuto, second, errors) => {
  expect(errorsOf({ ...SECOND, importoDovuto, importoVersamentoEnteSecondario: second })).toEqual(errors)
})

describe('several errors of a row', () => {
  const EVERYTHING: Given = {
    IUD: '000X',
    codIuv: '1',
    tipoDovuto: 'MAI_VISTO',
    codiceIdentificativoUnivoco: 'ANONIMO',
    civicoPagatore: '1°',
    nazionePagatore: 'XX',
    provinciaPagatore: 'ZZ',
    capPagatore: '-',
    mailPagatore: 'x',
    importoDovuto: '0',
    commissioneCaricoPa: '1000000000',
    tipoVersamento: 'x',
    datiSpecificiRiscossione: 'x',
    bilancio: 'x',
    ...SECOND,
    codiceFiscaleEnteSecondario: 'x',
    ibanAccreditoEnteSecondario: 'x',
    civicoEnteSecondario: '1°',
    nazioneEnteSecondario: 'XX',
    capEnteSecondario: '-',
    datiSpecificiRiscossioneEnteSecondario: 'x',
    importoVersamentoEnteSecondario: '0',
  }
  const P = 'PAA_IMPORT_SINTASSI_CSV_'

  it('are all reported, in the order of the checks and concatenated as the old platform did', () => {
    const { code, text } = valueReject(errorsOf(EVERYTHING))
    expect(code).toBe(
      `|${P}IUD|${P}IUV|${P}TIPO_DOVUTO_INESISTENTE${P}COD_FISC|${P}CIVICO|${P}NAZ|${P}CAP|${P}EMAIL|${P}IMPORTO` +
        `|${P}COMMISSIONI_PA|${P}TIPO_VERS|${P}DATI_RISCOSS|${P}BILANCIO${P}COD_FISC_ENTE_SECONDARIO` +
        `${P}IBAN_ACCREDITO_ENTE_SECONDARIO|${P}CIVICO_ENTE_SECONDARIO|${P}NAZ_ENTE_SECONDARIO|${P}CAP_ENTE_SECONDARIO` +
        `|${P}DATI_RISCOSS_ENTE_SECONDARIO|${P}IMPORTO_VERS_ENTE_SECONDARIO`,
    )
    expect(text.split(/(?=[| ]Errore sintassi)/)).toEqual([
      `|${T('IUD')}`,
      `|${T('codIuv')}`,
      '|Errore sintassi CSV campo tipoDovuto non presente in archivio',
      `|Errore sintassi CSV Codice fiscale non valido. ${MANUAL}`,
      `|${T('civicoPagatore')}`,
      `|${T('nazionePagatore')}`,
      `|${T('capPagatore')}`,
      `|${T('emailPagatore')}`,
      ` ${T('importoDovuto')}`,
      ` ${T('commissioneCaricoPa')}`,
      `|${T('tipoVersamento')}`,
      `|${T('datiSpecificiRiscossione')}`,
      `|${T('bilancio')}`,
      `|${T('codiceFiscaleEnteSecondario')}`,
      `|${T('ibanAccreditoEnteSecondario')}`,
      `|${T('civicoEnteSecondario')}`,
      `|${T('nazioneEnteSecondario')}`,
      `|${T('capEnteSecondario')}`,
      `|${T('datiSpecificiRiscossioneEnteSecondario')}`,
      ` ${T('importoVersamentoEnteSecondario')}`,
    ])
  })

  it('do not come from columns of the second beneficiary that are not read', () => {
    const errors = errorsOf({ ...EVERYTHING, flagMultiBeneficiario: 'false' })
    expect(errors.filter((error) => error.startsWith('secondary'))).toEqual([])
  })
})

it('a row without errors becomes a due with the values to store', () => {
  const row = rowOf({
    ...GOOD,
    ...SECOND,
    codiceIdentificativoUnivoco: 'bncchr85h52m999m',
    nazionePagatore: 'it',
  })
  const checked = checkValues(row, SETTINGS, bilancioTotal)
  expect(checked).toMatchObject({
    kind: 'due',
    due: {
      importo: 2450,
      tipoVersamento: 'ALL',
      commissione: undefined,
      iuv: undefined,
      generatesIuv: false,
      pagatore: { codice: 'BNCCHR85H52M999M', nazione: 'IT' },
      secondary: { importo: 250, domain: '99999900022' },
    },
  })
})
