import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import express, { Router } from 'express'

/** The public body that runs the installation, as its operator describes it. What is absent is not shown. */
export interface Owner {
  name?: string | undefined
  address?: string | undefined
  pec?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  /** Address of its media policy. */
  mediaPolicy?: string | undefined
  /** Picture files, PNG or SVG: its emblem or logo, and the logo of pagoPA, which only those may show who joined pagoPA. */
  logoFile?: string | undefined
  pagopaLogoFile?: string | undefined
}

/** What header and footer show. A value is null when it is not configured. */
export interface OwnerView {
  name: string | null
  address: string | null
  pec: string | null
  email: string | null
  phone: { text: string; href: string } | null
  mediaPolicy: string | null
  logoHref: string | null
  pagopaLogoHref: string | null
}

const LOGO = '/assets/ente/logo'
const PAGOPA_LOGO = '/assets/ente/pagopa'

export const ownerView = (owner: Owner): OwnerView => ({
  name: owner.name ?? null,
  address: owner.address ?? null,
  pec: owner.pec ?? null,
  email: owner.email ?? null,
  phone:
    owner.phone === undefined
      ? null
      : { text: owner.phone, href: `tel:${owner.phone.replace(/[^+\d]/g, '')}` },
  mediaPolicy: owner.mediaPolicy ?? null,
  logoHref: owner.logoFile === undefined ? null : LOGO,
  pagopaLogoHref: owner.pagopaLogoFile === undefined ? null : PAGOPA_LOGO,
})

/** Serves the configured pictures, which are read once. @throws when a file cannot be read */
export function ownerPictures(owner: Owner): Router {
  const router = Router()
  for (const [path, file] of [
    [LOGO, owner.logoFile],
    [PAGOPA_LOGO, owner.pagopaLogoFile],
  ] as const) {
    if (file === undefined) continue
    const bytes = readFileSync(file)
    const send: express.RequestHandler = (_req, res) => {
      res.set('cache-control', 'public, max-age=3600').type(extname(file)).send(bytes)
    }
    router.get(path, send)
  }
  return router
}
