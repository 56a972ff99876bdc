import { MUTATIONS } from '../../../simulator/behaviour/kinds.ts'
import type { BehaviourRequest } from '../../../simulator/behaviour/schema.ts'

type NewRule = NonNullable<BehaviourRequest['rules']>[number]
export type Misbehaviour = Omit<NewRule, 'operation' | 'match'>

/** Faults of the outside world for one payment, by operation. Each happens once. */
export const MISBEHAVIOURS = {
  nodoInviaCarrelloRPT: [
    { kind: 'fault', code: 'PPT_SYSTEM_ERROR' },
    { kind: 'fault', code: 'PPT_CANALE_TIMEOUT', when: 'after' },
    { kind: 'fault', code: 'PPT_CODICE_NUOVO' },
    { kind: 'fault', code: 'PPT_DOMINIO_SCONOSCIUTO' },
    { kind: 'timeout', when: 'before', ms: 3_500 },
    { kind: 'timeout', when: 'after', ms: 3_500 },
    { kind: 'drop', when: 'before' },
    { kind: 'drop', when: 'after' },
    { kind: 'slow', when: 'before', ms: 3_500 },
    { kind: 'slow', when: 'after', ms: 1_500 },
    { kind: 'malformed', when: 'after' },
    { kind: 'html_502' },
    { kind: 'http_500', when: 'after' },
    { kind: 'soap_fault' },
    { kind: 'repeat' },
    { kind: 'reorder', ms: 1_000 },
  ],
  nodoChiediStatoRPT: [
    { kind: 'fault', code: 'PPT_RPT_SCONOSCIUTA' },
    { kind: 'state', state: 'RPT_RIFIUTATA_PSP' },
    { kind: 'state', state: 'RPT_STATO_NUOVO' },
    { kind: 'not_offered' },
    { kind: 'html_502' },
    { kind: 'drop', when: 'after' },
    { kind: 'slow', ms: 3_500 },
  ],
  rt: [
    { kind: 'late', ms: 4_000 },
    { kind: 'copies', count: 3 },
    { kind: 'copies', count: 10, parallel: true },
    { kind: 'second_document' },
    { kind: 'negative' },
    { kind: 'negative_first' },
    { kind: 'code', code: 2 },
    { kind: 'code', code: 3 },
    { kind: 'code', code: 4 },
    { kind: 'on_request' },
    { kind: 'before_redirect' },
    ...MUTATIONS.map((what) => ({ kind: 'mutate', what })),
  ],
  paaInviaRT: [
    { kind: 'drop' },
    { kind: 'hang_up' },
    { kind: 'slow', ms: 1_500 },
    { kind: 'reorder', ms: 1_000 },
  ],
  smtp: [
    { kind: 'refuse', code: 450 },
    { kind: 'refuse', code: 550 },
    { kind: 'hang', ms: 1_500 },
    { kind: 'hang', when: 'after', ms: 1_500 },
    { kind: 'drop', when: 'before' },
    { kind: 'drop', when: 'after' },
    { kind: 'slow', ms: 1_500 },
  ],
} satisfies Record<string, Misbehaviour[]>

export type Where = keyof typeof MISBEHAVIOURS
export const WHERE = Object.keys(MISBEHAVIOURS) as Where[]
