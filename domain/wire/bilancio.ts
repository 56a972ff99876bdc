import { create } from 'xmlbuilder2'
import type { BilancioShare } from '../form/check.ts'
import { wireImporto } from '../money.ts'

/**
 * The bilancio of a due as files and web services need it: without XML declaration, without blanks. Source:
 * docs/field/files.md#bilancio.
 */
export function bilancioXml(shares: readonly BilancioShare[]): string {
  const root = create({ bilancio: {} }).root()
  for (const { capitolo, ufficio, accertamento, importo } of shares) {
    const line = root.ele('capitolo')
    line.ele('codCapitolo').txt(capitolo)
    if (ufficio !== undefined) line.ele('codUfficio').txt(ufficio)
    const inner = line.ele('accertamento')
    if (accertamento !== undefined) inner.ele('codAccertamento').txt(accertamento)
    inner.ele('importo').txt(wireImporto(importo))
  }
  return root.toString({ headless: true, wellFormed: true })
}
