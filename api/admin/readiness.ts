import type { ConfigRow } from '../../db/ente/configured.ts'
import {
  missingFor,
  readinessSteps,
  type EnteForReadiness,
  type Readiness,
  type ReadinessStep,
} from '../../domain/ente/readiness.ts'
import type { EnteState } from '../../domain/states.ts'
import { chip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'

/** Where each step is done; null where it cannot be done yet. */
function placesOf(row: ConfigRow, publicUrl: string): Record<ReadinessStep, string | null> {
  const codIpa = String(row['cod_ipa'])
  const href = `/admin/enti/${codIpa}`
  const test = new URL(`/enti/${codIpa}`, publicUrl)
  test.searchParams.set('prova', String(row['test_token']))
  const whileTesting = (address: string) => (row['state'] === 'PRE-ESERCIZIO' ? address : null)
  return {
    adhesion: `${href}/dati/adesione`,
    iban: `${href}/dati/conti#iban`,
    contacts:
      row['indirizzo'] && row['localita']
        ? `${href}/dati/contatti#email`
        : `${href}/dati/anagrafica#indirizzo`,
    dueTypes: `${href}/tipi`,
    operators: `${href}/operatori`,
    flow: whileTesting(`/operatore/${codIpa}/flussi`),
    software: null,
    payment: whileTesting(test.href),
    noticePayment: whileTesting(test.href),
    logo: `${href}/logo`,
  }
}

/** The steps of an ente from its adhesion to its start: which are done, and how and where to do the others. */
export function readinessView(
  row: ConfigRow,
  ente: EnteForReadiness,
  { found, publicUrl }: { found: Readiness; publicUrl: string },
) {
  const steps = readinessSteps(ente, found)
  const places = placesOf(row, publicUrl)
  return {
    steps: steps.map(({ name, isDone }) => ({
      text: t(`admin.step.${name}.text`),
      how: isDone ? null : t(`admin.step.${name}.how`),
      state: isDone ? chip('good', t('admin.ente.done')) : chip('idle', t('admin.ente.toDo')),
      href: isDone ? null : places[name],
    })),
    /** Names of the steps that the ente still has to do before it may enter that state. */
    missingFor: (to: EnteState): string[] =>
      missingFor(steps, to).map(({ name }) => t(`admin.step.${name}.text`)),
  }
}
