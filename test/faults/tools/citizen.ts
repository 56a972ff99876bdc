import { linkIn } from '../../setup/mailbox.ts'
import { createVisitor, type Page, type Visitor } from '../../setup/visitor.ts'
import { rawRequest } from './release.ts'
import type { World } from './world.ts'

const FORM = '/enti/C_X901/spontaneo/DIRITTI_VARI'

export interface Shopper {
  visitor: Visitor
  cart: Page
}

/** A citizen with one spontaneous due in the cart, who filled the form and opened the link of the mail. */
export async function aShopper({ urls, simulator }: World, email: string): Promise<Shopper> {
  const visitor = createVisitor(urls.public)
  const sent = await visitor.submit(await visitor.get(FORM), 'DIRITTI_VARI', {
    diritto: 'segreteria',
    importo: '10,50',
    nota: email.replace(/[^a-z]/g, ' '),
    'intestatario-nome': 'Chiara Bianchi',
    'intestatario-codice': 'BNCCHR85H52M999M',
    'e-mail': email,
  })
  if (sent.status !== 303) throw new Error(`the form was not taken: ${sent.status}`)
  const link = new URL(await linkIn(simulator.url, email)).pathname
  await visitor.submit(await visitor.get(link), link)
  return { visitor, cart: await visitor.get('/carrello') }
}

/** What the page of a payment says when its receipt says that it is paid. */
export const PAID = /Il pagamento è andato a buon fine\./

/** Request text of a click on "Paga". */
export const payClick = ({ visitor, cart }: Shopper): string =>
  rawRequest({
    path: '/carrello/paga',
    headers: { cookie: visitor.cookie(), 'content-type': 'application/x-www-form-urlencoded' },
    body: payForm(cart),
  })

/** The hidden fields of the form "Paga", as a browser would send them. */
function payForm(cart: Page): string {
  const form = /<form[^>]*action="\/carrello\/paga"[\s\S]*?<\/form>/.exec(cart.html)?.[0] ?? ''
  const fields = [...form.matchAll(/<input\b[^>]*>/g)].map(([tag]) => [
    attribute(tag, 'name'),
    attribute(tag, 'value'),
  ])
  return new URLSearchParams(Object.fromEntries(fields)).toString()
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return value.replace(/&#x([0-9A-F]+);/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
