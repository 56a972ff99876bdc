/** The kinds of exports, with the ending of the file of each. A workbook (XLSX) is an archive too. */
export const EXPORT_ENDINGS = { paid: 'zip', expired: 'zip', dues: 'xlsx' } as const

export type ExportKind = keyof typeof EXPORT_ENDINGS

/** The name of the file of an export, as people save it. */
export const exportFileName = ({ kind, baseName }: { kind: ExportKind; baseName: string }): string =>
  `${baseName}.${EXPORT_ENDINGS[kind]}`
