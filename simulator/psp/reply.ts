import { readSoap } from '../../contracts/soap.ts'
import type { ReplyOutcome } from '../world/facts.ts'
import { child, readTree, textAt } from '../xml-tree.ts'

/** The product's answer to one delivery, and what the node does about it. */
export type Verdict = { outcome: ReplyOutcome; faultCode?: string; state: string; isRetried: boolean }

/** KO codes after which the RT comes again. Any other KO ends the delivery. */
const RETRIED_KO: ReadonlySet<string> = new Set([
  'PAA_ID_DOMINIO_ERRATO',
  'PAA_ID_INTERMEDIARIO_ERRATO',
  'PAA_STAZIONE_INT_ERRATA',
  'PAA_PAGAMENTO_SCONOSCIUTO',
  'PAA_PAGAMENTO_DUPLICATO',
  'PAA_PAGAMENTO_IN_CORSO',
  'PAA_PAGAMENTO_ANNULLATO',
  'PAA_PAGAMENTO_SCADUTO',
  'PAA_SYSTEM_ERROR',
])

const UNKNOWN = { state: 'RT_ESITO_SCONOSCIUTO_PA', isRetried: true }

/** Verdicts on deliveries that got no answer at all. */
export const NO_ANSWER = {
  timeout: { outcome: 'timeout', ...UNKNOWN },
  hung_up: { outcome: 'hung_up', ...UNKNOWN },
  unreachable: { outcome: 'unreachable', state: 'RT_ERRORE_INVIO_A_PA', isRetried: true },
  dropped: { outcome: 'dropped', state: 'RT_ERRORE_INVIO_A_PA', isRetried: true },
} satisfies Record<string, Verdict>

/** Judges an answer by the contract: KO needs a fault, and OK must not have one. */
export function judge(status: number, bytes: Uint8Array): Verdict {
  if (status < 200 || status > 299) return { outcome: 'http_error', ...UNKNOWN }
  const message = readSoap('pa-per-nodo', bytes)
  if (!message.ok || message.operation !== 'paaInviaRTRisposta') return { outcome: 'invalid', ...UNKNOWN }
  const answer = child(readTree(message.body), 'paaInviaRTRisposta')
  const esito = textAt(answer, 'esito')
  const faultCode = textAt(answer, 'fault', 'faultCode')
  if (esito === 'OK' && faultCode === undefined) {
    return { outcome: 'OK', state: 'RT_ACCETTATA_PA', isRetried: false }
  }
  if (esito !== 'KO') return { outcome: 'invalid', ...UNKNOWN }
  if (faultCode === undefined) return { outcome: 'KO', state: 'RT_RIFIUTATA_PA', isRetried: false }
  return { outcome: 'KO', faultCode, state: 'RT_RIFIUTATA_PA', isRetried: RETRIED_KO.has(faultCode) }
}
