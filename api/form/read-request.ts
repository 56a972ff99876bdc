import type { Request } from 'express'
import type { z } from 'zod'
import { AppError } from '../../domain/errors.ts'
import { textOf } from '../../domain/form/check.ts'

/**
 * The fields of a form by name, as the browser sent them: usually a string each, a list of strings when a name was sent twice. Nothing
 * is checked yet, so every value is `unknown`.
 */
export type Typed = Readonly<Record<string, unknown>>

const isTyped = (body: unknown): body is Typed => typeof body === 'object' && body !== null

/** The fields of the form that a request carries, or no fields when the request has no body. */
export function typedIn(req: Request): Typed {
  const body: unknown = req.body
  return isTyped(body) ? body : {}
}

/** A field without the spaces around it; '' when it is missing or was sent twice. */
export const trimmedText = (typed: Typed, id: string): string => textOf(typed, id).trim()

/** A part of the address, such as `codIpa` of `/enti/:codIpa`; '' when the route has no part of that name. */
export function paramOf(req: Request, name: string): string {
  const value = req.params[name]
  return typeof value === 'string' ? value : ''
}

/** Reads the parts or the query of an address. @throws NOT_FOUND when they do not fit, because then there is no such page */
export function mustRead<T>(schema: z.ZodType<T>, address: unknown): T {
  const { data, success } = schema.safeParse(address)
  if (!success) throw new AppError('NOT_FOUND')
  return data
}
