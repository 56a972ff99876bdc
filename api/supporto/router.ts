import { Router } from 'express'
import { platformOnly } from '../admin/access.ts'
import type { AppDeps } from '../deps.ts'
import { operatorsOnly } from '../operator/access.ts'
import { documentPages } from './documents.ts'
import { paymentPages } from './payment.ts'
import { searchPages } from './search.ts'

/** The pages of the region's support, for its administrators: find a payment, see why it waits, act once, leave a trace. */
export function supportRouter(deps: Pick<AppDeps, 'db' | 'processes' | 'config'>): Router {
  const router = Router()
  router.use('/supporto', operatorsOnly(deps), platformOnly)
  router.use(searchPages(deps), paymentPages(deps), documentPages(deps.db))
  return router
}
