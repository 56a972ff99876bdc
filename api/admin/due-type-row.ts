import type { Request, Response } from 'express'
import type { Knex } from 'knex'
import { z } from 'zod'
import { configuredRow } from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { mustRead } from '../form/read-request.ts'
import { theAccess } from '../access/operator.ts'
import type { Crumb } from '../page/crumbs.ts'
import { enteCrumb, enteHref } from './ente-row.ts'

/** The code of a type of due in an address. */
export const DueTypeCode = z.string().regex(/^\w{1,64}$/)

/** The type of due of the address, as the ente of the address has it. @throws NOT_FOUND */
export async function mustFindDueType(db: Knex, req: Request, res: Response): Promise<ConfigRow> {
  const code = mustRead(DueTypeCode, req.params['code'])
  const row = await configuredRow(db, 'ente_due_type', { ente_id: theAccess(res).enteId, code })
  if (!row) throw new AppError('NOT_FOUND')
  return row
}

export const dueTypeHref = (res: Response, row: ConfigRow): string =>
  `${enteHref(res)}/tipi/${String(row['code'])}`

/** The pages above that of a type. */
export const dueTypeCrumbs = (res: Response): Crumb[] => [
  enteCrumb(res),
  { text: t('admin.section.dueTypes'), href: `${enteHref(res)}/tipi` },
]
