import { Router } from 'express'
import type { AppDeps } from '../../deps.ts'
import type { Limits } from '../../middleware/limits.ts'
import { accountPages } from './account.ts'
import { areaHome } from './home.ts'
import { ownPaymentPages } from './payments.ts'
import { positionPages } from './positions.ts'
import { signedIn } from './signed-in.ts'

/** The personal area. Every page of it requires the sign-in. */
export function areaRouter(deps: AppDeps, limits: Limits): Router {
  const router = Router()
  router.use('/area', signedIn)
  router.use(areaHome(deps), positionPages(deps), ownPaymentPages(deps), accountPages(deps, limits))
  return router
}
