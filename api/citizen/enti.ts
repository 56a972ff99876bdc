import { Router, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import { z } from 'zod'
import {
  findEnte,
  findLogo,
  opensForTest,
  searchEnti,
  spontaneousDueTypes,
  type EntePage,
  type EnteSummary,
  type TestEnti,
  type DueTypeSummary,
} from '../../db/ente/ente.ts'
import { AppError } from '../../domain/errors.ts'
import type { Texts } from '../../templates/language.ts'
import { addressLine } from '../../templates/format.ts'
import type { AppDeps } from '../deps.ts'
import { rangeText } from '../list/list-page.ts'
import { findPage } from '../list/pages.ts'
import { sendPage, textsFor } from '../page/page.ts'

const PAGE = 20
const YEAR_SECONDS = 365 * 24 * 3600

/** The query of the list: `q` is the search text, `dopo` the `codIpa` after which the page begins. A malformed value counts as absent. */
const PLACE = z.string().max(40).optional().catch(undefined)
const Search = z.object({
  q: z.string().trim().max(70).catch(''),
  prima: PLACE,
  dopo: PLACE,
  riga: z.string().optional().catch(undefined),
})

/** The `codIpa` of enti that are not open yet and that this browser may see. */
export const testEntiOf = (req: Request): TestEnti => req.session.testEnti ?? []

/** The home page, the list of enti, and the page of each ente with its logo. */
export function entePages({ db }: AppDeps): Router {
  const router = Router()
  router.get('/', (_req, res) => sendPage(res, 'citizen/home', { title: textsFor(res)('home.title') }))

  router.get('/enti', (req, res) => sendEnti(db, res, Search.parse(req.query)))

  router.get('/enti/:codIpa/logo.png', async (req, res) => {
    const logo = await findLogo(db, req.params.codIpa)
    if (!logo) throw new AppError('NOT_FOUND')
    // Caches may keep it for a year, because the address changes with the logo.
    res.set('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`).type('png').send(logo)
  })

  router.get('/enti/:codIpa', async (req, res) => {
    const { codIpa } = req.params
    const token = req.query['prova']
    if (typeof token === 'string' && (await opensForTest(db, codIpa, token)))
      req.session.testEnti = [...new Set([...testEntiOf(req), codIpa])]
    const ente = await findEnte(db, codIpa, testEntiOf(req))
    if (!ente) throw new AppError('NOT_FOUND')
    const dueTypes = await spontaneousDueTypes(db, codIpa, testEntiOf(req))
    sendPage(res, 'citizen/ente', enteView(textsFor(res), ente, dueTypes))
  })
  return router
}

/**
 * Sends the list of enti.
 * @param asked `isUnknown`: the requested ente does not exist, so the page shows a sentence about it and has status 404
 */
export async function sendEnti(
  db: Knex,
  res: Response,
  { q, prima, dopo, riga, isUnknown = false }: z.infer<typeof Search> & { isUnknown?: boolean },
): Promise<void> {
  const { rows: enti, pages } = await findPage({
    href: '/enti',
    query: { q, prima, dopo, riga },
    size: PAGE,
    readPlace: (text): string | undefined => text,
    find: (turn) => searchEnti(db, q, turn),
    placeOf: ({ codIpa }) => codIpa,
  })
  const view = {
    title: textsFor(res)('enti.title'),
    q,
    isUnknown,
    enti: enti.map((ente) => ({ name: ente.name, href: enteHref(ente.codIpa), place: placeOf(ente) })),
    pages: pages && { ...pages, shown: rangeText(textsFor(res), pages, undefined) },
  }
  sendPage(res, 'citizen/enti', view, isUnknown ? 404 : 200)
}

function enteView(
  t: Texts,
  ente: EntePage,
  dueTypes: readonly DueTypeSummary[],
): { title: string; [key: string]: unknown } {
  const { codIpa, name, isTesting, info, logoVersion } = ente
  return {
    title: name,
    parents: [{ text: t('enti.title'), href: '/enti' }],
    name,
    isTesting,
    info,
    logoHref: logoVersion === null ? null : `${enteHref(codIpa)}/logo.png?v=${logoVersion}`,
    dueTypes: dueTypes.map(({ code, name: dueTypeName, externalUrl }) => ({
      name: dueTypeName,
      href: externalUrl ?? dueTypeHref(codIpa, code),
      isElsewhere: externalUrl !== null,
    })),
    noticeHref: `/avviso?${new URLSearchParams({ ente: codIpa }).toString()}`,
    contacts: contactsOf(ente),
  }
}

function contactsOf(ente: EntePage): { text: string; href: string | null }[] {
  const { site, email, phone } = ente
  const address = addressLine(Object.fromEntries(Object.entries(ente).filter(([, value]) => value !== null)))
  return [
    ...(address === '' ? [] : [{ text: address, href: null }]),
    ...(phone === null ? [] : [{ text: phone, href: `tel:${phone}` }]),
    ...(email === null ? [] : [{ text: email, href: `mailto:${email}` }]),
    ...(site === null ? [] : [{ text: site, href: site }]),
  ]
}

export const enteHref = (codIpa: string): string => `/enti/${encodeURIComponent(codIpa)}`
export const dueTypeHref = (codIpa: string, code: string): string =>
  `${enteHref(codIpa)}/spontaneo/${encodeURIComponent(code)}`

/** "Montalbese (VI)", or nothing. */
function placeOf({ localita, provincia }: EnteSummary): string | null {
  if (localita === null) return null
  return provincia === null ? localita : `${localita} (${provincia})`
}
