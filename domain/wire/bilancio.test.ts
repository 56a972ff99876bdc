import { expect, it } from 'vitest'
import { cents } from '../money.ts'
import { bilancioXml } from './bilancio.ts'

it('writes chapters in order, without header or blanks, escaping what must be', () => {
  const shares = [
    { capitolo: 'E.01&', ufficio: 'SCU', accertamento: '2026/1', importo: cents(1050) },
    { capitolo: 'E.02', importo: cents(5) },
  ]
  expect(bilancioXml(shares)).toBe(
    '<bilancio><capitolo><codCapitolo>E.01&amp;</codCapitolo><codUfficio>SCU</codUfficio><accertamento>' +
      '<codAccertamento>2026/1</codAccertamento><importo>10.50</importo></accertamento></capitolo>' +
      '<capitolo><codCapitolo>E.02</codCapitolo><accertamento><importo>0.05</importo></accertamento></capitolo></bilancio>',
  )
})
