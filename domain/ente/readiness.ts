import type { Adhesion } from './ente.ts'
import { isIban } from '../iban.ts'
import type { EnteState } from '../states.ts'

/** What the row of an ente has. */
export interface EnteForReadiness {
  adhesion: readonly Adhesion[]
  iban: string | null
  indirizzo: string | null
  localita: string | null
  email: string | null
}

/** What the other tables know of an ente. */
export interface Readiness {
  activeDueTypes: number
  operators: number
  loadedFlows: number
  /** How many of the loaded flows were sent by software of the ente. */
  softwareFlows: number
  /** 1 when a due of the ente was ever paid, else 0. Before the start only a person who tests the ente can have paid it. */
  paidDues: number
  hasLogo: boolean
}

export type ReadinessStep =
  | 'adhesion'
  | 'iban'
  | 'contacts'
  | 'dueTypes'
  | 'operators'
  | 'flow'
  | 'software'
  | 'payment'
  | 'noticePayment'
  | 'logo'

/** A thing to do before an ente may enter the state `before`. */
export interface Step {
  name: ReadinessStep
  isDone: boolean
  before: 'PRE-ESERCIZIO' | 'ESERCIZIO'
}

/** Everything that an ente has to do before it may collect, in the order in which it is done. */
export function readinessSteps(ente: EnteForReadiness, found: Readiness): Step[] {
  const { adhesion, iban, indirizzo, localita, email } = ente
  const toTest = { before: 'PRE-ESERCIZIO' } as const
  const toStart = { before: 'ESERCIZIO' } as const
  return [
    { name: 'adhesion', isDone: adhesion.length > 0, ...toTest },
    { name: 'iban', isDone: iban !== null && isIban(iban), ...toTest },
    { name: 'contacts', isDone: [indirizzo, localita, email].every(Boolean), ...toTest },
    { name: 'dueTypes', isDone: found.activeDueTypes > 0, ...toTest },
    { name: 'operators', isDone: found.operators > 0, ...toTest },
    ...(adhesion.includes('flows')
      ? [{ name: 'flow' as const, isDone: found.loadedFlows > 0, ...toStart }]
      : []),
    ...(adhesion.includes('ente_software')
      ? [{ name: 'software' as const, isDone: found.softwareFlows > 0, ...toStart }]
      : []),
    {
      name: adhesion.includes('base') ? 'payment' : 'noticePayment',
      isDone: found.paidDues > 0,
      ...toStart,
    },
    { name: 'logo', isDone: found.hasLogo, ...toStart },
  ]
}

/** The steps that are still to be done before the ente may enter that state. */
export const missingFor = (steps: readonly Step[], to: EnteState): Step[] =>
  steps.filter(({ isDone, before }) => !isDone && (before === to || to === 'ESERCIZIO'))

const ORDER: readonly EnteState[] = ['INSERITO', 'PRE-ESERCIZIO', 'ESERCIZIO']

/** True for a step towards collecting, false for a step back. */
export const isForward = (from: EnteState, to: EnteState): boolean => ORDER.indexOf(to) > ORDER.indexOf(from)
