import type { ConfigRow, Readiness } from '../../db/configuration.ts'
import { isIban } from '../../domain/iban.ts'
import type { EnteState } from '../../domain/states.ts'

interface Step {
  text: string
  isDone: boolean
  href: string | null
  /** State that cannot be entered without it. */
  before: EnteState
}

/** The way of an ente from its adhesion to its start: what is done, what is missing, where to do it. */
export function readinessView(row: ConfigRow, found: Readiness, publicUrl: string) {
  const href = `/admin/enti/${String(row['cod_ipa'])}`
  const adhesion = row['adhesion'] as readonly string[]
  const test = new URL(`/enti/${String(row['cod_ipa'])}`, publicUrl)
  test.searchParams.set('prova', String(row['test_token']))
  const isTesting = row['state'] === 'PRE-ESERCIZIO'
  const steps: Step[] = [
    {
      text: 'Scegli come aderisce: Base, Per flussi, Iniziato presso l’ente',
      isDone: adhesion.length > 0,
      href: `${href}#adhesion.base`,
      before: 'PRE-ESERCIZIO',
    },
    {
      text: 'Scrivi l’IBAN comunicato a pagoPA',
      isDone: typeof row['iban'] === 'string' && isIban(row['iban']),
      href: `${href}#iban`,
      before: 'PRE-ESERCIZIO',
    },
    {
      text: 'Scrivi indirizzo e contatti, stampati su avvisi e ricevute',
      isDone: [row['indirizzo'], row['localita'], row['email']].every(Boolean),
      href: `${href}#indirizzo`,
      before: 'PRE-ESERCIZIO',
    },
    {
      text: 'Attiva almeno un tipo dovuto',
      isDone: found.activeTipi > 0,
      href: `${href}/tipi`,
      before: 'PRE-ESERCIZIO',
    },
    {
      text: 'Abilita almeno un operatore',
      isDone: found.operators > 0,
      href: `${href}/operatori`,
      before: 'PRE-ESERCIZIO',
    },
    {
      text: 'Fai un pagamento di prova dal collegamento riservato',
      isDone: found.paidDues > 0,
      href: isTesting ? test.href : null,
      before: 'ESERCIZIO',
    },
    ...(adhesion.includes('flows')
      ? [
          {
            text: 'Carica un flusso di prova',
            isDone: found.loadedFlows > 0,
            href: isTesting ? `/operatore/${String(row['cod_ipa'])}/flussi` : null,
            before: 'ESERCIZIO' as const,
          },
        ]
      : []),
    { text: 'Carica il logo', isDone: found.hasLogo, href: `${href}#logo`, before: 'ESERCIZIO' },
  ]
  return {
    steps: steps.map(({ text, isDone, href: at }) => ({ text, isDone, href: isDone ? null : at })),
    /** What is still to be done before that state. */
    missingFor: (to: EnteState): string[] =>
      steps
        .filter(({ isDone, before }) => !isDone && (before === to || to === 'ESERCIZIO'))
        .map(({ text }) => text),
  }
}
