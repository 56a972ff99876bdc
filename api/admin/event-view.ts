import type { ConfigEvent } from '../../db/ente/configuration.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import { actorText } from '../../templates/format.ts'
import { changeText } from '../../templates/pages/admin/change-words.ts'

/** One line of the register of changes: who changed what, with the old and the new value. */
export function eventView({ at, entity, kind, fromState, toState, data }: ConfigEvent) {
  const moved = kind === 'moved' ? [t('config.register.moved', { from: fromState, to: toState })] : []
  const born = kind === 'born' ? [t('config.register.born')] : []
  return {
    at: formatInstant(at),
    by: actorText(data) ?? t('config.register.nobody'),
    what: [changeText({ entity, ...data }, data), ...moved, ...born].filter((part) => part !== '').join('; '),
  }
}
