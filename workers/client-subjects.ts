import { z } from 'zod'

/** Attributes that the subject of a certificate must have, each with exactly this value. */
export type Subject = Record<string, string>

/** A comma separates attributes only before a name and `=`, because names of organisations contain commas too. */
const BETWEEN_ATTRIBUTES = /,(?=\s*[A-Za-z]+=)/

const subject = z
  .string()
  .regex(/^\s*[A-Za-z]+=[^=]+(,\s*[A-Za-z]+=[^=]+)*$/, 'must look like CN=name,O=organisation;CN=another')
  .transform((text): Subject => Object.fromEntries(text.split(BETWEEN_ATTRIBUTES).map(toPair)))

/** Semicolons separate subjects, commas their attributes: `CN=api.example,O=Example S.p.A.;CN=new.example`. */
export const subjects = z
  .string()
  .default('')
  .transform((text) => text.split(';').filter((part) => part.trim() !== ''))
  .pipe(z.array(subject))

/** @param actual subject as node:tls returns it; an attribute that occurs twice is an array there, so it never matches */
export const hasSubject = (actual: object | undefined, wanted: Subject): boolean =>
  actual !== undefined && Object.entries(wanted).every(([name, value]) => Reflect.get(actual, name) === value)

function toPair(part: string): [string, string] {
  const at = part.indexOf('=')
  return [part.slice(0, at).trim(), part.slice(at + 1).trim()]
}
