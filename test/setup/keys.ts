import type { Keys } from '../../api/deps.ts'

export const KEYS: Keys = {
  session: ['a session key of the tests: 32 characters or more'],
  link: ['a link key of the tests: 32 characters or more'],
  token: ['a token key of the tests: 32 characters or more'],
  privacy: 'a privacy key of the tests: 32 characters or more',
}
