import { z } from 'zod'

/** Attributes of the subject of a certificate, all of which it must have with this very value. */
export type Subject = Record<string, string>

/** A comma divides only before a name and `=`, because names of organisations have commas too. */
const BETWEEN_ATTRIBUTES = /,(?=\s*[A-Za-z]+=)/

const subject = z
  .string()
  .regex(/^\s*[A-Za-z]+=[^=]+(,\s*[A-Za-z]+=[^=]+)*$/, 'must look like CN=name,O=organisation;CN=another')
  .transform((text): Subject => Object.fromEntries(text.split(BETWEEN_ATTRIBUTES).map(toPair)))

/** Subjects divided by semicolons, their attributes by commas: `CN=api.example,O=Example S.p.A.;CN=new.example`. */
export const subjects = z
  .string()
  .default('')
  .transform((text) => text.split(';').filter((part) => part.trim() !== ''))
  .pipe(z.array(subject))

/** @param actual as node:tls reads it; an attribute that it has twice is an array, which equals no text */
export const hasSubject = (actual: object | undefined, wanted: Subject): boolean =>
  Object.entries(wanted).every(([name, value]) => (actual as Partial<Subject> | undefined)?.[name] === value)

function toPair(part: string): [string, string] {
  const at = part.indexOf('=')
  return [part.slice(0, at).trim(), part.slice(at + 1).trim()]
}
