import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'

const italia = dirname(
  dirname(createRequire(import.meta.url).resolve('bootstrap-italia/dist/css/bootstrap-italia.min.css')),
)
const own = fileURLToPath(new URL('../../templates/assets', import.meta.url))

/** Serves styles, fonts and icons, from the package bootstrap-italia and from templates/assets. No page loads them from another host. */
export function assets(): Router {
  const router = Router()
  const options = { index: false, fallthrough: false, immutable: false } as const
  for (const part of ['css', 'fonts', 'svg'])
    router.use(`/assets/italia/${part}`, express.static(join(italia, part), { ...options, maxAge: '1d' }))
  router.use('/assets/own', express.static(own, { ...options, maxAge: '5m' }))
  return router
}
