import type { Knex } from 'knex'
import { z } from 'zod'

const key = { domain: z.string(), iuv: z.string(), ccp: z.string() }

/** The part of the simulator's state that the checker needs: facts of the outside world, never of the product. */
export const SimState = z.object({
  payments: z.array(z.object({ ...key, cents: z.number().int(), at: z.string() })),
  rpts: z.array(z.object({ ...key, idCart: z.string().nullable() })),
  replies: z.array(
    z.object({
      ...key,
      operation: z.string(),
      requestSha256: z.string(),
      rtSha256: z.string(),
      outcome: z.string(),
      at: z.string(),
    }),
  ),
  mails: z.array(z.object({ messageId: z.string(), to: z.string(), at: z.string() })),
})
export type SimState = z.infer<typeof SimState>

const Page = SimState.extend({ next: z.number().int().nullable() })

/** Reads all pages of `GET <simulator>/_sim/state`. @throws when the simulator answers with an error */
export async function fetchSimState(url: string): Promise<SimState> {
  const pages: SimState[] = []
  for (let after: number | null = 0; after !== null;) {
    const answer = await fetch(`${url}/_sim/state?after=${after}`)
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`)
    const page = Page.parse(await answer.json())
    pages.push(page)
    after = page.next
  }
  return {
    payments: pages.flatMap(({ payments }) => payments),
    rpts: pages.flatMap(({ rpts }) => rpts),
    replies: pages.flatMap(({ replies }) => replies),
    mails: pages.flatMap(({ mails }) => mails),
  }
}

const KEY_COLUMNS = 'domain text, iuv text, ccp text'
const TABLES: Record<string, { of: keyof SimState; columns: string }> = {
  s_payment: { of: 'payments', columns: `${KEY_COLUMNS}, cents bigint, at timestamptz` },
  s_rpt: { of: 'rpts', columns: `${KEY_COLUMNS}, "idCart" text` },
  s_reply: {
    of: 'replies',
    columns: `${KEY_COLUMNS}, operation text, "requestSha256" text, "rtSha256" text, outcome text, at timestamptz`,
  },
  s_mail: { of: 'mails', columns: `"messageId" text, "to" text, at timestamptz` },
}

/** Writes the facts into temporary tables of this transaction, so that statements can join them with the product's views. */
export async function loadFacts(trx: Knex, state: SimState | undefined): Promise<void> {
  for (const [table, { of, columns }] of Object.entries(TABLES)) {
    await trx.raw(`drop table if exists pg_temp.${table}`)
    await trx.raw(
      `create temp table ${table} on commit drop as select * from json_to_recordset(?::json) as x(${columns})`,
      [JSON.stringify(state?.[of] ?? [])],
    )
  }
}
