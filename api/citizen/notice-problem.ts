import type { Knex } from 'knex'
import { findQrEnte, type NoticeKey } from '../../db/due/notice.ts'
import type { TestEnti } from '../../db/ente/ente.ts'
import { noticeCodeProblem } from '../../domain/notice/code.ts'
import type { Texts } from '../../templates/language.ts'

/** Why the typed text is not a notice number, IUV or QR text, and how to write one. */
export function codeProblem(t: Texts, typed: string): string {
  const problem = noticeCodeProblem(typed)
  return problem.kind === 'malformed'
    ? t('notice.malformed')
    : t(`notice.${problem.kind}`, { digits: problem.digits })
}

/**
 * The field and the sentence for a search that has found nothing. They depend only on what was typed and on the public list of enti, never
 * on whether such a notice exists, so that a stranger cannot find that out.
 */
export async function notFoundProblem(
  db: Knex,
  t: Texts,
  { key, isMistyped, tests }: { key: NoticeKey; isMistyped: boolean; tests: TestEnti },
): Promise<{ field: 'number' | 'code'; text: string }> {
  const { codice } = key
  const isBody = codice !== undefined && /^\d{11}$/.test(codice)
  if (isBody && (await findQrEnte(db, codice, tests))) return { field: 'code', text: t('notice.enteCode') }
  return { field: 'number', text: t(isMistyped ? 'notice.mistyped' : 'notice.unknown') }
}
