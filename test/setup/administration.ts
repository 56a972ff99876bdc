import { idOf } from '../../api/admin/config-form.ts'
import { ENTE_SECTIONS } from '../../api/admin/ente-fields.ts'
import type { Page, Visitor } from './visitor.ts'

/** The address of the section of an ente that has a field. @param ente the address of the ente */
export function sectionWith(ente: string, field: string): string {
  const section = ENTE_SECTIONS.find(({ fields }) => fields.some((one) => idOf(one) === field))
  if (!section) throw new Error(`no section of an ente has the field ${field}`)
  return `${ente}/dati/${section.name}`
}

/** Sends a form of administration that asks for confirmation, and confirms. The answer is that of the last form. */
export async function confirming(visitor: Visitor, asked: Page): Promise<Page> {
  if (asked.status !== 200 || !asked.html.includes('name="conferma"')) return asked
  return visitor.submit(asked, new URL(asked.url).pathname)
}

/** Saves fields of one section of an ente, and confirms when the page asks for it. */
export async function saveEnte(
  visitor: Visitor,
  ente: string,
  fields: Record<string, string>,
): Promise<Page> {
  const path = sectionWith(ente, Object.keys(fields)[0] ?? 'name')
  return confirming(visitor, await visitor.submit(await visitor.get(path), path, fields))
}
