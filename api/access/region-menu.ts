import type { Response } from 'express'
import { isPlatform } from './region.ts'

const SECTIONS = [
  { href: '/admin/enti', text: 'Enti', isPlatform: false },
  { href: '/admin/tipi-dovuto', text: 'Tipi dovuto', isPlatform: true },
  { href: '/admin/operatori', text: 'Operatori', isPlatform: true },
  { href: '/admin/accessi', text: 'Accessi', isPlatform: false },
  { href: '/admin/giornale', text: 'Giornale degli eventi', isPlatform: true },
  { href: '/supporto', text: 'Assistenza', isPlatform: true },
] as const

/** Where a page of administration or support belongs. */
export type AdminSection = (typeof SECTIONS)[number]['href']

/** What the layout of operators' pages needs on the pages of administration and support. */
export const adminFrame = (res: Response, current?: AdminSection) => ({
  isOperator: true,
  place: { text: 'Amministrazione', href: '/admin' },
  switchHref: null,
  menu: adminMenu(res, current),
})

/** Where this administrator can go. */
export const adminMenu = (res: Response, current?: AdminSection) =>
  SECTIONS.filter((section) => !section.isPlatform || isPlatform(res)).map(({ href, text }) => ({
    href,
    text,
    isCurrent: href === current,
  }))
