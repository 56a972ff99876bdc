import type { Knex } from 'knex'
import { findQrEnte, type NoticeKey } from '../../db/due/notice.ts'
import type { TestEnti } from '../../db/ente/ente.ts'
import { noticeCodeProblem } from '../../domain/notice/code.ts'
import type { Texts } from '../../templates/language.ts'

/** Why what was typed is no code of a notice, and how it is written. */
export function codeProblem(t: Texts, typed: string): string {
  const problem = noticeCodeProblem(typed)
  return problem.kind === 'malformed'
    ? t('notice.malformed')
    : t(`notice.${problem.kind}`, { digits: problem.digits })
}

/**
 * What to check when nothing was found. It depends on what was typed and on the public list of enti, never on whether such a notice
 * exists: a stranger learns nothing.
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
