import type { EnteAccess } from '../../db/ente/operator.ts'

interface Section {
  path: string
  title: string
  text: string
  isThere: (access: EnteAccess) => boolean
}

/** Where an operator can go inside an ente: what is not there for it is not shown. */
const SECTIONS: readonly Section[] = [
  {
    path: 'flussi',
    title: 'Flussi',
    text: 'Carica file di dovuti, segui il caricamento, scarica esiti e scarti.',
    isThere: ({ adhesion }) => adhesion.includes('flows'),
  },
  {
    path: 'dovuti',
    title: 'Dovuti',
    text: 'Cerca un dovuto, correggilo, annullalo, inseriscine uno.',
    isThere: () => true,
  },
  {
    path: 'esportazioni',
    title: 'Esportazioni',
    text: 'Prenota l’elenco dei dovuti pagati o scaduti e scaricalo quando è pronto.',
    isThere: () => true,
  },
]

/** What the layout of operators' pages needs. */
export function operatorFrame(access: EnteAccess | undefined, current?: string) {
  if (!access) return { isOperator: true, place: null, switchHref: null, menu: null }
  const home = `/operatore/${access.codIpa}`
  return {
    isOperator: true,
    place: { text: access.enteName, href: home },
    switchHref: access.canSwitch ? '/operatore' : null,
    menu: sectionsOf(access).map(({ path, title }) => ({
      href: `${home}/${path}`,
      text: title,
      isCurrent: path === current,
    })),
  }
}

/** Where administrators go on to configure their ente. */
export const adminHref = (access: EnteAccess): string | null =>
  access.isAdmin ? `/admin/enti/${access.codIpa}` : null

export const sectionsOf = (access: EnteAccess): readonly Section[] =>
  SECTIONS.filter(({ isThere }) => isThere(access))
