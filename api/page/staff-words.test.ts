import { expect, it } from 'vitest'
import type { AccessKind } from '../../db/journal/access-trace.ts'
import type { DocumentKind } from '../../db/payment/support.ts'
import type { NoticeDrop, NoticeMailKind, NoticeMailOutcome } from '../../domain/notice/mail.ts'
import type { AnomalyKind, Attention, ForcedReason, SendState } from '../../domain/payment/model.ts'
import type { Oddity } from '../../domain/payment/receipt-check.ts'
import type { AttemptState, CartState, DueState, EmailState, EnteState } from '../../domain/states.ts'
import type { ProcessState } from '../../workflows/processes.ts'
import admin from '../../templates/language/it/admin.json' with { type: 'json' }
import dues from '../../templates/language/it/dues.json' with { type: 'json' }
import support from '../../templates/language/it/support.json' with { type: 'json' }

/** The compiler refuses texts that lack one of the names, and texts whose key is none of the names. */
const wordsOf =
  <Name extends string>() =>
  <Words extends Record<Name, string>>(words: Words & Record<Exclude<keyof Words, Name>, never>) =>
    Object.values<string>(words)

it('every state, reason and kind has its own text on the pages of staff', () => {
  for (const words of [
    wordsOf<CartState>()(support.state.cart),
    wordsOf<AttemptState>()(support.state.attempt),
    wordsOf<DueState>()(support.state.due),
    wordsOf<EmailState>()(support.state.email),
    wordsOf<SendState>()(support.send),
    wordsOf<Attention>()(support.attention),
    wordsOf<ForcedReason>()(support.forced),
    wordsOf<AnomalyKind>()(support.anomaly),
    wordsOf<Oddity>()(support.oddity),
    wordsOf<ProcessState>()(support.process),
    wordsOf<DocumentKind>()(support.message.title),
    wordsOf<AccessKind>()(admin.access),
    wordsOf<EnteState>()(admin.state),
    wordsOf<EnteState>()(admin.move),
    wordsOf<NoticeMailKind>()(dues.mail.kind),
    wordsOf<NoticeMailOutcome | 'doubt'>()(dues.mail.outcome),
    wordsOf<NoticeMailOutcome | 'doubt'>()(dues.mail.line),
    wordsOf<NoticeDrop>()(dues.mail.why),
  ])
    expect(new Set(words).size).toBe(words.length)
})
