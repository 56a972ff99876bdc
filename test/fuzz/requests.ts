import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { RawRequest } from '../setup/raw.ts'
import type { AppRoute } from '../setup/routes.ts'

/** The sender of a request: the cookies of a session and its CSRF token. */
export interface Person {
  name: string
  cookie: string
  token: string
}

/** A form of a page, with the values that a browser would send. */
export interface ShownForm {
  action: string
  isMultipart: boolean
  fields: [name: string, value: string][]
}

export interface Asked extends RawRequest {
  person: string
}

export interface Ground {
  routes: readonly AppRoute[]
  people: readonly Person[]
  forms: ReadonlyMap<string, readonly ShownForm[]>
  /** All names of fields in pages and addresses. */
  names: readonly string[]
  /** Names of fields on the page of a route and in addresses. */
  namesOn: (route: AppRoute) => readonly string[]
  /** A person who may open the route. */
  readerOf: (route: AppRoute) => Person
  /** Address of a route in which every id exists. */
  addressOf: (path: string) => string
}

const ID = randomUUID()
/** Hostile values as text; addresses and forms encode them. */
const TEXTS = [
  '',
  '\0',
  'a\0b',
  '\r\nX: y',
  '\u202egpj.exe',
  '\ud83d\ude00',
  '\ufeff',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'nuovo',
  '..',
  '../../etc/passwd',
  "' or 1=1--",
  '{{x}}',
  '${x}',
  '0001-01-01',
  '0000-01-01',
  '9999-12-31',
  '2026-02-30',
  '+010000-01-01',
  '01/01/0001',
  '31/12/9999',
  '1000000-01-01',
  `0000000000_${ID}`,
  `9999999999_${ID}`,
  `275760-09-13_${ID}`,
  `0001-01-01T00:00:00Z_${ID}`,
  `2026-01-01T00:00:00+99:99_${ID}`,
  `-_${ID}`,
  ID,
  '00000000-0000-0000-0000-000000000000',
  'NaN',
  '-1',
  '1e309',
  '0x10',
  '9'.repeat(30),
  '999999999,99',
  '-0,01',
  'true',
  '{',
  '[]',
  'null',
  '{"fields":[],"causale":"x"}',
  '{"__proto__":{"x":1}}',
  'bnVsbA==',
  'e30=',
  'è'.repeat(300),
  'x'.repeat(3_000),
]
/** Pieces of an address that no encoder would write. */
const PIECES = [
  '%',
  '%zz',
  '%00',
  '%C0%80',
  '%ff',
  '%ED%A0%80',
  '%u0000',
  '\\',
  '//',
  ';',
  '@',
  ':',
  '\xe8',
  '|',
]
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'QUERY']
const TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/x-www-form-urlencoded; charset=nothing',
  'application/json',
  'text/xml; charset=UTF-8',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=X',
  'multipart/form-data; boundary="',
  'text/plain',
  ';;;',
]
const HEADERS = [
  'Content-Encoding: gzip',
  'Content-Encoding: br',
  'Content-Encoding: nothing',
  'Accept-Encoding: gzip;q=nothing, *;q=0',
  'Accept-Language: \xff',
  'If-None-Match: "',
  'If-Modified-Since: never',
  'Range: bytes=9-1',
  'Range: bytes=-',
  'Expect: 100-continue',
  'X-Forwarded-For: ,,999.999.999.999',
  'X-Forwarded-Proto: \x01'.replace('\x01', '?'),
  'Host: elsewhere.example:99999',
  'Host: [',
  'Cookie: mypay=s%3A%00.%00; mypay=%; =; ;;',
  'Cookie: mypay=s%3A__proto__.x',
  'Referer: %',
  'X-Requested-With: XMLHttpRequest',
  `X-Long: ${'y'.repeat(4_000)}`,
]

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)

/** Replaces half surrogate pairs, which encodeURIComponent does not accept. */
const encoded = (value: string): string => encodeURIComponent(value.replace(/\p{Surrogate}/gu, '?'))

/** One value in an address: encoded, or one that no encoder would write. */
const piece = fc.oneof(
  { weight: 4, arbitrary: text.map(encoded) },
  { weight: 1, arbitrary: fc.constantFrom(...PIECES) },
)

const pairsOf = (names: readonly string[]) =>
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), text), text), { maxLength: 4 })

const formText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')

const BOUNDARY = 'X-a-boundary'

/** One part of a multipart form. Its header is sent unchanged. */
const part = (disposition: string, content: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${disposition}\r\n\r\n`, 'utf8'),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ])
const END = Buffer.from(`--${BOUNDARY}--\r\n`)
const field = (name: string, value: string): Buffer => part(`form-data; name="${name}"`, value)

const PARTS: readonly Buffer[] = [
  part('form-data; name="file"; filename="a.zip"', 'PK'),
  part('form-data; name="file"; filename="C_X902-A-1_3.zip"', Buffer.from([0x50, 0x4b, 5, 6, 0, 0])),
  part('form-data; name="file"; filename="a\0b.zip"', 'x'),
  part('form-data; name="file"; filename="../../x"', 'x'),
  part('form-data; name="file"; filename*=UTF-8\'\'%zz', 'x'),
  part('form-data; name="file"; filename=""', ''),
  part('form-data; name="logo"; filename="l.png"', Buffer.alloc(300 * 1024, 1)),
  part('form-data', 'x'),
  part('nothing', 'x'),
  part(`form-data; name="${'n'.repeat(2_000)}"`, 'x'),
  part('form-data; name="a[99999999]"', 'x'),
  part('form-data; name="__proto__"', 'x'),
  part('form-data; name="__proto__[x]"', 'x'),
  field('avvisi', 'y'.repeat(10_000)),
  field('authorizationToken', '\0'),
  Buffer.from(`--${BOUNDARY}\r\n`),
  Buffer.from(`--${BOUNDARY}\r\nno header\r\n`),
  Buffer.from(`--${BOUNDARY}\0`),
]

/** Bodies of multipart forms, complete and broken. */
const multipart = (token: string) =>
  fc
    .tuple(fc.boolean(), fc.array(fc.constantFrom(...PARTS), { maxLength: 3 }), fc.boolean())
    .map(([hasToken, parts, isWhole]) =>
      Buffer.concat([...(hasToken ? [field('_csrf', token)] : []), ...parts, ...(isWhole ? [END] : [])]),
    )

interface Sent {
  type?: string
  body?: Buffer
}

/** The fields of a form as a browser would send them, with one or several wrong values. */
function typedIn(ground: Ground, { fields }: Pick<ShownForm, 'fields'>): fc.Arbitrary<[string, string][]> {
  const own = fields.map(([name]) => name).filter((name) => name !== '_csrf')
  const names = own.length > 0 ? own : ground.names
  const wrong = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...names), text).map((pair) => [pair]) },
    pairsOf(names),
    pairsOf(ground.names),
  )
  return wrong.map((pairs) => [
    ...fields.filter(([name]) => !pairs.some(([given]) => given === name)),
    ...pairs,
  ])
}

function bodyFor(ground: Ground, person: Person, form: ShownForm | undefined): fc.Arbitrary<Sent> {
  const typed = typedIn(ground, form ?? { fields: [] }).map((pairs): Sent => ({
    type: TYPES[0]!,
    body: Buffer.from(formText([['_csrf', person.token], ...pairs])),
  }))
  const files = multipart(person.token).map((body): Sent => ({
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    body,
  }))
  const wild = fc
    .record({ type: fc.constantFrom(...TYPES), text: fc.oneof(text, fc.string({ unit: 'binary' })) })
    .map(({ type, text: body }): Sent => ({ type, body: Buffer.from(body) }))
  return fc.oneof(
    { weight: form?.isMultipart ? 1 : 5, arbitrary: typed },
    { weight: form?.isMultipart ? 5 : 1, arbitrary: files },
    wild,
  )
}

/** The value or null; `times` is how often the value comes compared with null. */
const sometimes = <T>(times: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 10, arbitrary: fc.constant(null) }, { weight: Math.round(times * 10), arbitrary: value })

/** Address of a route with wrong values, mostly a single one, because the first refused value hides the others. */
function addressFor(ground: Ground, route: AppRoute): fc.Arbitrary<string> {
  const { path } = route
  const real = valuesIn(path, ground.addressOf(path))
  const own = ground.namesOn(route)
  const queries = [
    // All filters of the page at once, because an unreadable filter is ignored and hides no other.
    text.map((value) => own.map((name): [string, string] => [name, value])),
    pairsOf(own),
    pairsOf(ground.names),
  ]
  return fc
    .tuple(
      sometimes(0.4, fc.tuple(fc.nat({ max: Math.max(real.length - 1, 0) }), piece)),
      sometimes(4, fc.oneof(...queries)),
      sometimes(0.2, fc.constantFrom(...PIECES)),
    )
    .map(([wrong, pairs, tail]) => {
      let at = 0
      const value = (): string => {
        const place = at++
        return wrong?.[0] === place ? wrong[1] : (real[place] ?? '')
      }
      const address = path.replace(/:\w+/g, value).concat(tail ?? '')
      return pairs === null ? address : `${address}?${formText(pairs)}`
    })
}

/** The values in an address at the places of the parameters of its route. */
function valuesIn(path: string, address: string): string[] {
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/:\w+/g, '([^/]+?)')
  return new RegExp(`^${pattern}$`).exec(address)?.slice(1) ?? []
}

/** A request that no page of ours makes, but similar to one that a page makes. */
export function hostileRequest(ground: Ground): fc.Arbitrary<Asked> {
  return fc
    .record({
      route: fc.constantFrom(...ground.routes),
      other: fc.constantFrom(...ground.people),
      isOther: fc.nat(4),
      pick: fc.nat(),
    })
    .chain(({ route, other, isOther, pick }) => {
      const person = isOther === 0 ? other : ground.readerOf(route)
      const forms = ground.forms.get(person.name) ?? []
      const form = route.method === 'post' && pick % 2 === 0 ? forms[pick % forms.length] : undefined
      return fc
        .record({
          path: form ? fc.constant(form.action) : addressFor(ground, route),
          method: fc.oneof(
            { weight: 12, arbitrary: fc.constant(route.method.toUpperCase()) },
            fc.constantFrom(...METHODS),
          ),
          headers: fc.array(fc.constantFrom(...HEADERS), { maxLength: 1 }),
          sent: route.method === 'post' ? bodyFor(ground, person, form) : fc.constant<Sent>({}),
        })
        .map(({ path, method, headers, sent }): Asked => {
          const cookie = headers.some((line) => line.startsWith('Cookie:'))
            ? []
            : [`Cookie: ${person.cookie}`]
          const type = sent.type === undefined ? [] : [`Content-Type: ${sent.type}`]
          const all = [...headers, ...cookie, ...type]
          return {
            person: person.name,
            method,
            path,
            headers: all,
            ...(sent.body ? { body: sent.body } : {}),
          }
        })
    })
}
