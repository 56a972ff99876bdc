import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow'

/** The code of the error that ended an activity; a general one when it has none, as when its time ran out. */
export function failureCode(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : undefined
  const code = cause instanceof ApplicationFailure ? cause.type : undefined
  return code ?? 'PAA_ERROR_ELABORAZIONE'
}
