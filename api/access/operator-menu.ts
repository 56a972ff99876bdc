import type { EnteAccess } from '../../db/ente/operator.ts'
import { DEFAULT_LANGUAGE, t } from '../../templates/language.ts'

interface Section {
  path: string
  name: 'flows' | 'dues' | 'exports'
  isThere: (access: EnteAccess) => boolean
}

/** Where an operator can go inside an ente: what is not there for it is not shown. */
const SECTIONS: readonly Section[] = [
  { path: 'flussi', name: 'flows', isThere: ({ adhesion }) => adhesion.includes('flows') },
  { path: 'dovuti', name: 'dues', isThere: () => true },
  { path: 'esportazioni', name: 'exports', isThere: () => true },
]

/** What the first page of an ente says of each place where one can go. */
export const sectionWords = (name: Section['name'] | 'admin') => ({
  title: t(`operator.menu.${name}.title`),
  text: t(`operator.menu.${name}.text`),
})

/** Operators' pages are in Italian only, whatever language a person chose on the pages of citizens. */
const ITALIAN = { isOperator: true, language: DEFAULT_LANGUAGE }

/** What the layout of operators' pages needs. */
export function operatorFrame(access: EnteAccess | undefined, current?: string) {
  if (!access) return { ...ITALIAN, place: null, switchHref: null, menu: null }
  const home = `/operatore/${access.codIpa}`
  return {
    ...ITALIAN,
    place: { text: access.enteName, href: home },
    switchHref: access.canSwitch ? '/operatore' : null,
    menu: sectionsOf(access).map(({ path, name }) => ({
      href: `${home}/${path}`,
      text: t(`operator.menu.${name}.title`),
      isCurrent: path === current,
    })),
  }
}

/** Where administrators go on to configure their ente. */
export const adminHref = (access: EnteAccess): string | null =>
  access.isAdmin ? `/admin/enti/${access.codIpa}` : null

export const sectionsOf = (access: EnteAccess): readonly Section[] =>
  SECTIONS.filter(({ isThere }) => isThere(access))
