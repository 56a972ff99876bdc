import { CITIZEN_HELP, STAFF_HELP } from '../../templates/help-topics.ts'
import type { Language } from '../../templates/language.ts'
import { answerOf } from '../../templates/manual.ts'

/** The questions that the panel "Aiuto" of a page answers; null for a page without one. The manual is in Italian only. */
export function helpOf(page: string, language: Language): { topic: string; question: string }[] | null {
  const topics = STAFF_HELP[page] ?? (language === 'it' ? CITIZEN_HELP[page] : undefined)
  return topics?.map((topic) => ({ topic, question: answerOf(topic).question })) ?? null
}
