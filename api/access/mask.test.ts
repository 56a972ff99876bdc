import { describe, expect, it } from 'vitest'
import { maskAddress, maskCode, maskName } from './mask.ts'
import { prettyXml } from '../support/xml-view.ts'

describe('the data of a person that support sees', () => {
  it.each([
    [maskCode, 'BNCCHR85H52M999M', 'BNC************M'],
    [maskCode, 'ABCD', '****'],
    [maskName, ' Chiara  Anna Bianchi', 'C. A. B.'],
    [maskAddress, 'chiara@posta.example.org', 'c***@p***.org'],
    [maskAddress, 'nobody', 'n***@***'],
  ])('%o of %s is %s', (mask, given, shown) => {
    expect(mask(given)).toBe(shown)
  })
})

describe('prettyXml', () => {
  const pretty = (xml: string): string => prettyXml(Buffer.from(xml))

  it('puts each element on its own indented line, with its text beside it', () => {
    expect(pretty('<a xmlns="x"><b>1</b><c/><d><e> 2 </e></d></a>')).toBe(
      '<a xmlns="x">\n  <b>1</b>\n  <c/>\n  <d>\n    <e>2</e>\n  </d>\n</a>',
    )
  })

  it('masks persons for any namespace prefix, and shows the size of a document in its place', () => {
    const shown = pretty(
      '<p:soggettoPagatore><p:codiceIdentificativoUnivoco>BNCCHR85H52M999M</p:codiceIdentificativoUnivoco>' +
        '<p:anagraficaPagatore>Chiara Bianchi</p:anagraficaPagatore><p:e-mailPagatore>c@example.org</p:e-mailPagatore>' +
        '<rt>QUJD</rt></p:soggettoPagatore>',
    )
    expect(shown).toContain('BNC************M')
    expect(shown).toContain('>C. B.<')
    expect(shown).toContain('documento di 4 caratteri')
    expect(shown).not.toMatch(/Chiara|Bianchi|example\.org|QUJD/)
  })

  it('decodes UTF-16 and ISO-8859-1, and masks persons in them', () => {
    const xml = '<a><banca>Città</banca><anagraficaPagatore>Chiara Bianchi</anagraficaPagatore></a>'
    const wide = Buffer.from(`\uFEFF${xml}`, 'utf16le')
    const bytes = [
      wide,
      Buffer.from(wide).swap16(),
      Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${xml}`, 'latin1'),
    ]
    for (const shown of bytes.map(prettyXml)) {
      expect(shown).toContain('<banca>Città</banca>')
      expect(shown).toContain('>C. B.<')
    }
  })

  it.each(['hello', '<a><b>', '</a></b>', '<', '<a>x', 'x<a/>', ''])('survives %j', (text) => {
    expect(typeof pretty(text)).toBe('string')
  })

  it('does not show text that is not XML, because it may hold a person', () => {
    expect(pretty('Chiara Bianchi')).not.toContain('Chiara')
    for (const xml of ['Chiara<a/>', '<!-- Chiara --><a/>', '<a><![CDATA[x>Chiara]]></a>', '<a/>Chiara'])
      expect(pretty(xml)).not.toContain('Chiara')
  })
})
