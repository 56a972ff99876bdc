import { expect, it } from 'vitest'
import { isSigned, signedPath } from './signed-link.ts'

const PATH = '/pagamenti/1'
const signature = (path: string): string => new URLSearchParams(path.split('?')[1]).get('firma')!

it('a signed link is good for its path and its secret only', () => {
  const given = signature(signedPath('secret', PATH))
  expect(isSigned('secret', PATH, given)).toBe(true)
  expect(isSigned('secret', '/pagamenti/2', given)).toBe(false)
  expect(isSigned('another', PATH, given)).toBe(false)
})

it.each([undefined, '', 'x', ['a', 'b'], signature(signedPath('secret', PATH)).slice(1)])(
  '%j proves nothing',
  (given) => {
    expect(isSigned('secret', PATH, given)).toBe(false)
  },
)
