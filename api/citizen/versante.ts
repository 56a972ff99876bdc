import { Router, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import type { AppDeps } from '../deps.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { orAgain } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { sendPage, textsFor } from '../page/page.ts'
import { statusOf, summaryView, type Problems } from '../form/field-view.ts'
import { takeKept } from '../form/kept.ts'
import { typedIn, type Typed } from '../form/read-request.ts'
import { sessionCart } from './open-cart.ts'
import { CODE, EMAIL, NAME, payerFields, personKindOf, readPayerFields } from './payer-form.ts'
import type { ProveAddress } from './prove-address.ts'

const PATH = '/carrello/versante'
const FIELDS = [NAME, CODE, EMAIL] as const

/**
 * The form for the versante of the cart. A new mail address must be proved, as the first one was.
 * Source: docs/field/payments.md#versante-and-sign-in.
 */
export function versantePages({ db }: AppDeps, prove: ProveAddress): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const found = await changeableCart(db, req)
    if (!found) return res.redirect(303, '/carrello')
    const { anagrafica, codice, email } = found.versante
    const known = { [NAME]: anagrafica, [CODE]: codice, [EMAIL]: email ?? '' }
    showForm(req, res, takeKept(req, res) ?? known, {})
  })

  router.post(PATH, async (req, res) => {
    const found = await changeableCart(db, req)
    if (!found) return res.redirect(303, '/carrello')
    const typed = typedIn(req)
    const read = readPayerFields(textsFor(res), FIELDS, typed)
    if (!read.ok) return showForm(req, res, typed, read.problems)
    const { [NAME]: anagrafica, [CODE]: codice, [EMAIL]: email } = read.value
    const proved = prove(req, res, {
      kind: 'versante',
      enteName: 'MyPay',
      cartId: found.id,
      versante: { tipo: personKindOf(codice, citizenOf(req)), codice, anagrafica, email },
    })
    await orAgain(res, proved, (problem) => showForm(req, res, typed, {}, problem))
  })
  return router
}

/** The open cart of the session. Undefined for a person who is signed in, because that person always pays in his own name. */
async function changeableCart(db: Knex, req: Request) {
  const found = await sessionCart(db, req)
  return found.kind === 'open' && !citizenOf(req) ? found.cart : undefined
}

function showForm(
  req: Request,
  res: Response,
  typed: Typed,
  problems: Problems,
  problem: string | null = null,
): void {
  const t = textsFor(res)
  sendPage(
    res,
    'citizen/versante',
    {
      title: t('cart.versante.title'),
      parents: [{ text: t('cart.title'), href: '/carrello' }],
      csrf: csrfOf(req),
      problem,
      fields: payerFields(t, FIELDS, typed, problems),
      ...summaryView(problems),
    },
    statusOf(problems, problem),
  )
}
