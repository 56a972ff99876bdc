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

/** The name of an archive without its extension and without what a copy adds. */
export const flowBase = (fileName: string): string => withoutCopy(fileName.replace(/\.zip$/i, ''))

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
  if (!/\.zip$/i.test(fileName)) return { kind: 'ending' }
  const base = flowBase(fileName)
  const [ipa, iuf, format, ...others] = base.split('-')
  if (ipa === undefined || iuf === undefined || format === undefined || others.length > 0)
    return { kind: 'parts' }
  if (!/^[A-Za-z0-9][A-Za-z0-9_.]*$/.test(iuf) || iuf.length > MAX_IUF) return { kind: 'iuf_malformed' }
  if (ipa.toUpperCase() !== codIpa.toUpperCase()) return { kind: 'ente' }
  if (!isFlowFormat(format)) return { kind: OUTCOME.test(format) ? 'outcome' : 'format' }
  return { kind: 'ok', name: { base, codIpa: ipa, iuf, format } }
}
