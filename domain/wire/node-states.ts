import type { Progress } from '../payment/model.ts'

/** The states of the node that mean more than `under_way` (docs/field/node-messages.md#states-of-an-attempt). */
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

/** What a state of the node means for the rules. An unknown state means that the attempt is under way. */
export function progressOf(state: string): Progress {
  if (Object.hasOwn(PROGRESS_OF, state)) return PROGRESS_OF[state]!
  return /^RT_|^RPT_RISOLTA_/.test(state) ? 'resolved' : 'under_way'
}
