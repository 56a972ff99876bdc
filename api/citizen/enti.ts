import { Router } from 'express'
import { z } from 'zod'
import { findEnte, searchEnti, spontaneousTipi, type EnteSummary } from '../../db/ente.ts'
import { AppError } from '../../domain/errors.ts'
import type { AppDeps } from '../deps.ts'
import { sendPage } from '../page.ts'

const PAGE = 20

/** What people put in the search box; nonsense searches nothing instead of failing. */
const Search = z.object({
  q: z.string().trim().max(70).catch(''),
  dopo: z.string().max(40).optional().catch(undefined),
})

export function entePages({ db }: AppDeps): Router {
  const router = Router()
  router.get('/', (_req, res) => sendPage(res, 'citizen/home', { title: 'Paga online il tuo ente' }))

  router.get('/enti', async (req, res) => {
    const { q, dopo } = Search.parse(req.query)
    const found = await searchEnti(db, { q, after: dopo, limit: PAGE + 1 })
    const enti = found.slice(0, PAGE)
    const last = found.length > PAGE ? enti.at(-1) : undefined
    sendPage(res, 'citizen/enti', {
      title: 'Scegli l’ente',
      q,
      enti: enti.map((ente) => ({ name: ente.name, href: enteHref(ente.codIpa), place: placeOf(ente) })),
      next: last ? `/enti?${new URLSearchParams({ q, dopo: last.codIpa }).toString()}` : null,
    })
  })

  router.get('/enti/:codIpa', async (req, res) => {
    const ente = await findEnte(db, req.params.codIpa)
    if (!ente) throw new AppError('NOT_FOUND')
    const tipi = await spontaneousTipi(db, ente.codIpa)
    sendPage(res, 'citizen/ente', {
      title: ente.name,
      name: ente.name,
      tipi: tipi.map(({ code, name }) => ({ name, href: tipoHref(ente.codIpa, code) })),
    })
  })
  return router
}

export const enteHref = (codIpa: string): string => `/enti/${encodeURIComponent(codIpa)}`
export const tipoHref = (codIpa: string, code: string): string =>
  `${enteHref(codIpa)}/spontaneo/${encodeURIComponent(code)}`

/** "Montalbese (VI)", or nothing. */
function placeOf({ localita, provincia }: EnteSummary): string | null {
  if (localita === null) return null
  return provincia === null ? localita : `${localita} (${provincia})`
}
