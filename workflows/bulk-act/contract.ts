import type { ProcessWords } from '../words.ts'

/** The durable process of one act on many dues. */
export const BULK_ACT = {
  name: 'bulkAct',
  taskQueue: 'payments',
  id: (actId: string): string => `bulk-act:${actId}`,
} as const

export interface BulkActInput {
  actId: string
  enteId: string
  /** Maximum duration of one activity in ms, so that other files and acts get their turn. */
  sliceMs: number
}

export interface BulkStatus {
  isOver: boolean
  words?: ProcessWords
}

export interface BulkActActivities {
  /** Gives dues their turn for at most `sliceMs`, and ends the act when none is left. */
  workBulkAct(ask: { actId: string; sliceMs: number }): Promise<BulkStatus>
  /** Marks the act as failed, after an error that no retry can mend or that lasted too long. */
  giveUpBulkAct(ask: { actId: string; code: string }): Promise<BulkStatus>
}
