import { formOf, type Page, type Visitor } from '../../setup/visitor.ts'
import { rawRequest } from './release.ts'

/** Request text for the form of `page` whose action ends with `action`, with its hidden fields and `fields`. */
export function rawForm(
  visitor: Visitor,
  page: Page,
  action: string,
  fields: Record<string, string> = {},
): string {
  const form = formOf(page.html, action)
  return rawRequest({
    path: form.action,
    headers: { cookie: visitor.cookie(), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...form.hidden, ...fields }).toString(),
  })
}
