import { z } from 'zod'
import type { DueTypeListRow } from '../../db/ente/configuration.ts'
import { termsOf, type GrantTerms } from '../../db/ente/change-grant.ts'
import type { GrantedOperator } from '../../db/ente/grants.ts'
import { emailAddress } from '../../domain/person.ts'
import { t } from '../../templates/language.ts'
import { operatorCode } from '../../templates/format.ts'
import { fieldView, type Problems } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'
import { encodeSeen } from './seen.ts'

export const ROLES = ['operator', 'admin'] as const
const Role = z.enum(ROLES)

/**
 * Names of the fields of one grant. Several grants stand on one page, and each field needs an id of its own.
 * @param person the id of the person, or '' in the form that lets a new person in
 */
export const namesFor = (person: string) => {
  const end = person === '' ? '' : `-${person}`
  return { email: `email${end}`, role: `ruolo${end}`, types: 'tipi', reconciles: 'riconciliazione' }
}

/** Reads the fields of one grant, and what is wrong with them. */
export function readTerms(typed: Typed, person: string): { terms: GrantTerms; problems: Problems } {
  const names = namesFor(person)
  const email = trimmedText(typed, names.email)
  const role = Role.safeParse(typed[names.role])
  const problems: Record<string, string> = {}
  if (email !== '' && !emailAddress.safeParse(email).success)
    problems[names.email] = t('config.problem.email')
  if (!role.success) problems[names.role] = t('config.problem.choice')
  const terms = {
    role: role.data ?? ROLES[0],
    email: email || null,
    dueTypes: chosenTypes(typed),
    reconciles: isTicked(typed),
  }
  return { terms: termsOf(terms), problems }
}

const chosenTypes = (typed: Typed): string[] =>
  [typed[namesFor('').types]].flat().filter((code) => typeof code === 'string')

const isTicked = (typed: Typed): boolean => typed[namesFor('').reconciles] === 'si'

/** The fields of one grant: address and role, and boxes to tick for the types of the ente and for reconciliation. */
export function termFields(
  person: string,
  { typed, problems, dueTypes }: { typed: Typed; problems: Problems; dueTypes: readonly DueTypeListRow[] },
) {
  const names = namesFor(person)
  const chosen = new Set(chosenTypes(typed))
  return {
    fields: [
      fieldView(
        {
          id: names.email,
          label: t('admin.people.emailLabel'),
          required: false,
          help: t('admin.people.emailHelp'),
        },
        typed,
        problems,
      ),
      fieldView(
        {
          id: names.role,
          label: t('staff.label.role'),
          help: t('admin.people.roleHelp'),
          options: ROLES.map((value) => ({ value, label: t(`admin.role.${value}`) })),
        },
        typed,
        problems,
      ),
    ],
    dueTypes: dueTypes
      .filter(({ isNew }) => !isNew)
      .map(({ code, name }) => ({
        id: `tipo-${code}${person}`,
        name: names.types,
        code,
        text: name,
        isChosen: chosen.has(code),
      })),
    reconciles: { id: `riconciliazione${person}`, name: names.reconciles, isChosen: isTicked(typed) },
  }
}

/** What was sent of the grant of one person, when the form comes back. */
export interface Sent {
  person: string
  typed: Typed
  problems: Problems
}

/** One person of an ente, with the form that changes the grant. */
export function personView(
  operator: GrantedOperator,
  { href, dueTypes, sent }: { href: string; dueTypes: readonly DueTypeListRow[]; sent: Sent | undefined },
) {
  const { id, name, codiceFiscale, email, role, dueTypes: allowed, reconciles } = operator
  const names = namesFor(id)
  const isSent = sent?.person === id
  const stored = {
    [names.email]: email ?? '',
    [names.role]: role,
    [names.types]: allowed,
    [names.reconciles]: reconciles ? 'si' : '',
  }
  return {
    id,
    name,
    code: operatorCode(id),
    codiceFiscale,
    email: email ?? '–',
    role: t(`admin.role.${role}`),
    types: typesText(role, allowed),
    reconciliation: t(`config.option.${role === 'admin' || reconciles}`),
    isOpen: isSent,
    action: `${href}/${id}`,
    revokeHref: `${href}/${id}/togli`,
    seen: encodeSeen(termsOf(operator)),
    ...termFields(id, {
      typed: isSent ? sent.typed : stored,
      problems: isSent ? sent.problems : {},
      dueTypes,
    }),
  }
}

/** The types that a person may use, in one line. */
export const typesText = (role: GrantTerms['role'], codes: readonly string[]): string =>
  role === 'admin' ? t('admin.people.allTypes') : codes.join(', ') || t('admin.people.noTypes')
