import { isFlowFormat, type FlowFormat } from './columns.ts'

/** `<codIpa>-<IUF>-<version>`: what the name of a file of dues says. */
export interface FlowName {
  /** Without its ending. */
  base: string
  codIpa: string
  iuf: string
  format: FlowFormat
}

export type NameProblem = 'ending' | 'parts' | 'iuf_malformed' | 'ente' | 'format'

const MAX_IUF = 50

/**
 * Reads "C_Q999-TRIBUTI202501-1_3.zip". Neither the code of the ente nor the IUF may hold a dash; an IUF that begins with `_` is
 * one of the platform's own. Source: flows.md §1.2.
 */
export function readFlowName(
  fileName: string,
  codIpa: string,
): { kind: 'ok'; name: FlowName } | { kind: NameProblem } {
  if (!/\.zip$/i.test(fileName)) return { kind: 'ending' }
  const base = fileName.slice(0, -'.zip'.length)
  const parts = base.split('-')
  if (parts.length !== 3) return { kind: 'parts' }
  const [ipa, iuf, format] = parts as [string, string, string]
  if (!/^[A-Za-z0-9][A-Za-z0-9_.]*$/.test(iuf) || iuf.length > MAX_IUF) return { kind: 'iuf_malformed' }
  if (ipa.toUpperCase() !== codIpa.toUpperCase()) return { kind: 'ente' }
  if (!isFlowFormat(format)) return { kind: 'format' }
  return { kind: 'ok', name: { base, codIpa: ipa, iuf, format } }
}
