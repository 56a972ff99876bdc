import type { World } from '../world/world.ts'
import { ask } from '../http.ts'

interface State {
  rpts: { iuv: string; idSession: string }[]
  replies: { operation: string; iuv: string; at: string; ms: number }[]
  next: number | null
}

export interface Reply {
  /** Payment session of the node. */
  session: string
  /** When the node received our answer to a receipt, in epoch ms of this machine's clock. */
  at: number
  /** How long the node waited for the answer. */
  ms: number
}

export async function readReplies({ simulatorUrl }: World): Promise<Reply[]> {
  const sessions = new Map<string, string>()
  const found: Reply[] = []
  for (let after: number | null = 0; after !== null;) {
    const { text } = await ask(`${simulatorUrl}/_sim/state?after=${after}`)
    const state = JSON.parse(text) as State
    for (const { iuv, idSession } of state.rpts) sessions.set(iuv, idSession)
    for (const { operation, iuv, at, ms } of state.replies)
      if (operation === 'paaInviaRT')
        found.push({ session: sessions.get(iuv) ?? iuv, at: Date.parse(at), ms })
    after = state.next
  }
  return found
}
