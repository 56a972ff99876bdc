import { wireImporto } from '../money.ts'
import { writeCsvLine } from './csv-line.ts'
import { FLOW_COLUMNS, type ColumnHeader, type FlowFormat } from '../flow/columns.ts'
import type { RowFields } from '../flow/structure.ts'
import type { FlowDue } from '../flow/values.ts'

/**
 * The line of a loaded row in the `_IUV` file: its columns as they came, with the IUV, the tipo versamento and amounts
 * in full. Source: docs/field/files.md#outcome-files.
 */
export function outcomeLine(
  format: FlowFormat,
  row: RowFields,
  due: FlowDue,
  iuv: string | undefined,
): string {
  const written: Partial<Record<ColumnHeader, string>> = {
    codIuv: iuv ?? '',
    tipoIdentificativoUnivoco: due.pagatore.tipo,
    codiceIdentificativoUnivoco: due.pagatore.codice,
    importoDovuto: wireImporto(due.importo),
    commissioneCaricoPa: due.commissione === undefined ? '' : wireImporto(due.commissione),
    tipoVersamento: due.tipoVersamento,
    importoVersamentoEnteSecondario: due.secondary ? wireImporto(due.secondary.importo) : '',
  }
  return writeCsvLine(FLOW_COLUMNS[format].map(({ header }) => written[header] ?? row[header]))
}
