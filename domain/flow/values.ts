import { isFiscalId, isPartitaIva } from '../codice-fiscale.ts'
import { STAMP_DUTY } from '../due-type.ts'
import { isIban } from '../iban.ts'
import { iudOf, MAX_IUD } from '../iud.ts'
import { isIuv15, isIuv17, isRfIuv } from '../iuv.ts'
import { cents, MAX_IMPORTO, type Cents } from '../money.ts'
import { ANONYMOUS, type Person } from '../person.ts'
import { isPlainText } from '../text.ts'
import { flowAmount } from './amount.ts'
import { isNazione, isProvincia } from './places.ts'
import type { ValueError } from './reason.ts'
import { isTrue, type RowFields } from './structure.ts'

/** What rows are checked against: the ente and its due types at the time of loading. */
export interface FlowSettings {
  codIpa: string
  /** Codice fiscale of the ente. */
  domain: string
  enteName: string
  iban: string
  /** First two digits of its IUVs. */
  applicationCode: string
  /** All codes that its IUVs have ever had, because rows may name numbers that were printed before a change. */
  codes: readonly string[]
  /**
   * Last progressive that the platform drew, by code. A higher number is still free and may be drawn for another due.
   */
  lastDrawn: Readonly<Record<string, number>>
  /** Progressives that an older system has given, first and last included: the platform never draws them. */
  usedRanges: readonly { code: string; first: number; last: number }[]
  /** Active types, by code. */
  dueTypes: ReadonlyMap<string, FlowDueType>
  /** Codes of the taxonomy of pagoPA, as "9/0201102IM/". */
  taxonomy: ReadonlySet<string>
  /** Today in Rome. */
  today: string
}

export interface FlowDueType {
  id: string
  code: string
  /** A due date is mandatory, and a past one is refused. */
  dueOnBinding: boolean
  /** The due date is printed on the notice, so it is mandatory. */
  printDueOn: boolean
  anonymousPayer: boolean
  /** Account of the type, or else of the ente. */
  iban: string
  /** Its dues are told to the debtor by mail when they are born. */
  mailsNotice: boolean
}

export type FlowAction = 'I' | 'M' | 'A'

/** A due with the values of a row. */
export interface FlowDue {
  iud: string
  iuv: string | undefined
  dueType: FlowDueType
  pagatore: Person
  dueOn: string | undefined
  importo: Cents
  commissione: Cents | undefined
  tipoVersamento: string
  causale: string
  datiSpecifici: string
  bilancio: string | undefined
  generatesIuv: boolean
  secondary: FlowSecondary | undefined
}

export interface FlowSecondary {
  domain: string
  name: string
  iban: string
  importo: Cents
  datiSpecifici: string
  causale: string | undefined
  address: Record<string, string>
}

export type CheckedValues = { kind: 'due'; due: FlowDue } | { kind: 'errors'; errors: ValueError[] }

/**
 * Sum of the amounts of a bilancio; undefined when the text is not a bilancio. It is a parameter because only
 * `domain/wire/` reads XML.
 */
export type BilancioReader = (xml: string) => Cents | undefined

/** After this day new dues may not have an IUV of 15 digits. Source: docs/field/files.md#iuv-in-a-row. */
const LAST_DAY_OF_IUV15 = '2024-04-30'

/**
 * Stage C: checks every value of a row with a valid structure and reports all errors. Source:
 * docs/field/files.md#stage-c.
 */
export function checkValues(
  row: RowFields,
  settings: FlowSettings,
  bilancioTotal: BilancioReader,
): CheckedValues {
  const dueType = settings.dueTypes.get(row.tipoDovuto)
  const importo = flowAmount(row.importoDovuto)
  const hasSecondary = isTrue(row.flagMultiBeneficiario)
  const secondaryImporto = hasSecondary ? flowAmount(row.importoVersamentoEnteSecondario) : cents(0)
  const found: (ValueError | undefined | false)[] = [
    !isAcceptableIud(row.IUD) && 'iud',
    !isAcceptableIuv(row, settings) && 'iuv',
    dueTypeError(row, dueType),
    payerError(row, dueType),
    !isPlainText(row.indirizzoPagatore) && 'indirizzo',
    !isPrintableAscii(row.civicoPagatore) && 'civico',
    !isKnownNazione(row.nazionePagatore) && 'nazione',
    !isKnownProvincia(row.nazionePagatore, row.provinciaPagatore) && 'provincia',
    !isCap(row.capPagatore) && 'cap',
    row.mailPagatore !== '' && !EMAIL.test(row.mailPagatore) && 'email',
    row.dataEsecuzionePagamento === '' && dueType?.dueOnBinding === true && 'dueOnMissing',
    importo === 0 && 'importoZero',
    importo > MAX_IMPORTO && 'importoTooBig',
    row.commissioneCaricoPa !== '' && flowAmount(row.commissioneCaricoPa) > MAX_IMPORTO && 'commissione',
    !isTipoVersamento(row.tipoVersamento) && 'tipoVersamento',
    !isDatiSpecifici(row.datiSpecificiRiscossione) && 'datiSpecifici',
    row.bilancio !== '' && bilancioTotal(row.bilancio) !== importo && 'bilancio',
  ]
  const errors = found.filter((error): error is ValueError => Boolean(error))
  if (hasSecondary) errors.push(...secondaryErrors(row, settings, importo, secondaryImporto))
  if (errors.length > 0) return { kind: 'errors', errors }
  return {
    kind: 'due',
    due: dueOf(row, dueType!, importo, hasSecondary ? secondaryOf(row, secondaryImporto) : undefined),
  }
}

function secondaryErrors(
  row: RowFields,
  { domain, taxonomy }: FlowSettings,
  importo: Cents,
  secondaryImporto: Cents,
): ValueError[] {
  const code = row.codiceFiscaleEnteSecondario
  const dati = row.datiSpecificiRiscossioneEnteSecondario
  const found: (ValueError | false)[] = [
    // Two shares of the same ente would be one transfer, not two.
    (!isPartitaIva(code) || code === domain) && 'secondaryCodiceFiscale',
    !isIban(row.ibanAccreditoEnteSecondario) && 'secondaryIban',
    !isPlainText(row.indirizzoEnteSecondario) && 'secondaryIndirizzo',
    !isPrintableAscii(row.civicoEnteSecondario) && 'secondaryCivico',
    !isKnownNazione(row.nazioneEnteSecondario) && 'secondaryNazione',
    !isKnownProvincia(row.nazioneEnteSecondario, row.provinciaEnteSecondario) && 'secondaryProvincia',
    !isCap(row.capEnteSecondario) && 'secondaryCap',
    !isTaxonomic(dati, taxonomy) && 'secondaryDatiSpecifici',
    !isSecondShare(secondaryImporto, importo) && 'secondaryImporto',
  ]
  return found.filter((error): error is ValueError => error !== false)
}

/**
 * The payer pays both amounts together, so their sum must also fit in a message. When `importo` alone is too large,
 * only `importo` is reported.
 */
function isSecondShare(share: Cents, importo: Cents): boolean {
  const room = importo > MAX_IMPORTO ? MAX_IMPORTO : MAX_IMPORTO - importo
  return share > 0 && share <= room
}

function dueTypeError(row: RowFields, dueType: FlowDueType | undefined): ValueError | false {
  if (row.tipoDovuto === STAMP_DUTY) return 'stampDuty'
  return dueType === undefined && 'dueTypeUnknown'
}

function payerError(row: RowFields, dueType: FlowDueType | undefined): ValueError | false {
  const kind = row.tipoIdentificativoUnivoco.toUpperCase()
  const code = row.codiceIdentificativoUnivoco.toUpperCase()
  if (kind === 'G') return !isPartitaIva(code) && 'partitaIva'
  if (kind !== 'F') return 'kindOfPerson'
  if (code === ANONYMOUS) return !dueType?.anonymousPayer && 'codiceFiscale'
  return !isFiscalId('F', code) && 'codiceFiscale'
}

/**
 * A new due may bring an IUV of the ente, outside the range that the platform numbers. A row that changes or cancels a
 * due names the IUV of that due, whoever made it, under a code that the ente has or had. Check digits must be right.
 * Source: docs/field/files.md#iuv-in-a-row.
 */
function isAcceptableIuv(row: RowFields, settings: FlowSettings): boolean {
  const iuv = row.codIuv
  if (iuv === '') return true
  const isNew = row.azione === 'I'
  const codes = isNew ? [settings.applicationCode] : settings.codes
  switch (iuv.length) {
    case 15:
      if (isNew && settings.today > LAST_DAY_OF_IUV15) return false
      return !iuv.startsWith('00') && codes.some((code) => isIuv15(iuv, code))
    case 17:
      if (!isIuv17(iuv) || !codes.includes(iuv.slice(0, 2))) return false
      return (
        !isNew || iuv.slice(2, 4) !== PLATFORM_RANGE || (isTrue(row.flgGeneraIuv) && isDrawn(iuv, settings))
      )
    case 25:
      return isRfIuv(iuv) && (!iuv.endsWith('0000') || iuv.slice(6, 8) === '99')
    default:
      return false
  }
}

const PLATFORM_RANGE = '00'

/**
 * True for a number that the platform has already drawn, which comes back when the rows of a cancelled file are loaded
 * again from its `_IUV`, and for a number that an older system gave. Any other number of this range is refused, because
 * two dues would have it on the day it is drawn.
 */
function isDrawn(iuv: string, { lastDrawn, usedRanges }: FlowSettings): boolean {
  const given = { code: iuv.slice(0, 2), progressive: Number(iuv.slice(4, 15)) }
  return (
    given.progressive <= (lastDrawn[given.code] ?? 0) ||
    usedRanges.some(
      ({ code, first, last }) =>
        code === given.code && first <= given.progressive && given.progressive <= last,
    )
  )
}

/** Source: docs/field/files.md#stage-c. The length of the column is checked earlier, in stage A. */
const EMAIL = /^[a-zA-Z0-9_!#$%&'*+/=?`{|}~^.-]+@[a-zA-Z0-9.-]+$/
const DATI_SPECIFICI = /^[0129]\/\S{3,138}$/
const SECONDARY_DATI = /^9\/\d{7}\w{2}\/\S{0,129}$/
const TIPI_VERSAMENTO = new Set(['BBT', 'BP', 'AD', 'CP', 'PO', 'OBEP'])
const ALL = 'ALL'

const isPrintableAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)
const isCap = (text: string): boolean => /^[a-zA-Z0-9]{0,16}$/.test(text)
const isKnownNazione = (text: string): boolean => text === '' || isNazione(text.toUpperCase())

/** The sigla is checked only for Italy. Source: docs/field/files.md#places. */
const isKnownProvincia = (nazione: string, provincia: string): boolean =>
  nazione.toUpperCase() === 'IT'
    ? provincia === '' || isProvincia(provincia.toUpperCase())
    : isPlainText(provincia)

/** The length is checked in NFC, because that form may be longer than the column allows. */
const isAcceptableIud = (text: string): boolean =>
  !text.startsWith('000') && isPlainText(text) && [...iudOf(text)].length <= MAX_IUD

const isDatiSpecifici = (text: string): boolean => DATI_SPECIFICI.test(text) && isPlainText(text)

function isTipoVersamento(text: string): boolean {
  return text === '' || text === ALL || text.split('|').every((token) => TIPI_VERSAMENTO.has(token))
}

/** The text up to the last slash must be a code of the taxonomy. Source: docs/field/files.md#stage-c. */
const isTaxonomic = (text: string, taxonomy: ReadonlySet<string>): boolean =>
  SECONDARY_DATI.test(text) && isPlainText(text) && taxonomy.has(text.slice(0, text.lastIndexOf('/') + 1))

const upper = (text: string): string | undefined => (text === '' ? undefined : text.toUpperCase())
const given = (text: string): string | undefined => (text === '' ? undefined : text)

function dueOf(
  row: RowFields,
  dueType: FlowDueType,
  importo: Cents,
  secondary: FlowSecondary | undefined,
): FlowDue {
  return {
    iud: iudOf(row.IUD),
    iuv: given(row.codIuv),
    dueType,
    pagatore: {
      tipo: row.tipoIdentificativoUnivoco.toUpperCase() === 'G' ? 'G' : 'F',
      codice: row.codiceIdentificativoUnivoco.toUpperCase(),
      anagrafica: row.anagraficaPagatore,
      email: given(row.mailPagatore),
      indirizzo: given(row.indirizzoPagatore),
      civico: given(row.civicoPagatore),
      cap: given(row.capPagatore),
      localita: given(row.localitaPagatore),
      provincia: upper(row.provinciaPagatore),
      nazione: upper(row.nazionePagatore),
    },
    dueOn: given(row.dataEsecuzionePagamento),
    importo,
    commissione: row.commissioneCaricoPa === '' ? undefined : flowAmount(row.commissioneCaricoPa),
    tipoVersamento: row.tipoVersamento || ALL,
    causale: row.causaleVersamento,
    datiSpecifici: row.datiSpecificiRiscossione,
    bilancio: given(row.bilancio),
    generatesIuv: isTrue(row.flgGeneraIuv),
    secondary,
  }
}

function secondaryOf(row: RowFields, importo: Cents): FlowSecondary {
  const address = {
    indirizzo: row.indirizzoEnteSecondario,
    civico: row.civicoEnteSecondario,
    cap: row.capEnteSecondario,
    localita: row.localitaEnteSecondario,
    provincia: row.provinciaEnteSecondario.toUpperCase(),
    nazione: row.nazioneEnteSecondario.toUpperCase(),
  }
  return {
    domain: row.codiceFiscaleEnteSecondario,
    name: row.denominazioneEnteSecondario,
    iban: row.ibanAccreditoEnteSecondario,
    importo,
    datiSpecifici: row.datiSpecificiRiscossioneEnteSecondario,
    causale: given(row.causaleVersamentoEnteSecondario),
    address: Object.fromEntries(Object.entries(address).filter(([, value]) => value !== '')),
  }
}
