import type { Response } from 'express'
import { DEFAULT_LANGUAGE, t } from '../../templates/language.ts'
import { isPlatform } from './region.ts'

const SECTIONS = [
  { href: '/admin/enti', name: 'enti', isPlatform: false },
  { href: '/admin/tipi-dovuto', name: 'dueTypes', isPlatform: true },
  { href: '/admin/operatori', name: 'operators', isPlatform: true },
  { href: '/admin/accessi', name: 'accesses', isPlatform: false },
  { href: '/admin/giornale', name: 'journal', isPlatform: true },
  { href: '/supporto', name: 'support', isPlatform: true },
] as const

/** The section that a page of administration or support belongs to. */
export type AdminSection = (typeof SECTIONS)[number]['href']

/** The values that the layout of operators' pages needs on the pages of administration and support. */
export const adminFrame = (res: Response, current?: AdminSection) => ({
  isOperator: true,
  // The pages are in Italian only, whatever language a person chose on the pages of citizens.
  language: DEFAULT_LANGUAGE,
  place: { text: t('admin.title'), href: '/admin' },
  switchHref: null,
  menu: adminMenu(res, current),
})

/** The sections that this administrator may open. */
export const adminMenu = (res: Response, current?: AdminSection) =>
  SECTIONS.filter((section) => !section.isPlatform || isPlatform(res)).map(({ href, name }) => ({
    href,
    text: t(`admin.section.${name}`),
    isCurrent: href === current,
  }))
