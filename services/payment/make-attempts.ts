import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { violations } from '../../contracts/schemas.ts'
import type { BeginItem, LockedCart, NewAttempt } from '../../db/payment/begin.ts'
import { drawProgressives } from '../../db/due/counter.ts'
import { AppError } from '../../domain/errors.ts'
import { attemptCode, iuv17, iuv25 } from '../../domain/iuv.ts'
import { groupIntoAttempts } from '../../domain/payment/grouping.ts'
import type { AttemptShare } from '../../domain/payment/attempt-parts.ts'
import { attemptOfLines } from '../../domain/wire/attempt-rpt.ts'

/** The two-digit id of "paid online" among the tipi versamento of an IUV with 25 digits. */
const TIPO_VERSAMENTO_ONLINE = '01'

interface Line {
  item: BeginItem
  share: AttemptShare
}

/**
 * Makes the attempts of a cart with their IUVs, CCPs and documents. Each group of dues gives one attempt for the ente; a due with a
 * secondary beneficiary gives a second one for that domain, with the same IUV and CCP. Source: docs/field/payments.md#attempt.
 */
export async function makeAttempts(
  trx: Knex,
  cart: LockedCart,
  items: BeginItem[],
  station: string,
): Promise<NewAttempt[]> {
  const attempts: NewAttempt[] = []
  for (const group of groupsOf(items)) {
    const first = group[0]!.item
    const iuv = first.iuv ?? (await drawIuv(trx, first))
    const code = attemptCodeOf(first, iuv)
    for (const lines of byDomain(group))
      attempts.push(
        makeAttempt({
          cart,
          lines,
          iuv,
          attemptCode: code,
          station,
          position: attempts.length + 1,
          tipoVersamento: 'BBT',
        }),
      )
  }
  return attempts
}

function groupsOf(items: BeginItem[]): Line[][] {
  const byId = new Map(items.map((item) => [item.dueId, item]))
  const groups = groupIntoAttempts(
    items.map((item) => ({
      dueId: item.dueId,
      iuv: item.iuv,
      enteId: item.ente.id,
      pagatoreCodice: item.pagatore.codice,
      separate: item.separate,
      hasSecondary: item.shares.length > 1,
    })),
  )
  return groups.map(({ dueIds }) =>
    dueIds.flatMap((id) => byId.get(id)!.shares.map((share) => ({ item: byId.get(id)!, share }))),
  )
}

/** Groups lines by domain. The primary beneficiary comes first, because the first line of the group has its domain. */
function byDomain(lines: Line[]): Line[][] {
  const groups = new Map<string, Line[]>()
  for (const line of lines) groups.set(line.share.domain, [...(groups.get(line.share.domain) ?? []), line])
  return [...groups.values()]
}

/**
 * Draws an IUV. A due with a secondary beneficiary gets one of 17 digits, as a notice does, because its cart is named by its CCP and dues
 * of two enti may have the same second domain. The CCP of a 17-digit IUV contains the ente; an RF IUV is unique only within its ente.
 */
async function drawIuv(trx: Knex, { ente, shares }: BeginItem): Promise<string> {
  const { codiceFiscale: domain, segregationCode } = ente
  if (shares.length > 1)
    return iuv17({
      segregationCode,
      progressive: await drawProgressives(trx, { domain, segregationCode, generator: 'iuv17' }),
    })
  const progressive = await drawProgressives(trx, { domain, segregationCode, generator: 'iuv25' })
  return iuv25({ segregationCode, tipoVersamentoId: TIPO_VERSAMENTO_ONLINE, progressive })
}

function attemptCodeOf(item: BeginItem, iuv: string): string {
  const { codiceFiscale: domain, applicationCode } = item.ente
  return attemptCode({
    domain,
    iuv,
    attempt: item.tries + 1,
    ...(applicationCode === null ? {} : { applicationCode }),
  })
}

/** The parts of an attempt. `makeAttempt` draws the id. */
type AttemptParts = Omit<Parameters<typeof attemptOfLines>[0], 'id'>

/**
 * Makes one attempt with its RPT. The RPT is checked against the schema, because the node would refuse an invalid one and the citizen
 * would only see "riprova".
 * @throws AppError RPT_INVALID
 */
export function makeAttempt(parts: AttemptParts): NewAttempt {
  const { row, document } = attemptOfLines({ ...parts, id: randomUUID() })
  const found = violations('rpt-rt', document)
  if (found.length > 0) throw new AppError('RPT_INVALID', { violations: found.slice(0, 5) })
  return { ...row, document }
}
