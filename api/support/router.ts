import { Router } from 'express'
import { platformOnly } from '../access/region.ts'
import { operatorsOnly } from '../access/operator.ts'
import { supportAnomalies } from './anomalies.ts'
import { documentPages } from './documents.ts'
import { paymentPages, type SupportDeps } from './payment.ts'
import { queuePages } from './queues.ts'
import { searchPages } from './search.ts'

/**
 * The pages of support, for administrators of the region: search for a payment, see why it waits, and act on it. Every look at personal
 * data is recorded.
 */
export function supportRouter(deps: SupportDeps): Router {
  const router = Router()
  router.use('/supporto', operatorsOnly(deps), platformOnly)
  router.use(
    searchPages(deps),
    queuePages(deps),
    paymentPages(deps),
    documentPages(deps),
    supportAnomalies(deps),
  )
  return router
}
