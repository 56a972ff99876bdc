import type { Response } from 'express'
import type { Knex } from 'knex'
import { configuredRow } from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import type { Crumb } from '../page/crumbs.ts'
import { theAccess } from '../access/operator.ts'

/** The row of the ente of the address. The guard before the page found the ente, so it exists. */
export const mustFindEnte = async (db: Knex, res: Response): Promise<ConfigRow> =>
  (await configuredRow(db, 'ente', { id: theAccess(res).enteId }))!

/** The address of the page of an ente in administration. */
export const enteHref = (res: Response): string => `/admin/enti/${theAccess(res).codIpa}`

/** The page of the ente, as a page above another one. */
export const enteCrumb = (res: Response): Crumb => ({ text: theAccess(res).enteName, href: enteHref(res) })
