import type { Response } from 'express'
import { DEFAULT_LANGUAGE, t } from '../../templates/language.ts'
import type { Crumb } from '../page/crumbs.ts'
import { isPlatform } from './region.ts'

const SECTIONS = [
  { href: '/admin/enti', name: 'enti', isPlatform: false },
  { href: '/admin/tipi-dovuto', name: 'dueTypes', isPlatform: true },
  { href: '/admin/operatori', name: 'operators', isPlatform: true },
  { href: '/admin/accessi', name: 'accesses', isPlatform: false },
  { href: '/admin/numeri', name: 'numbers', isPlatform: true },
  { href: '/admin/giornale', name: 'journal', isPlatform: true },
  { href: '/supporto', name: 'support', isPlatform: true },
] as const

/** The section that a page of administration or support belongs to. */
export type AdminSection = (typeof SECTIONS)[number]['href']

/**
 * The values that the layout of operators' pages needs on the pages of administration and support.
 * @param deeper pages between the section and this page
 */
export function adminFrame(res: Response, current?: AdminSection, ...deeper: Crumb[]) {
  const place = { text: t('admin.title'), href: '/admin' }
  const menu = adminMenu(res, current)
  return {
    isOperator: true,
    isWide: true,
    parents: [place, ...menu.filter(({ isCurrent }) => isCurrent), ...deeper],
    // The pages are in Italian only, whatever language a person chose on the pages of citizens.
    language: DEFAULT_LANGUAGE,
    switchHref: null,
    menu,
  }
}

/** The sections that this administrator may open. */
export const adminMenu = (res: Response, current?: AdminSection) =>
  SECTIONS.filter((section) => !section.isPlatform || isPlatform(res)).map(({ href, name }) => ({
    href,
    text: t(`admin.section.${name}`),
    isCurrent: href === current,
  }))
