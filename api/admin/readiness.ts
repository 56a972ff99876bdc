import type { Readiness } from '../../db/ente/configuration.ts'
import type { ConfigRow } from '../../db/ente/configured.ts'
import { isIban } from '../../domain/iban.ts'
import type { EnteState } from '../../domain/states.ts'
import { t } from '../../templates/language.ts'

interface Step {
  name: string
  isDone: boolean
  /** Where it is done; nothing where it cannot be done yet. */
  href: string | null
  /** State that cannot be entered without it. */
  before: EnteState
}

/** What is asked of an ente before it may collect, in the order in which it is done. */
function stepsOf(row: ConfigRow, found: Readiness, publicUrl: string): Step[] {
  const codIpa = String(row['cod_ipa'])
  const href = `/admin/enti/${codIpa}`
  const adhesion = row['adhesion'] as readonly string[]
  const test = new URL(`/enti/${codIpa}`, publicUrl)
  test.searchParams.set('prova', String(row['test_token']))
  const isTesting = row['state'] === 'PRE-ESERCIZIO'
  const whileTesting = (address: string) => (isTesting ? address : null)
  const toTest = { before: 'PRE-ESERCIZIO' } as const
  const toStart = { before: 'ESERCIZIO' } as const
  const all: (Step & { isAsked?: boolean })[] = [
    { name: 'adhesion', isDone: adhesion.length > 0, href: `${href}#adhesion.base`, ...toTest },
    {
      name: 'iban',
      isDone: typeof row['iban'] === 'string' && isIban(row['iban']),
      href: `${href}#iban`,
      ...toTest,
    },
    {
      name: 'contacts',
      isDone: [row['indirizzo'], row['localita'], row['email']].every(Boolean),
      href: `${href}#indirizzo`,
      ...toTest,
    },
    { name: 'dueTypes', isDone: found.activeDueTypes > 0, href: `${href}/tipi`, ...toTest },
    { name: 'operators', isDone: found.operators > 0, href: `${href}/operatori`, ...toTest },
    {
      name: 'flow',
      isAsked: adhesion.includes('flows'),
      isDone: found.loadedFlows > 0,
      href: whileTesting(`/operatore/${codIpa}/flussi`),
      ...toStart,
    },
    {
      name: 'software',
      isAsked: adhesion.includes('ente_software'),
      isDone: found.softwareFlows > 0,
      href: null,
      ...toStart,
    },
    {
      name: adhesion.includes('base') ? 'payment' : 'noticePayment',
      isDone: found.paidDues > 0,
      href: whileTesting(test.href),
      ...toStart,
    },
    { name: 'logo', isDone: found.hasLogo, href: `${href}#logo`, ...toStart },
  ]
  return all.filter(({ isAsked }) => isAsked !== false)
}

/** The way of an ente from its adhesion to its start: what is done, what is missing, how and where to do it. */
export function readinessView(row: ConfigRow, found: Readiness, publicUrl: string) {
  const steps = stepsOf(row, found, publicUrl)
  return {
    steps: steps.map(({ name, isDone, href }) => ({
      text: t(`admin.step.${name}.text`),
      how: isDone ? null : t(`admin.step.${name}.how`),
      isDone,
      href: isDone ? null : href,
    })),
    /** What is still to be done before that state. */
    missingFor: (to: EnteState): string[] =>
      steps
        .filter(({ isDone, before }) => !isDone && (before === to || to === 'ESERCIZIO'))
        .map(({ name }) => t(`admin.step.${name}.text`)),
  }
}
