import type { SessionData } from 'express-session'
import { SIGN_IN } from '../../api/access/sign-in-rules.ts'
import { SESSION_KEY } from '../world/environment.ts'
import { nextAddress, plantSessions } from '../world/sessions.ts'
import { DUES_EACH, ENTE_CODE, iuvOf, OPERATOR, PAID_EACH, personCode, REGION } from './fill.ts'
import type { Site } from './world.ts'

/** One request for a page, with the status and words that its answer must have. */
export interface Visit {
  path: string
  body?: string
  headers: Record<string, string>
  status: number
  /** Words that the page or its redirect address must contain; empty for none. */
  words: string
}

/** Gives the next visit of one page of one site; each call is for another visitor. */
export type NextVisit = () => Visit

interface Person {
  number: number
  codice: string
  /** Ids of the person's dues, by IUV. A paid due, its cart and its receipt have the same id. */
  ids: string[]
}

interface PageOf {
  /** Set when the page compares its rows with the session. The control has one answer for all, so it uses one person there. */
  isPersonal?: boolean
  session(person: Person): Partial<SessionData>
  request(person: Person, turn: number): Pick<Visit, 'path' | 'body' | 'status' | 'words'>
}

const CSRF = 'a token of the benchmark'

const staffSession = (person: typeof OPERATOR): Partial<SessionData> => ({
  csrfToken: CSRF,
  citizen: person,
  level: SIGN_IN.staffLevel,
})

/** Pages to measure. Each person has the session that leads to the page. */
export const PAGES = {
  notice_search: {
    session: () => ({ csrfToken: CSRF }) as Partial<SessionData>,
    request: ({ number, codice }, turn) => ({
      path: '/avviso',
      body: new URLSearchParams({
        _csrf: CSRF,
        'codice-avviso': iuvOf(number, PAID_EACH + (turn % (DUES_EACH - PAID_EACH))),
        'intestatario-codice': codice,
      }).toString(),
      status: 303,
      words: '/avviso/esito',
    }),
  },
  notice_found: {
    isPersonal: true,
    session: ({ ids }) =>
      ({
        csrfToken: CSRF,
        notices: { ids: [ids.at(-1)!], foundAt: new Date().toISOString() },
      }) as Partial<SessionData>,
    request: () => ({ path: '/avviso/esito', status: 200, words: 'Mensa ' }),
  },
  open_positions: {
    session: ({ codice }) =>
      ({
        csrfToken: CSRF,
        citizen: { codiceFiscale: codice, anagrafica: 'Chiara Bianchi', email: 'chiara@example.org' },
      }) as Partial<SessionData>,
    request: () => ({ path: '/area/posizioni', status: 200, words: 'Mensa ' }),
  },
  payment_outcome: {
    isPersonal: true,
    session: ({ ids }) => ({ payments: ids.slice(0, PAID_EACH) }),
    request: ({ ids }, turn) => ({
      path: `/pagamenti/${ids[turn % PAID_EACH]!}`,
      status: 200,
      words: '/ricevute/',
    }),
  },
  operator_home: {
    session: () => staffSession(OPERATOR),
    request: () => ({ path: `/operatore/${ENTE_CODE}`, status: 200, words: 'mypay-chart' }),
  },
  support_home: {
    session: () => staffSession(REGION),
    request: () => ({ path: '/supporto', status: 200, words: 'type="search"' }),
  },
  region_figures: {
    session: () => staffSession(REGION),
    request: () => ({ path: '/admin/numeri', status: 200, words: 'dove-si-fermano' }),
  },
} as const satisfies Record<string, PageOf>

export type PageName = keyof typeof PAGES

/** Browsers per page and site. A window has many more visits, so browsers repeat. */
const BROWSERS = 400

/** Inserts the sessions and returns the function that gives the next visit. */
export async function prepareVisits(site: Site, name: PageName): Promise<NextVisit> {
  const page: PageOf = PAGES[name]
  const isSame = site.isControl && page.isPersonal === true
  const people = await somePeople(site, isSame)
  const cookies = await plantSessions(
    site.db,
    SESSION_KEY,
    people.map((person) => page.session(person)),
  )
  let turn = 0
  return () => {
    const index = turn++ % people.length
    const round = isSame ? 0 : Math.floor(turn / people.length)
    const { body, ...request } = page.request(people[index]!, round)
    const headers = {
      cookie: cookies[index]!,
      'x-forwarded-for': nextAddress(),
      ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    }
    return { ...request, ...(body === undefined ? {} : { body }), headers }
  }
}

/** BROWSERS persons, spread evenly over all, or the first person as often. */
async function somePeople({ db, people }: Site, isSame: boolean): Promise<Person[]> {
  const step = people / BROWSERS
  const numbers = Array.from({ length: BROWSERS }, (_, index) => (isSame ? 0 : Math.floor(index * step)))
  const codes = [...new Set(numbers.map(personCode))]
  const { rows } = await db.raw<{ rows: { codice: string; ids: string[] }[] }>(
    `select pagatore_codice as codice, array_agg(id order by iuv) as ids from due
     where pagatore_codice = any (?) group by 1`,
    [codes],
  )
  const idsOf = new Map(rows.map(({ codice, ids }) => [codice, ids]))
  return numbers.map((number) => {
    const codice = personCode(number)
    return { number, codice, ids: idsOf.get(codice)! }
  })
}
