import { FLOW_COLUMNS, type ColumnHeader } from '../flow/columns.ts'
import type {
  FieldFault,
  FormReason,
  LineFault,
  Reason,
  SheetReason,
  StateError,
  StateReason,
  ValueError,
} from '../flow/reason.ts'

/**
 * Why a row is rejected, as the outcome file writes it. The texts are exactly those of the old platform, defects
 * included, because software of enti may read them.
 */
export interface Reject {
  /** `cod_rifiuto`. */
  code: string
  /** `de_rifiuto`. */
  text: string
}

const MANUAL = "Per maggiori informazioni fare riferimento al manuale 'Integrazione Ente'"
/** T(x) of docs/field/files.md#reject-texts. */
const fieldText = (name: ColumnHeader | LegacyName): string => `Errore sintassi CSV campo ${name}. ${MANUAL}`

/** Names that differ from the headers of the file. */
type LegacyName = 'emailPagatore' | 'dataScadenzaPagamento'

const STRUCTURE = 'PAA_IMPORT_SINTASSI_CSV'

const structureReject = (text: string): Reject => ({ code: STRUCTURE, text })

interface ValueRule {
  code: string
  text: string
  /** Written before the code. Codes are concatenated with a bar before each; three of them never had one. */
  bar: '|' | ''
  /** Written before the text. Amounts have a blank instead of the bar. */
  join: '|' | ' '
}

const rule = (suffix: string, text: string, given: Partial<ValueRule> = {}): ValueRule => ({
  code: `PAA_IMPORT_SINTASSI_CSV_${suffix}`,
  text,
  bar: '|',
  join: '|',
  ...given,
})

const BARE = { bar: '' } as const
const AMOUNT = { join: ' ' } as const

/** Errors of values, in the order in which a row is checked. Source: docs/field/files.md#stage-c. */
export const VALUE_RULES = {
  iud: rule('IUD', fieldText('IUD')),
  iuv: rule('IUV', fieldText('codIuv')),
  dueTypeUnknown: rule(
    'TIPO_DOVUTO_INESISTENTE',
    'Errore sintassi CSV campo tipoDovuto non presente in archivio',
  ),
  stampDuty: rule(
    'TIPO_DOVUTO_NON_VALIDO_MARCA_DA_BOLLO',
    'Errore sintassi CSV campo tipoDovuto, marca da bollo non supportato per import',
  ),
  codiceFiscale: rule('COD_FISC', `Errore sintassi CSV Codice fiscale non valido. ${MANUAL}`, BARE),
  partitaIva: rule('P_IVA', `Errore sintassi CSV campo P.IVA non valida. ${MANUAL}`),
  kindOfPerson: rule('ID_UNIV_FG', fieldText('tipoIdentificativoUnivoco')),
  indirizzo: rule('INDIRIZZO', fieldText('indirizzoPagatore')),
  civico: rule('CIVICO', fieldText('civicoPagatore')),
  nazione: rule('NAZ', fieldText('nazionePagatore')),
  provincia: rule('PROV', fieldText('provinciaPagatore')),
  cap: rule('CAP', fieldText('capPagatore')),
  email: rule('EMAIL', fieldText('emailPagatore')),
  dueOnMissing: rule(
    'DATA_SCADENZA_PAGAMENTO_NON_PRESENTE',
    'Errore sintassi CSV campo dataScadenzaPagamento, non presente. Deve essere valorizzata per questo tipo dovuto',
  ),
  importoZero: rule('IMPORTO', fieldText('importoDovuto'), AMOUNT),
  importoTooBig: rule(
    'IMPORTO',
    `Errore sintassi CSV campo importoDovuto. ImportoSingoloVersamento non valido. ${MANUAL}`,
    AMOUNT,
  ),
  commissione: rule('COMMISSIONI_PA', fieldText('commissioneCaricoPa'), AMOUNT),
  tipoVersamento: rule('TIPO_VERS', fieldText('tipoVersamento')),
  datiSpecifici: rule('DATI_RISCOSS', fieldText('datiSpecificiRiscossione')),
  bilancio: rule('BILANCIO', fieldText('bilancio')),
  secondaryCodiceFiscale: rule('COD_FISC_ENTE_SECONDARIO', fieldText('codiceFiscaleEnteSecondario'), BARE),
  secondaryIban: rule('IBAN_ACCREDITO_ENTE_SECONDARIO', fieldText('ibanAccreditoEnteSecondario'), BARE),
  secondaryIndirizzo: rule('INDIRIZZO_ENTE_SECONDARIO', fieldText('indirizzoEnteSecondario')),
  secondaryCivico: rule('CIVICO_ENTE_SECONDARIO', fieldText('civicoEnteSecondario')),
  secondaryNazione: rule('NAZ_ENTE_SECONDARIO', fieldText('nazioneEnteSecondario')),
  secondaryProvincia: rule('PROV_ENTE_SECONDARIO', fieldText('provinciaEnteSecondario')),
  secondaryCap: rule('CAP_ENTE_SECONDARIO', fieldText('capEnteSecondario')),
  secondaryDatiSpecifici: rule(
    'DATI_RISCOSS_ENTE_SECONDARIO',
    fieldText('datiSpecificiRiscossioneEnteSecondario'),
  ),
  secondaryImporto: rule(
    'IMPORTO_VERS_ENTE_SECONDARIO',
    fieldText('importoVersamentoEnteSecondario'),
    AMOUNT,
  ),
} as const satisfies Record<ValueError, ValueRule>

/** Concatenates all errors of a row into one code and one text, as the old platform did. */
function valueReject(errors: readonly ValueError[]): Reject {
  const rules = errors.map((error): ValueRule => VALUE_RULES[error])
  return {
    code: rules.map(({ bar, code }) => bar + code).join(''),
    text: rules.map(({ join, text }) => join + text).join(''),
  }
}

/** Source: docs/field/files.md#stage-b, docs/field/files.md#stage-d. */
export const STATE_REJECTS = {
  iudTwiceInFlow: {
    code: 'PAA_IMPORT_IUD_DUPLICATO',
    text: "Errore IUD duplicato all''interno dello stesso flusso",
  },
  azione: { code: 'PAA_IMPORT_SINTASSI_CSV_AZIONE', text: fieldText('azione') },
  notAllowed: barred(
    'PAA_IMPORT_OPERATORE_NO_PERMESSI',
    "L'operatore non ha i permessi per questo tipo dovuto e ente",
  ),
  dueOnRequired: barred(
    'PAA_IMPORT_DATA_SCADENZA_PAGAMENTO_OBBLIGATORIA',
    'dataScadenzaPagamento deve essere valorizzata per questo tipo dovuto',
  ),
  dueOnPast: barred(
    'PAA_IMPORT_DATA_SCADENZA_PAGAMENTO_OBBLIGATORIA',
    'dataScadenzaPagamento deve essere maggiore uguale alla data attuale per questo tipo dovuto',
  ),
  iudTaken: barred(
    'PAA_IMPORT_IUD_DUPLICATO',
    'IUD attivo presente nel database, non si accettano dovuti duplicati',
  ),
  iuvTaken: barred(
    'PAA_IMPORT_IUV_DUPLICATO',
    'IUV attivo presente nel database, non si accettano dovuti duplicati',
  ),
  notPayable: barred(
    'PAA_IMPORT_DOVUTO_NON_PRESENTE',
    'Dovuto non presente o in pagamento nel database, impossibile modificarlo',
  ),
  dueTypeChanged: barred(
    'PAA_IMPORT_TIPO_DOVUTO_NON_MODIFICABILE',
    'Non è possibile modificare il tipo dovuto di un dovuto',
  ),
  iuvChanged: barred('PAA_IMPORT_IUV_DUPLICATO', 'Non è possibile modificare il codice iuv di un dovuto'),
  iuvDropped: barred('PAA_IMPORT_IUV_NO_NULLABLE', 'Non è possibile azzerare il codice iuv di un dovuto'),
} as const satisfies Record<StateError, Reject>

function barred(code: string, text: string): Reject {
  return { code: `|${code}`, text: `|${text}` }
}

const MAX_TEXT = 512

/** For an M or A row whose due does not exist. */
function notFoundReject(iud: string, codIpa: string): Reject {
  const text = `|CODICE PAA_IMPORT_ERROR DESCRIZIONE Dovuto non trovato per IUD [${iud}] e codice IPA Ente [${codIpa}]`
  return { code: 'PAA_IMPORT_ERROR', text: text.slice(0, MAX_TEXT) }
}

const LABELS = new Map(FLOW_COLUMNS['1_4'].map((column) => [column.header, column]))

function formText(reason: FormReason): string {
  if (!('header' in reason)) return LINE_TEXTS[reason.fault]
  const { label, missingLabel = label } = LABELS.get(reason.header)!
  return FIELD_TEXTS[reason.fault]({ label, missingLabel, value: reason.value ?? '' })
}

const LINE_TEXTS: Record<LineFault, string> = {
  unreadable: 'ERRORE GENERICO NELLA LETTURA DELLA RIGA DEL CSV',
  // Nothing of the line can be read, so its first field counts as missing.
  notUtf8: '|IUD NON PRESENTE',
  tooManyColumns: '|Too many columns',
}

type Labels = { label: string; missingLabel: string; value: string }

const FIELD_TEXTS: Record<FieldFault, (of: Labels) => string> = {
  missing: ({ missingLabel }) => `|${missingLabel} NON PRESENTE`,
  tooLong: ({ label }) => `|${label} TROPPO GRANDE`,
  day: () => '|dataScadenzaPagamento:wrong DATE pattern or wrong DATE data',
  flag: ({ label }) => `|${label} NON CONFORME`,
  unseen: ({ label }) => `|${label} NON CONFORME`,
  // The spelling is that of the old platform.
  amount: ({ label, value }) => `|${label} NON CONFROME: ${value}`,
}

const MAX_QUOTED = 40

/** A cell of a spreadsheet that was not converted. The text is one field of the outcome file, so nothing in it may end the field. */
const sheetText = ({ header, value }: SheetReason): string =>
  `|${LABELS.get(header)!.label} NON CONFORME: ${value.replaceAll(/[;"|]/g, ' ').slice(0, MAX_QUOTED)}`

const stateReject = (reason: StateReason): Reject =>
  reason.error === 'notFound' ? notFoundReject(reason.iud, reason.codIpa) : STATE_REJECTS[reason.error]

/** The code and the text of a rejected row. All its reasons are of one stage. */
export function rejectOf(reasons: readonly Reason[]): Reject {
  const state = reasons.find((reason) => reason.kind === 'state')
  if (state) return stateReject(state)
  const errors = reasons.flatMap((reason) => (reason.kind === 'value' ? [reason.error] : []))
  if (errors.length > 0) return valueReject(errors)
  const faults = reasons.flatMap((reason) => {
    if (reason.kind === 'form') return [formText(reason)]
    return reason.kind === 'sheet' ? [sheetText(reason)] : []
  })
  return structureReject(faults.join(''))
}
