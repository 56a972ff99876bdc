import type { Anomaly } from '../../db/anomaly/anomalies.ts'
import type { ExtraMoney } from '../../db/anomaly/extra-money.ts'
import { daysBetween, formatDay, romeDay } from '../../domain/calendar.ts'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import { chip, type Chip } from '../../templates/chip.ts'
import { euro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

export const kindWords = (kind: AnomalyKind): string => t(`anomaly.kind.${kind}.name`)

/** The state of an anomaly; a request that waits for a second person is said first. */
export function anomalyChip({
  state,
  isAsked,
  resolution,
}: Pick<Anomaly, 'state' | 'isAsked' | 'resolution'>): Chip {
  if (state === 'closed') return chip('good', t(`anomaly.resolution.${resolution!}`))
  if (isAsked) return chip('wait', t('anomaly.state.asked'))
  return state === 'to_return'
    ? chip('wait', t('anomaly.state.to_return'))
    : chip('warn', t('anomaly.state.open'))
}

/** "oggi", "da ieri", "da 12 giorni". */
export function ageText(from: string, today: string): string {
  const days = daysBetween(from, today)
  return days <= 0 ? t('anomaly.age.today') : t('anomaly.age.days', { count: days })
}

/** What became of money that came too often, in a sentence: "I 21,75 € arrivati due volte sono stati restituiti il …". */
export function extraMoneyText({ kind, cents, resolution, closedAt, reference }: ExtraMoney): string {
  const day = closedAt === null ? '' : formatDay(romeDay(closedAt))
  const came = t(`anomaly.story.came.${kind}`)
  return t(`anomaly.story.${resolution ?? 'to_return'}`, { importo: euro(cents), came, day, reference })
}
