import type { Source } from '../../treasury/movement.ts'
import { localName } from '../xml-tree.ts'
import { ibanOf } from './postal.ts'

/** How many bytes of a file say what it is. */
export const HEAD_BYTES = 4096

/**
 * Of what kind a file is, by how it begins; undefined for XML of another kind and for what is no text. Its name does not count, because
 * people rename files.
 */
export function recogniseFile(head: Uint8Array): Source | undefined {
  const text = textOf(head.subarray(0, HEAD_BYTES)).replace(/^\ufeff/, '')
  if (text.includes('\0')) return undefined
  if (!/^\s*</.test(text)) return ibanOf(text.split(/\r?\n/, 1)[0]!) === undefined ? 'csv' : 'postal'
  const root = localName(/<([A-Za-z_][\w.:-]*)/.exec(text.replace(/<!--[^]*?-->/g, ''))?.[1] ?? '')
  if (root === 'flusso_giornale_di_cassa') return 'opi'
  return root === 'Document' || root.startsWith('CBI') ? 'camt' : undefined
}

function textOf(head: Uint8Array): string {
  const isWide = [0xfe, 0xff].includes(head[0] ?? 0) || head[1] === 0 || (head[0] === 0 && head[1] === 0x3c)
  const isBig = head[0] === 0xfe || head[0] === 0
  return new TextDecoder(isWide ? (isBig ? 'utf-16be' : 'utf-16le') : 'utf-8').decode(head)
}
