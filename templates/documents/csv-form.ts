/** How lists are written for people, who open the file in a spreadsheet: no cell may act as a formula. */
export const CSV_FORM = {
  delimiter: ';',
  record_delimiter: 'windows',
  bom: true,
  escape_formulas: true,
  header: true,
} as const
