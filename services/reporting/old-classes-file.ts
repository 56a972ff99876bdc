import type { Knex } from 'knex'
import type { EnteReader } from '../../db/ente/due-type-access.ts'
import { comparedAt } from '../../db/reporting/compared.ts'
import { creditedFlows } from '../../db/reporting/flows-credited.ts'
import { paymentsInNoFlow, type Days } from '../../db/reporting/in-no-flow.ts'
import { ANY_MATCH } from '../../db/reporting/matches.ts'
import { listCredits, type CreditPlace } from '../../db/treasury/list.ts'
import { pivotClasses, type Compared } from '../../domain/reporting/pivot-classes.ts'
import { creditClassOf, flowClass } from '../../domain/treasury/classes.ts'
import { classedMatches } from './matches-file.ts'

/** Something that has a class of the old product. What it does not have is null. */
export interface OldClassLine {
  kind: 'payment' | 'receipt' | 'flow' | 'credit'
  flowId: string | null
  iuv: string | null
  iur: string | null
  /** Number of the sospeso of a credit. */
  bill: string | null
  day: string | null
  cents: number | null
  classes: readonly string[]
}

const NOTHING = { flowId: null, iuv: null, iur: null, bill: null } as const

/**
 * Everything of some days that has a class of the old product: reported payments by the day they were paid, payments of receipts in no flow
 * likewise, flows by the day of their transfer and credits by the day they were booked. Only one page of each is in memory. Source:
 * docs/field/reporting.md#old-classes.
 */
export async function* oldClassLines(db: Knex, reader: EnteReader, days: Days): AsyncGenerator<OldClassLine> {
  const { enteId } = reader
  const has = await comparedAt(db, enteId)
  for (const lines of [
    ofPayments(db, reader, days),
    ofReceipts(db, enteId, days, has),
    ofFlows(db, enteId, days, has),
    ofCredits(db, enteId, days),
  ])
    for await (const line of lines) if (line.classes.length > 0) yield line
}

type Lines = AsyncGenerator<OldClassLine>

async function* ofPayments(db: Knex, reader: EnteReader, days: Days): Lines {
  for await (const { flowId, iuv, iur, paidOn, importoCents, oldClasses } of classedMatches(db, reader, {
    ...ANY_MATCH,
    ...days,
  }))
    yield {
      ...NOTHING,
      kind: 'payment',
      flowId,
      iuv,
      iur,
      day: paidOn,
      cents: importoCents,
      classes: oldClasses,
    }
}

async function* ofReceipts(db: Knex, enteId: string, days: Days, has: Compared): Lines {
  for await (const payment of paymentsInNoFlow(db, enteId, days)) {
    const { iuv, iur, paidOn: day, receipt } = payment
    const classes = pivotClasses(payment, has)
    yield { ...NOTHING, kind: 'receipt', iuv, iur, day, cents: receipt.cents, classes }
  }
}

async function* ofFlows(db: Knex, enteId: string, days: Days, { hasTreasury }: Compared): Lines {
  if (!hasTreasury) return
  for await (const { flowId, day, cents, isTied, hasCredit } of creditedFlows(db, enteId, days)) {
    const classes = named(flowClass({ hasTreasury, isTied, hasCredit }).class)
    yield { ...NOTHING, kind: 'flow', flowId, day, cents, classes }
  }
}

const CREDITS = 1_000

async function* ofCredits(db: Knex, enteId: string, { from, to }: Days): Lines {
  const filter = { from, to, cents: undefined, state: undefined, text: undefined }
  for (let place: CreditPlace | undefined; ;) {
    const credits = await listCredits(db, enteId, filter, { place, isBack: false, limit: CREDITS })
    for (const { number, bookedOn, cents, rule, isTied } of credits) {
      // A credit that does not count has no rule.
      const classes = rule === null || isTied ? [] : named(creditClassOf(rule))
      yield { ...NOTHING, kind: 'credit', bill: number, day: bookedOn, cents, classes }
    }
    if (credits.length < CREDITS) return
    const { bookedOn: first, id } = credits.at(-1)!
    place = { first, id }
  }
}

const named = (of: string | null): string[] => (of === null ? [] : [of])
