import { Router } from 'express'
import { platformOnly } from '../access/region.ts'
import { operatorsOnly } from '../access/operator.ts'
import { documentPages } from './documents.ts'
import { paymentPages, type SupportDeps } from './payment.ts'
import { searchPages } from './search.ts'

/** The pages of the region's support, for its administrators: find a payment, see why it waits, act once, leave a trace. */
export function supportRouter(deps: SupportDeps): Router {
  const router = Router()
  router.use('/supporto', operatorsOnly(deps), platformOnly)
  router.use(searchPages(deps), paymentPages(deps), documentPages(deps.db))
  return router
}
