import type { Client } from '@temporalio/client'
import type { Knex } from 'knex'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'

/** Queries of the checker to Temporal. */
export interface ProcessList {
  /** Ids of all running payCart processes. */
  runningPayments(): Promise<string[]>
  /** All text of every process that support can read: ids, attributes, decoded payloads. */
  readable(): AsyncIterable<{ id: string; text: string }>
}

export function temporalProcesses(client: Client): ProcessList {
  return {
    async runningPayments() {
      const query = `WorkflowType = '${PAY_CART.name}' and ExecutionStatus = 'Running'`
      const ids: string[] = []
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId)
      return ids
    },
    async *readable() {
      for await (const { workflowId, runId } of client.workflow.list()) {
        const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
        yield { id: workflowId, text: `${workflowId}\n${textIn(history).join('\n')}` }
      }
    },
  }
}

/** Collects all text of a history. Payloads are bytes there, so they are decoded. */
function textIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textIn(inner)])
}

/** I7 between tables and Temporal: finds carts that need a process and have none, and processes whose cart needs none. */
export async function comparePayments(
  trx: Knex,
  runningIds: readonly string[],
  graceSeconds: number,
): Promise<string[]> {
  const running = runningIds.map((id) => id.slice(PAY_CART.id('').length))
  const { rows } = await trx.raw<{ rows: { what: string }[] }>(
    `with running as (select value::uuid as id from json_array_elements_text(?::json)),
       needed as (
         select cart as id from c_attempt where open
         union select cart_id from receipt where handled_at is null and cart_id is not null),
       -- An ente's cart has its process from its making on, for its timers.
       allowed as (
         select id from needed
         union select id from cart where kind = 'ente' and state in ('open', 'expired')
         union select id from cart where outcome_at > now() - ? * interval '1 second'
         union select id from cart where state = 'open')
     select format('cart %s has no process', id) as what from cart
       where id in (select id from needed) and id not in (select id from running)
         and begun_at < now() - ? * interval '1 second'
     union all
     select format('process of cart %s has nothing to wait for', id) from running
       where id not in (select id from allowed)`,
    [JSON.stringify(running), graceSeconds, graceSeconds],
  )
  return rows.map((row) => row.what)
}
