import type { Response } from 'express'
import type { DueDetail } from '../../db/due/dues.ts'
import { euro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { dueHref } from './due-address.ts'

/** What every question about one due has: what it is, whose, how much, and the way back. */
export const dueQuestion = (res: Response, due: DueDetail) => ({
  lead: due.causale,
  frame: operatorFrame(theAccess(res), 'dovuti', { text: due.causale, href: dueHref(res, due) }),
  facts: [
    { name: t('dues.list.debtor'), text: due.anagrafica },
    { name: t('dues.list.importo'), text: euro(due.importoCents) },
  ],
  confirms: due.id,
  back: { href: dueHref(res, due), text: t('dues.cancel.back') },
})
