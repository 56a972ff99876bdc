import { compileTemplate } from '../engine.ts'
import { oneLine } from '../format.ts'
import type { Language } from '../language.ts'

export interface MailText {
  subject: string
  text: string
  html: string
}

/** Mail programs cut longer subjects anyway, and a longer one is folded into several header lines. */
const MAX_SUBJECT = 150

/** A mail in both of its forms. `template` is a name inside templates/emails. */
export function mailText<View extends { language: Language; title: string }>(
  template: string,
  subject: string,
  view: View,
): MailText {
  return {
    subject: oneLine(subject).slice(0, MAX_SUBJECT),
    text: compileTemplate(`emails/${template}.txt.hbs`)(view),
    html: compileTemplate(`emails/${template}.html.hbs`)(view),
  }
}
