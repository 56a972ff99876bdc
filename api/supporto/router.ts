import { Router } from 'express'
import type { AppDeps } from '../deps.ts'
import { documentPages } from './documents.ts'
import { loginPages, supportOnly } from './login.ts'
import { paymentPages } from './payment.ts'
import { searchPages } from './search.ts'

/** The pages of the region's support: find a payment, see why it waits, act once, leave a trace. */
export function supportRouter(deps: Pick<AppDeps, 'db' | 'processes' | 'config'>): Router {
  const router = Router()
  router.use(loginPages(deps.config.isProduction))
  router.use('/supporto', supportOnly)
  router.use(searchPages(deps.db), paymentPages(deps), documentPages(deps.db))
  return router
}
