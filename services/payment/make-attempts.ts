import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { violations } from '../../contracts/schemas.ts'
import type { BeginItem, LockedCart, NewAttempt } from '../../db/payment/begin.ts'
import { drawProgressives } from '../../db/due/counter.ts'
import { AppError } from '../../domain/errors.ts'
import { ccp, iuv17, iuv25 } from '../../domain/iuv.ts'
import { groupIntoAttempts } from '../../domain/payment/grouping.ts'
import type { AttemptShare } from '../../domain/payment/attempt-parts.ts'
import { attemptOfLines } from '../../domain/wire/attempt-rpt.ts'

/** The two-digit id of "paid online" in the table of tipi versamento. */
const TIPO_VERSAMENTO_ONLINE = '01'

interface Line {
  item: BeginItem
  share: AttemptShare
}

/**
 * The cart's dues as attempts with their numbers and documents: per group one for the ente itself and, for a due with a
 * secondary beneficiary, one for that domain with the same IUV and CCP. Source: docs/field/payments.md#attempt.
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
    const code = ccpOf(first, iuv)
    for (const lines of byDomain(group))
      attempts.push(
        makeAttempt({
          cart,
          lines,
          iuv,
          ccp: code,
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

/** Primary first: its domain is the one of the group's first line. */
function byDomain(lines: Line[]): Line[][] {
  const groups = new Map<string, Line[]>()
  for (const line of lines) groups.set(line.share.domain, [...(groups.get(line.share.domain) ?? []), line])
  return [...groups.values()]
}

/**
 * An RF IUV is told apart by its ente alone. With a secondary beneficiary two enti may meet in one domain, and the cart
 * is named by its CCP: such a due gets a notice's IUV, whose CCP carries the ente.
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

function ccpOf(item: BeginItem, iuv: string): string {
  const { codiceFiscale: domain, applicationCode } = item.ente
  return ccp({
    domain,
    iuv,
    attempt: item.tries + 1,
    ...(applicationCode === null ? {} : { applicationCode }),
  })
}

/** What an attempt is made of; its id is drawn here. */
type AttemptParts = Omit<Parameters<typeof attemptOfLines>[0], 'id'>

/**
 * One attempt with its request. Every request is checked against the schema, because the node would refuse it and the citizen would
 * see no more than "riprova".
 * @throws RPT_INVALID
 */
export function makeAttempt(parts: AttemptParts): NewAttempt {
  const { row, document } = attemptOfLines({ ...parts, id: randomUUID() })
  const found = violations('rpt-rt', document)
  if (found.length > 0) throw new AppError('RPT_INVALID', { violations: found.slice(0, 5) })
  return { ...row, document }
}
