import type { Request, Response } from 'express'
import { formatDay } from '../../domain/calendar.ts'
import type { FlowDue, FlowSettings } from '../../domain/flow/values.ts'
import { t } from '../../templates/language.ts'
import { euro } from '../../templates/format.ts'
import { theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { askConfirm, isConfirmed } from '../form/confirm.ts'
import type { Typed } from '../form/read-request.ts'

interface Asking {
  settings: FlowSettings
  due: FlowDue
  typed: Typed
  title: string
  action: string
  button: string
}

/**
 * Asks before a due gets a due date in the past, which the rules allow where the date does not bind, but which is more often a typing error.
 * Returns false when there is nothing to ask.
 * @param before the day that the due has already
 */
export function asksPastDay(req: Request, res: Response, asking: Asking, before: string | null): boolean {
  const { settings, due, typed, title, action, button } = asking
  const { dueOn } = due
  if (dueOn === undefined || dueOn >= settings.today || dueOn === before) return false
  if (isConfirmed(typed, { confirms: dueOn })) return false
  askConfirm(req, res, {
    page: 'operator/past-day',
    title,
    lead: t('dues.pastDay.lead', { day: formatDay(dueOn) }),
    facts: [
      { name: t('dues.list.causale'), text: due.causale },
      { name: t('dues.list.debtor'), text: due.pagatore.anagrafica },
      { name: t('dues.list.importo'), text: euro(due.importo) },
    ],
    effects: [
      t('dues.pastDay.payable'),
      ...(due.dueType.printDueOn ? [t('dues.pastDay.printed', { day: formatDay(dueOn) })] : []),
    ],
    confirms: dueOn,
    action,
    typed,
    button,
    frame: operatorFrame(theAccess(res), 'dovuti'),
  })
  return true
}
