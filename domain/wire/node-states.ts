import type { Progress } from '../payment/model.ts'

/** Of the states that the node names (docs/field/node-messages.md#states-of-an-attempt), those that say more than that the attempt is under way. */
const PROGRESS_OF: Readonly<Record<string, Progress>> = {
  RPT_RICEVUTA_NODO: 'unaccepted',
  RPT_ACCETTATA_NODO: 'unaccepted',
  RPT_PARCHEGGIATA_NODO: 'unaccepted',
  RPT_ANNULLATA_WISP: 'unaccepted',
  RPT_ACCETTATA_PSP: 'accepted',
  RT_RICEVUTA_NODO: 'receipt',
  RT_ACCETTATA_NODO: 'receipt',
  RPT_RIFIUTATA_NODO: 'closed',
  RPT_RIFIUTATA_PSP: 'closed',
  RPT_ERRORE_INVIO_A_PSP: 'closed',
}

/** What a state of the node means for the rules; a state that nobody knows yet means that the attempt is under way. */
export function progressOf(state: string): Progress {
  if (Object.hasOwn(PROGRESS_OF, state)) return PROGRESS_OF[state]!
  return /^RT_|^RPT_RISOLTA_/.test(state) ? 'resolved' : 'under_way'
}
