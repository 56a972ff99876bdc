import type { World } from '../world/world.ts'
import { ask } from './http.ts'

interface State {
  rpts: { iuv: string; idSession: string }[]
  replies: { operation: string; iuv: string; at: string }[]
  next: number | null
}

/** When the node had our answer to a receipt, by payment session: epoch ms of this machine's clock. */
export async function readReplyTimes({ simulatorUrl }: World): Promise<Map<string, number>> {
  const sessions = new Map<string, string>()
  const found = new Map<string, number>()
  for (let after: number | null = 0; after !== null;) {
    const { text } = await ask(`${simulatorUrl}/_sim/state?after=${after}`)
    const state = JSON.parse(text) as State
    for (const { iuv, idSession } of state.rpts) sessions.set(iuv, idSession)
    for (const { operation, iuv, at } of state.replies)
      if (operation === 'paaInviaRT') found.set(sessions.get(iuv) ?? iuv, Date.parse(at))
    after = state.next
  }
  return found
}
