import type { DueDetail } from '../../db/due/dues.ts'
import { formatDay } from '../../domain/calendar.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { cents, wireImporto } from '../../domain/money.ts'
import { ANONYMOUS } from '../../domain/person.ts'
import { readBilancio } from '../../domain/wire/read-bilancio.ts'
import { typedEuro } from '../../templates/format.ts'
import type { Typed } from '../form/read-request.ts'
import { cellsOf, typedRows } from './bilancio-rows.ts'
import { NO_CODE, optionLabel } from './due-fields.ts'

/** The values of a due as a person would have typed them, with those of columns that have no field in the form. */
export function typedOf(due: DueDetail): Typed {
  const lines = due.bilancio === null ? [] : (readBilancio(due.bilancio) ?? [])
  return { ...valuesOf(due), ...typedRows(lines.map((line) => cellsOf(line, line.importo))) }
}

/** The values of a due by column; the bilancio as a text that only shows it. */
export function valuesOf(due: DueDetail): Record<string, string> {
  const { pagatore, shares } = due
  const [first, second] = shares
  const isNobody = pagatore.codice === ANONYMOUS
  const values: Partial<Record<ColumnHeader, string | null | undefined>> = {
    IUD: due.iud,
    tipoDovuto: due.dueTypeCode,
    importoDovuto: typedEuro(first!.cents),
    causaleVersamento: due.causale,
    dataEsecuzionePagamento: due.dueOn,
    datiSpecificiRiscossione: first!.datiSpecifici,
    bilancio: due.bilancio === null ? '' : bilancioText(due.bilancio),
    flgGeneraIuv: String(due.generatesIuv),
    codIuv: due.iuv,
    tipoVersamento: due.tipoVersamento === 'ALL' ? '' : due.tipoVersamento,
    commissioneCaricoPa: due.commissioneCents === null ? '' : wireImporto(cents(due.commissioneCents)),
    tipoIdentificativoUnivoco: isNobody ? NO_CODE : pagatore.tipo,
    codiceIdentificativoUnivoco: isNobody ? '' : pagatore.codice,
    anagraficaPagatore: pagatore.anagrafica,
    mailPagatore: pagatore.email,
    indirizzoPagatore: pagatore.indirizzo,
    civicoPagatore: pagatore.civico,
    capPagatore: pagatore.cap,
    localitaPagatore: pagatore.localita,
    provinciaPagatore: pagatore.provincia,
    nazionePagatore: pagatore.nazione,
    flagMultiBeneficiario: String(second !== undefined),
    codiceFiscaleEnteSecondario: second?.domain,
    denominazioneEnteSecondario: second?.name,
    ibanAccreditoEnteSecondario: second?.iban,
    datiSpecificiRiscossioneEnteSecondario: second?.datiSpecifici,
    indirizzoEnteSecondario: second?.address?.['indirizzo'],
    civicoEnteSecondario: second?.address?.['civico'],
    capEnteSecondario: second?.address?.['cap'],
    localitaEnteSecondario: second?.address?.['localita'],
    provinciaEnteSecondario: second?.address?.['provincia'],
    nazioneEnteSecondario: second?.address?.['nazione'],
    causaleVersamentoEnteSecondario: second?.causale,
    importoVersamentoEnteSecondario: second && typedEuro(second.cents),
  }
  return Object.fromEntries(Object.entries(values).map(([header, value]) => [header, value ?? '']))
}

/** "E3010 SCUOLA: 18,90; E3011 SCUOLA IVA: 2,10"; the text itself when it is no bilancio. */
const bilancioText = (xml: string): string =>
  readBilancio(xml)
    ?.map(
      ({ capitolo, ufficio, accertamento, importo }) =>
        `${[capitolo, ufficio, accertamento].filter(Boolean).join(' ')}: ${typedEuro(importo)}`,
    )
    .join('; ') ?? xml

/** A value of the form as people read it: the label of an option, a day in Italian, or a dash for no value. */
export function shownValue(header: ColumnHeader, value: string): string {
  if (value === '') return '–'
  return header === 'dataEsecuzionePagamento' ? formatDay(value) : optionLabel(header, value)
}
