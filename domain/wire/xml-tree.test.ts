import { describe, expect, it } from 'vitest'
import { children, optionalText, readTree, textOf } from './xml-tree.ts'

describe('readTree', () => {
  it('leaves prefixes and attributes out and keeps the order of occurrences', () => {
    const tree = readTree('<a:root xmlns:a="urn:x" id="1"><a:one>1</a:one><b>2</b><one>3</one></a:root>')
    expect(children(tree, 'one').map(({ text }) => text)).toEqual(['1', '3'])
    expect(textOf(tree, 'b')).toBe('2')
  })

  it('joins text around CDATA and comments, and resolves the five entities and character references', () => {
    const tree = readTree(
      '<r><t>Caf&#233; <!-- no --><![CDATA[<&>]]> &amp; &lt;&gt;&quot;&apos; &#x1F600;</t></r>',
    )
    expect(textOf(tree, 't')).toBe('Café <&> & <>"\' \u{1F600}')
  })

  it('keeps the blanks of values, and an empty element is no value', () => {
    const tree = readTree('<r><t>  two  </t><e/><f></f></r>')
    expect(textOf(tree, 't')).toBe('  two  ')
    expect(optionalText(tree, 'e')).toBeNull()
    expect(optionalText(tree, 'f')).toBeNull()
    expect(optionalText(tree, 'g')).toBeNull()
  })

  it('refuses what is not XML, including an undeclared entity', () => {
    expect(() => readTree('<r>')).toThrow()
    expect(() => readTree('<r>&danger;</r>')).toThrow()
    expect(() => readTree('')).toThrow()
  })
})
