import { isFlowFormat, type FlowFormat } from './columns.ts'
import { OUTCOME_FILES } from './import-state.ts'

/** The parts of the name of a file of dues, `<codIpa>-<IUF>-<version>`. */
export interface FlowName {
  /** The whole name without its extension. */
  base: string
  codIpa: string
  iuf: string
  format: FlowFormat
}

export type NameProblem = 'ending' | 'parts' | 'outcome' | 'iuf_malformed' | 'ente' | 'format'

/** The most characters that an IUF has. */
export const MAX_IUF = 50

/**
 * What a browser or a file manager adds to the name of a copy: " (1)", "(1)", " - Copia", " - Copy (2)", " copia 2", "
 * 2".
 */
const COPY = /(?: - cop(?:ia|y))?\s?\(\d{1,3}\)$| - cop(?:ia|y)$| cop(?:ia|y)(?: \d{1,3})?$| \d{1,3}$/i

/** Outcome files have the name of their flow and one of these suffixes. */
const OUTCOME = new RegExp(`_(${OUTCOME_FILES.join('|')})$`, 'i')

/** True when two names without extension are equal, apart from case and what a copy adds. */
export const isCopyOf = (base: string, original: string): boolean =>
  withoutCopy(base).toLowerCase() === original.toLowerCase()

/** The name of an archive, a CSV or an XLSX without its extension and without what a copy adds. */
export const flowBase = (fileName: string): string => withoutCopy(fileName.replace(/\.(zip|csv|xlsx)$/i, ''))

const withoutCopy = (base: string): string => base.replace(COPY, '')

/**
 * Reads "C_Q999-TRIBUTI202501-1_3.zip", also where a second download made it "…-1_3 (1).zip". Neither the code of the
 * ente nor the IUF may contain a dash. An IUF that begins with `_` is reserved for the platform. Source:
 * docs/field/files.md#names.
 */
export function readFlowName(
  fileName: string,
  codIpa: string,
): { kind: 'ok'; name: FlowName } | { kind: NameProblem } {
  return /\.zip$/i.test(fileName) ? readBaseName(fileName, codIpa) : { kind: 'ending' }
}

/** The same for the name of a file that is no archive. */
export function readBaseName(
  fileName: string,
  codIpa: string,
): { kind: 'ok'; name: FlowName } | { kind: NameProblem } {
  const base = flowBase(fileName)
  const [ipa, iuf, format, ...others] = base.split('-')
  if (ipa === undefined || iuf === undefined || format === undefined || others.length > 0)
    return { kind: 'parts' }
  if (!isIuf(iuf)) return { kind: 'iuf_malformed' }
  if (ipa.toUpperCase() !== codIpa.toUpperCase()) return { kind: 'ente' }
  if (!isFlowFormat(format)) return { kind: OUTCOME.test(format) ? 'outcome' : 'format' }
  return { kind: 'ok', name: { base, codIpa: ipa, iuf, format } }
}

/** True for an IUF that a file may have. */
export const isIuf = (text: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9_.]*$/.test(text) && text.length <= MAX_IUF

/** The documented name of a file whose parts were given one by one. */
export const flowNameOf = (codIpa: string, iuf: string, format: FlowFormat): FlowName => ({
  base: `${codIpa}-${iuf}-${format}`,
  codIpa,
  iuf,
  format,
})

/** An IUF made of any file name, "Mensa è ottobre.xlsx" → "Mensa_e_ottobre"; '' when nothing of the name fits. */
export const iufFromName = (fileName: string): string =>
  withoutCopy(fileName.replace(/\.[^.]{1,5}$/, ''))
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_.]+/g, '_')
    .replace(/^[^A-Za-z0-9]+|_+$/g, '')
    .slice(0, MAX_IUF)

const ENDINGS: Readonly<Record<string, string>> = { zip: '.zip', csv: '.csv' }

/** The name under which people know a file. One that was made from a sheet has no ending, because nobody sent a file of that name. */
export const shownFileName = ({ baseName, source }: { baseName: string; source: string }): string =>
  `${baseName}${ENDINGS[source] ?? ''}`
