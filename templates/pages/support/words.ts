import type { EmailState } from '../../../domain/states.ts'
import { t, tOr } from '../../language.ts'

export const MAIL_WORDS: Record<EmailState, string> = {
  pending: t('support.state.email.pending'),
  sent: t('support.state.email.sent'),
  failed: t('support.state.email.failed'),
}

/** "Carrello: In corso", "RPT: Al node → Pagata"; a state nobody named is shown as it is. */
export function moveWords(entity: string, from: string | null, to: string | null): string {
  const words = [from, to]
    .filter((state) => state !== null)
    .map((state) => tOr(`support.state.${entity}.${state}`, state))
  return `${tOr(`support.entity.${entity}`, entity)}: ${words.join(' → ')}`
}
