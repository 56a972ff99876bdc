import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'
import { DRAWN_ASSETS } from '../../templates/assets.ts'

const kit = dirname(createRequire(import.meta.url).resolve('bootstrap-italia/package.json'))
const own = fileURLToPath(new URL('../../templates/assets', import.meta.url))

/** Serves styles, icons, fonts and scripts. No page loads them from another host. */
export function assets(): Router {
  const router = Router()
  const options = { index: false, fallthrough: false } as const
  // Fonts keep their names for the life of a release of the kit; the address of a drawn file changes with its content.
  const forLong = { ...options, maxAge: '365d', immutable: true }
  router.use('/assets/italia/fonts', express.static(join(kit, 'dist', 'fonts'), forLong))
  router.use('/assets/own', express.static(own, { ...options, maxAge: '5m' }))
  router.use('/assets', express.static(DRAWN_ASSETS, forLong))
  return router
}
