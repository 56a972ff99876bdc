import type { EnteAccess } from '../../db/ente/operator.ts'
import { DEFAULT_LANGUAGE, t } from '../../templates/language.ts'
import type { Crumb } from '../page/crumbs.ts'

interface Section {
  path: string
  name:
    | 'flows'
    | 'dues'
    | 'noticeMails'
    | 'acts'
    | 'exports'
    | 'reporting'
    | 'reconciliation'
    | 'treasury'
    | 'anomalies'
  isThere: (access: EnteAccess) => boolean
}

/** The sections of the console of an ente. The menu shows those that the ente has. */
const SECTIONS: readonly Section[] = [
  { path: 'flussi', name: 'flows', isThere: ({ adhesion }) => adhesion.includes('flows') },
  { path: 'dovuti', name: 'dues', isThere: () => true },
  { path: 'operazioni', name: 'acts', isThere: () => true },
  { path: 'avvisi-email', name: 'noticeMails', isThere: () => true },
  { path: 'esportazioni', name: 'exports', isThere: () => true },
  { path: 'rendicontazione', name: 'reporting', isThere: () => true },
  { path: 'riconciliazione', name: 'reconciliation', isThere: () => true },
  { path: 'tesoreria', name: 'treasury', isThere: () => true },
  { path: 'anomalie', name: 'anomalies', isThere: () => true },
]

/** The title and the description of a section on the first page of an ente. */
export const sectionWords = (name: Section['name'] | 'admin') => ({
  title: t(`operator.menu.${name}.title`),
  text: t(`operator.menu.${name}.text`),
})

/** Operators' pages are in Italian only, whatever language a person chose on the pages of citizens. */
const ITALIAN = { isOperator: true, isWide: true, language: DEFAULT_LANGUAGE }

const area = () => ({ text: t('operator.enti.title'), href: '/operatore' })

/**
 * The values that the layout of operators' pages needs.
 * @param access the ente of the page; undefined on pages outside of an ente
 * @param current the `path` of the section that the page belongs to
 * @param deeper pages between the section and this page
 */
export function operatorFrame(access: EnteAccess | undefined, current?: string, ...deeper: Crumb[]) {
  if (!access) return { ...ITALIAN, parents: [area()], switchHref: null, menu: null }
  const home = `/operatore/${access.codIpa}`
  const place = { text: access.enteName, href: home }
  const menu = sectionsOf(access).map(({ path, name }) => ({
    href: `${home}/${path}`,
    text: t(`operator.menu.${name}.title`),
    isCurrent: path === current,
  }))
  const admin = adminHref(access)
  return {
    ...ITALIAN,
    parents: [area(), place, ...menu.filter(({ isCurrent }) => isCurrent), ...deeper],
    switchHref: access.canSwitch ? '/operatore' : null,
    menu:
      admin === null ? menu : [...menu, { href: admin, text: sectionWords('admin').title, isCurrent: false }],
  }
}

/** The address where an administrator configures the ente; null for other operators. */
export const adminHref = (access: EnteAccess): string | null =>
  access.isAdmin ? `/admin/enti/${access.codIpa}` : null

export const sectionsOf = (access: EnteAccess): readonly Section[] =>
  SECTIONS.filter(({ isThere }) => isThere(access))
