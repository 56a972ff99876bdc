import { answerRt } from '../../api/node/answer-rt.ts'
import { askAbout, payCartActivities, attemptIdsOf, US } from './begun.ts'
import { NODE_HOST, type Site } from './citizen-site.ts'
import { buildRtFor, type RtGiven } from './rt.ts'
import type { Page, Visitor } from './visitor.ts'

export const URL_OF_NODE = `https://${NODE_HOST}/paga?idSession=`

/** Does in the tables what `begin` does, and stores the page with which the node answered. */
export async function reallyBegin(
  site: Site,
  cartId: string,
  url: string | null = URL_OF_NODE + cartId,
): Promise<void> {
  await payCartActivities(site.db).beginCart({ ...askAbout(cartId), replicaConfirmed: true })
  await site
    .db('cart')
    .where({ id: cartId })
    .update({ redirect_url: url, node_session: `s-${cartId}` })
}

/** Clicks "Paga"; returns the cart and the answer, which leads to the page of the node. */
export async function pay(site: Site, citizen: Visitor): Promise<{ cartId: string; page: Page }> {
  site.processes.answer = async (cartId) => {
    await reallyBegin(site, cartId)
    return { kind: 'redirect', url: URL_OF_NODE + cartId }
  }
  const page = await citizen.submit(await citizen.get('/carrello'), '/carrello/paga')
  return { cartId: site.processes.begun.at(-1)!.cartId, page }
}

/** Delivers an RT for each RPT of the cart and settles them. */
export async function settle(site: Site, cartId: string, given: RtGiven = {}): Promise<void> {
  for (const attemptId of await attemptIdsOf(site.db, cartId))
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptId, given)).envelope)
  await payCartActivities(site.db).settleCart(askAbout(cartId))
}
