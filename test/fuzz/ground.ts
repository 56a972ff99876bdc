import type { Client } from '@temporalio/client'
import { iuv17 } from '../../domain/iuv.ts'
import { CHIARA, withCart, type Site } from '../setup/citizen-site.ts'
import { anOperatorWorld, ELENA, isOperatorPath, operatorAddress, PAOLO } from '../setup/operators.ts'
import { routesOf } from '../setup/routes.ts'
import { signInAs } from '../setup/session.ts'
import { unescaped, type Visitor } from '../setup/visitor.ts'
import type { Ground, Person, ShownForm } from './requests.ts'

/** Client of a Temporal that is down: questions of support end with "unavailable". */
export const SILENT_ENGINE = {
  options: { namespace: 'default' },
  withDeadline: () => Promise.reject(Object.assign(new Error('unavailable'), { code: 14 })),
} as unknown as Client

const CITIZEN = {
  codiceFiscale: CHIARA['intestatario-codice'],
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}

/** Opens all pages as four kinds of people and collects the forms on them. */
export async function layGround(site: Site): Promise<Ground> {
  const world = await anOperatorWorld(site.db)
  const routes = routesOf(site.app)
  const citizen = await signInAs(site.db, await withCart(site), CITIZEN)
  const stranger = site.visitor()
  const visitors: [string, Visitor][] = [
    ['nobody', stranger],
    ['citizen', citizen],
    ['operator', await signInAs(site.db, site.visitor(), PAOLO)],
    ['administrator', await signInAs(site.db, site.visitor(), ELENA)],
  ]
  const addressOf = (path: string): string =>
    isOperatorPath(path)
      ? operatorAddress(path, world)
      : operatorAddress(path.replace(':code', 'DIRITTI_VARI').replace(':codIpa', 'C_X901'), world)
  const notice = {
    'codice-avviso': iuv17({ segregationCode: '22', progressive: 1 }),
    'intestatario-codice': CITIZEN.codiceFiscale,
  }
  await stranger.submit(await stranger.get('/avviso'), '/avviso', notice)
  const people: Person[] = []
  const forms = new Map<string, ShownForm[]>()
  const onPage = new Map<string, string[]>()
  const pages = routes.filter(({ method, path }) => method === 'get' && !/eventi$|^\/accedi/.test(path))
  for (const [name, visitor] of visitors) {
    const seen: ShownForm[] = []
    for (const { path } of pages) {
      const found = formsOf((await visitor.get(addressOf(path))).html).filter(
        ({ action }) => action !== '/esci',
      )
      seen.push(...found)
      onPage.set(path, [...(onPage.get(path) ?? []), ...found.flatMap(namesOf)])
    }
    const token = seen.flatMap(({ fields }) => fields).find(([field]) => field === '_csrf')![1]
    people.push({ name, cookie: visitor.cookie(), token })
    forms.set(name, seen)
  }
  const person = (name: string): Person => people.find((one) => one.name === name)!
  return {
    routes: routes.filter(({ path }) => path !== '/esci'),
    people,
    forms,
    names: [...new Set([...IN_ADDRESSES, ...[...onPage.values()].flat()])],
    namesOn: ({ path }) => [...new Set([...IN_ADDRESSES, ...(onPage.get(path) ?? [])])],
    readerOf: ({ path }) =>
      person(isOperatorPath(path) ? 'administrator' : path.startsWith('/area') ? 'citizen' : 'nobody'),
    addressOf,
  }
}

/** Names of fields that are in addresses and in no form. */
const IN_ADDRESSES = [
  ...[
    'lingua',
    'dopo',
    'visto',
    'visti',
    'somma',
    'quando',
    'nonce',
    'numero',
    'prova',
    'da',
    'scade',
    'firma',
    'wsdl',
    'idSession',
    'esito',
    'codIpaEnte',
  ],
  ...[
    'codTipo',
    'iuv',
    'ente',
    'anagrafica',
    'numeroAvviso',
    'codIdUnivoco',
    'authorizationToken',
    'logo',
    'versione',
  ],
  ...['chiesta', 'fatto', 'serve', 'modifica', 'codice', 'nota', 'q', 'azione', 'nonce', 'conferma'],
]

/** Names of the fields without the CSRF token, because a request with a wrong token is refused before anything else. */
const namesOf = ({ fields }: ShownForm): string[] =>
  fields.map(([name]) => name).filter((name) => name !== '_csrf')

function formsOf(html: string): ShownForm[] {
  return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => ({
    action: unescaped(/action="([^"]*)"/.exec(form)?.[1] ?? '/').split('?')[0]!,
    isMultipart: form.includes('multipart/form-data'),
    fields: [...form.matchAll(/<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"[^>]*>/g)].map(
      ([tag, name]): [string, string] => [
        unescaped(name!),
        unescaped(/\bvalue="([^"]*)"/.exec(tag)?.[1] ?? ''),
      ],
    ),
  }))
}
