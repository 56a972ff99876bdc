import type { ProcessWords } from '../words.ts'

/** The durable process that reads one statement of a bank. Its history has ids and counts only. */
export const LOAD_TREASURY = {
  name: 'loadTreasury',
  taskQueue: 'payments',
  id: (fileId: string): string => `treasury:${fileId}`,
} as const

export interface LoadTreasuryInput {
  fileId: string
  /** The fairness key: enti that send statements at the same time share the workers. */
  enteId: string
}

/** How the reading ended, for people who look at the process. */
export interface TreasuryEnd {
  words: ProcessWords
}

export interface LoadTreasuryActivities {
  /** Stores the movements of a statement, or why it is refused or what it asks. */
  loadTreasury(ask: { fileId: string }): Promise<TreasuryEnd>
  /** Refuses the statement after an error that no retry mended. */
  giveUpTreasury(ask: { fileId: string }): Promise<TreasuryEnd>
  /** Ties the credits of an ente that wait for it; true when there are more. */
  tieCredits(ask: { enteId: string }): Promise<boolean>
}
