import type { Response } from 'express'
import { flowWithContent } from '../../db/flow/flow.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { t } from '../../templates/language.ts'
import { readerOf } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { listHref } from './flow-list-view.ts'

/** The file that was loaded from the same bytes, as the page of an upload names it. */
export interface SameFile {
  text: string
  link: { href: string; text: string } | null
}

/** Says when and as what the bytes of a file were loaded before; without name and link when this operator may not see that file. */
export async function sameFile(db: AppDeps['db'], res: Response, sha256: Buffer): Promise<SameFile> {
  const flow = await flowWithContent(db, readerOf(res), sha256)
  if (!flow) return { text: t('flows.problem.bytes'), link: null }
  const name = shownFileName(flow)
  return {
    text: t('flows.problem.sameAs', { at: formatInstant(flow.createdAt), name }),
    link: { href: `${listHref(res)}/${flow.id}`, text: t('flows.problem.openSame', { name }) },
  }
}
