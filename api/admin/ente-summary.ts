import type { ApiClient } from '../../db/ente/api-client.ts'
import type { DueTypeListRow } from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import type { GrantedOperator } from '../../db/ente/grants.ts'
import { t } from '../../templates/language.ts'
import { shownOf } from './config-form.ts'
import type { EnteSection } from './ente-fields.ts'

/** The address of the form of a section. */
export const sectionHref = (href: string, name: string): string => `${href}/dati/${name}`

/** True when this administrator may change something in the section. */
export const mayChange = ({ fields }: EnteSection, isPlatform: boolean): boolean =>
  isPlatform || fields.some((field) => field.isPlatform !== true)

/** A section as the page of the ente shows it: the values, and where they are changed. */
export function sectionView(
  section: EnteSection,
  { row, href, isPlatform }: { row: ConfigRow; href: string; isPlatform: boolean },
) {
  return {
    id: section.name,
    title: t(`admin.ente.section.${section.name}`),
    rows: section.fields.map((field) => ({ name: field.label, text: shownOf(field, row[field.column]) })),
    href: mayChange(section, isPlatform) ? sectionHref(href, section.name) : null,
  }
}

interface Linked {
  dueTypes: readonly DueTypeListRow[]
  operators: readonly GrantedOperator[]
  software: ApiClient | undefined
}

/** The sections that have pages of their own: how much there is, and the link. */
export function linkedSections(href: string, { dueTypes, operators, software }: Linked) {
  const chosen = dueTypes.filter(({ isNew }) => !isNew)
  const active = chosen.filter(({ active: isActive }) => isActive)
  const admins = operators.filter(({ role }) => role === 'admin')
  return [
    {
      title: t('admin.section.dueTypes'),
      text: t('admin.ente.dueTypes', { chosen: chosen.length, active: active.length }),
      href: `${href}/tipi`,
    },
    {
      title: t('admin.section.operators'),
      text: t('admin.ente.operators', { operators: operators.length, admins: admins.length }),
      href: `${href}/operatori`,
    },
    {
      title: t('admin.ente.software'),
      text: t(software ? 'admin.ente.hasPassword' : 'admin.ente.noPassword'),
      href: `${href}/software`,
    },
  ]
}
