import type { Response } from 'express'
import { isPlatform } from './access.ts'

const SECTIONS = [
  { path: 'enti', text: 'Enti', isPlatform: false },
  { path: 'tipi-dovuto', text: 'Tipi dovuto', isPlatform: true },
  { path: 'operatori', text: 'Operatori', isPlatform: true },
]

/** What the layout of operators' pages needs on the pages of administration. */
export function adminFrame(res: Response, current?: string) {
  return {
    isOperator: true,
    place: { text: 'Amministrazione', href: '/admin' },
    switchHref: null,
    menu: SECTIONS.filter((section) => !section.isPlatform || isPlatform(res)).map(({ path, text }) => ({
      href: `/admin/${path}`,
      text,
      isCurrent: path === current,
    })),
  }
}
