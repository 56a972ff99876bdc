import { z } from 'zod'
import type { KeyRing } from '../templates/signature.ts'
import { neededWhen } from './variables/kinds.ts'

const FEWEST_CHARACTERS = 32
/** Length alone is not enough: one key held down on the keyboard gives a long text too. */
const FEWEST_DIFFERENT = 8

const HOW = 'make one with: openssl rand -hex 32'
const REFUSED = 'the development key is refused in production'

const key = z
  .string()
  .min(FEWEST_CHARACTERS, `each key needs ${FEWEST_CHARACTERS} characters or more; ${HOW}`)
  .refine(
    (text) => new Set(text).size >= FEWEST_DIFFERENT,
    `each key needs ${FEWEST_DIFFERENT} different characters or more; ${HOW}`,
  )

/** The simulator has the same values. */
export const DEVELOPMENT_PASSWORD = 'password1'
export const DEVELOPMENT_CLIENT_SECRET = 'only-for-development-not-a-secret'

/** One key for each purpose. `npm start` uses them as they are; production refuses them. */
const DEVELOPMENT_KEYS = {
  SESSION_KEYS: developmentKey('sessions'),
  LINK_KEYS: developmentKey('links'),
  TOKEN_KEYS: developmentKey('tokens'),
  PRIVACY_KEY: developmentKey('hashes'),
}

/** A variable with an unusable value, and a text that says how to correct it. */
export interface Fault {
  variable: string
  text: string
}

export type KeyName = keyof typeof DEVELOPMENT_KEYS

function developmentKey(purpose: string): string {
  return `only-for-development-not-a-secret-${purpose}`
}

/** Keys separated by commas: the first one signs, all of them verify. */
const ring = (name: KeyName, purpose: string) =>
  z
    .string()
    .default(DEVELOPMENT_KEYS[name])
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.tuple([key], key))
    .transform((keys): KeyRing => keys)
    .meta(
      neededWhen(
        'in production',
        `Keys of ${purpose}, divided by commas: the first one signs, all of them verify.`,
      ),
    )

export const keySchema = {
  SESSION_KEYS: ring('SESSION_KEYS', 'sessions'),
  LINK_KEYS: ring('LINK_KEYS', 'links in mails and pages'),
  TOKEN_KEYS: ring('TOKEN_KEYS', 'tokens with which software of an ente uploads'),
  PRIVACY_KEY: key
    .default(DEVELOPMENT_KEYS.PRIVACY_KEY)
    .meta(neededWhen('in production', 'The key of hashes that stand for persons and network addresses.')),
}

export type KeyVariables = Record<Exclude<KeyName, 'PRIVACY_KEY'>, KeyRing> & { PRIVACY_KEY: string }

/**
 * Production must have keys of its own and sign with a different key for each purpose. A key that only verifies may be in
 * several lists, because an installation that used one key for everything keeps it there while it changes to four.
 */
export function keyFaults(env: KeyVariables): Fault[] {
  const known = new Set<string>(Object.values(DEVELOPMENT_KEYS))
  const { SESSION_KEYS, LINK_KEYS, TOKEN_KEYS, PRIVACY_KEY } = env
  const given = Object.entries({ SESSION_KEYS, LINK_KEYS, TOKEN_KEYS, PRIVACY_KEY: [PRIVACY_KEY] as const })
  return given.flatMap(([variable, keys], index) => {
    if (keys.some((one) => known.has(one))) return [{ variable, text: `${REFUSED}; ${HOW}` }]
    const twin = given.slice(0, index).find(([, [first]]) => first === keys[0])
    return twin ? [{ variable, text: `begins with the key of ${twin[0]}; ${HOW}` }] : []
  })
}
