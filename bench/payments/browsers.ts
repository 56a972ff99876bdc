import type { World } from '../world/world.ts'
import { SESSION_KEY } from '../world/environment.ts'
import { nextAddress } from '../world/sessions.ts'
import { ask } from '../http.ts'
import { preparePayments, type EnteRow, type Prepared } from './prepare.ts'

/** A browser on the cart page, ready to click "Paga". */
export interface Browser extends Prepared {
  headers: Record<string, string>
  form: string
}

/** Cart pages fetched at the same time, before any time is measured. */
const LANES = 16
const LATER_MS = 50
const PAUSED = 503
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

export async function openBrowsers(world: World, ente: EnteRow, count: number): Promise<Browser[]> {
  const prepared = await preparePayments(world.db, ente, { count, sessionKey: SESSION_KEY })
  const browsers: Browser[] = []
  const lane = async (): Promise<void> => {
    for (let next = prepared.pop(); next; next = prepared.pop()) browsers.push(await openBrowser(world, next))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return browsers
}

async function openBrowser({ publicUrl }: World, prepared: Prepared): Promise<Browser> {
  const headers = { cookie: prepared.cookie, 'x-forwarded-for': nextAddress() }
  const page = await ask(`${publicUrl}/carrello`, { headers })
  return { ...prepared, headers: { ...headers, ...FORM }, form: hiddenFields(page.text, '/carrello/paga') }
}

function hiddenFields(html: string, action: string): string {
  const form = html.split('<form').find((part) => part.includes(`action="${action}"`))
  if (!form) throw new Error(`no form for ${action}: ${html.slice(0, 300)}`)
  const inputs = [...form.split('</form>')[0]!.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ]) as [string, string][]
  return new URLSearchParams(inputs).toString()
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '').replace(/&#x([0-9A-F]+);/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  )

/** Clicks "Paga": the answer is a 303 to the node's page or first to the waiting page. Returns the session of the node's page. */
export async function clickPaga(world: World, browser: Browser): Promise<string> {
  const { headers, form: body } = browser
  let answer = await ask(`${world.publicUrl}/carrello/paga`, { headers, body })
  // On 503 ("In pausa") nothing has begun and the page says to click again; the measured time continues.
  while (answer.status === PAUSED) answer = await ask(`${world.publicUrl}/carrello/paga`, { headers, body })
  const { location = '' } = answer.headers
  const session = /[?&]idSession=([^&]+)/.exec(location)?.[1]
  if (answer.status !== 303) throw new Error(`"Paga" answered ${answer.status} ${answer.text.slice(0, 200)}`)
  return session ?? (await sessionLater(world, browser))
}

/** Polls for the session: after the page's own time limit the citizen waits, and the payment goes on all the same. */
async function sessionLater({ db }: World, { cartId }: Browser): Promise<string> {
  for (;;) {
    const row = (await db('cart').first('node_session').where({ id: cartId })) as {
      node_session: string | null
    }
    if (row.node_session !== null) return row.node_session
    await new Promise((resolve) => {
      setTimeout(resolve, LATER_MS)
    })
  }
}

/** Pays at the simulated PSP; the node then pushes the receipt. */
export async function payAtPsp({ simulatorUrl }: World, idSession: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await ask(`${simulatorUrl}/_sim/pay`, { headers, body: JSON.stringify({ idSession }) })
  if (answer.status !== 200) throw new Error(`paying answered ${answer.status} ${answer.text.slice(0, 200)}`)
}
