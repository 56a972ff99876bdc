import { z } from 'zod'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { AppError } from '../../domain/errors.ts'
import type { Typed } from '../form/read-request.ts'
import type { ConfigField } from './config-form.ts'

/** Values as a form showed them, in base64. The form carries them, so that a change that was made since is not overwritten. */
export const encodeSeen = (values: object): string => Buffer.from(JSON.stringify(values)).toString('base64')

/** The columns of a row that a form shows, for the form. */
export const seenOf = (fields: readonly ConfigField[], row: ConfigRow): string =>
  encodeSeen(Object.fromEntries(fields.map(({ column }) => [column, row[column] ?? null])))

/** Reads what `encodeSeen` has written. @throws FORM_INVALID for any other text */
export function readSeen(body: Typed): Record<string, unknown> {
  try {
    const text = z.string().parse(body['visto'])
    return z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')))
  } catch {
    throw new AppError('FORM_INVALID')
  }
}
