import { describe, expect, it } from 'vitest'
import { withoutSecrets } from './secrets.ts'

const kept = (message: string | Buffer): string | undefined => {
  const bytes = withoutSecrets(Buffer.from(message))
  return bytes === null ? undefined : Buffer.from(bytes).toString()
}

describe('a message without its secrets', () => {
  it.each([
    ['<password>segreto</password>', '<password>***</password>'],
    ['<e:password a="1">segreto</e:password><b/>', '<e:password a="1">***</e:password><b/>'],
    ['<PassWord>segreto</password >', '<PassWord>***</password >'],
    ['<passwordMypivot>segreto</passwordMypivot>', '<passwordMypivot>***</passwordMypivot>'],
    ['<password>se<!-- x -->gr<b>e</b>to</password>', '<password>***</password>'],
    ['<password><![CDATA[seg</x>reto]]></password>', '<password>***</password>'],
    ['<a/><password>segreto', '<a/><password>***'],
    ['<password/><b>perché</b>', '<password/><b>perché</b>'],
    ['<authorizationToken>a.b</authorizationToken>', '<authorizationToken>***</authorizationToken>'],
    ['<u>https://x/?scade=1&amp;firma=aB_-9</u>', '<u>https://x/?scade=1&amp;firma=***</u>'],
  ])('%s', (message, expected) => {
    expect(kept(message)).toBe(expected)
  })

  it('keeps every other byte, also bytes that are not text', () => {
    const bytes = Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xe8, 0x0a, 0x3c, 0x2f, 0x61, 0x3e])
    expect(Buffer.from(withoutSecrets(bytes)!)).toEqual(bytes)
  })

  it('is null when its characters are wider than a byte', () => {
    expect(kept(Buffer.from('<password>segreto</password>', 'utf16le'))).toBeUndefined()
  })

  it.each([
    ['one name without end', `<${'password'.repeat(8_000)}`],
    ['many that open', '<password>'.repeat(6_000)],
    ['many that close another', '<password></x>'.repeat(4_000)],
    ['prefixes', `<${'a:'.repeat(30_000)}password>`],
    ['attributes without end', `<password ${'a/'.repeat(30_000)}`],
  ])('is computed quickly for %s', (_, message) => {
    const start = performance.now()
    kept(message)
    expect(performance.now() - start).toBeLessThan(100)
  })
})
