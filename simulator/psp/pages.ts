import express, { type Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { showCents } from '../money.ts'
import { pause } from '../behaviour/waiting.ts'
import { readRpt } from '../node/rpt.ts'
import { sendPage } from '../pages/layout.ts'
import type { Session } from '../world/records.ts'
import type { SentRpt } from '../world/facts.ts'
import { textAt } from '../xml-tree.ts'
import { returnUrl, type Sessions } from './sessions.ts'

const CHOICES = { paga: 'OK', rifiuta: 'KO', esci: 'EXIT', differito: 'DIFFERITO' } as const

const Form = z.object({
  idSession: z.string(),
  scelta: z.enum(['paga', 'rifiuta', 'esci', 'differito']),
})

const SLOW_MS = 5_000

/** The page on which the payer chooses, at the address that the node gave. */
export function pspRouter(context: Context, sessions: Sessions): Router {
  const router = express.Router()
  router.get('/psp/paga', (req, res) => {
    const { idSession } = req.query
    const session = typeof idSession === 'string' ? context.world.sessions.get(idSession) : undefined
    if (!session) return sendPage(res, 'Sessione sconosciuta', UNKNOWN, 404)
    if (session.choice !== undefined) return sendPage(res, 'Sessione chiusa', closedPage(context, session))
    sendPage(res, 'Paga con il PSP simulato', choicePage(context, session))
  })
  router.post('/psp/paga', express.urlencoded({ extended: false }), async (req, res) => {
    const form = Form.safeParse(req.body)
    const session = form.success ? context.world.sessions.get(form.data.idSession) : undefined
    if (!form.success || !session) return sendPage(res, 'Sessione sconosciuta', UNKNOWN, 404)
    await sessions.choose(session, CHOICES[form.data.scelta])
    const rule = context.behaviours.first('redirect', aboutOf(context, session))
    if (rule?.kind === 'slow') await pause(rule.pauseMs ?? SLOW_MS, context.closing)
    if (rule?.kind === 'none') return sendPage(res, 'Sessione chiusa', LOST)
    res.redirect(303, returnUrl(context, session, rule?.esito ?? session.esito ?? 'ERROR'))
  })
  return router
}

const UNKNOWN = html`<p>Il nodo non conosce questa sessione. Torna al sito dell'ente e riprova da lì.</p>`
const LOST = html`<p>Il browser non torna al sito dell'ente: così si comporta chi chiude la finestra.</p>`

function choicePage(context: Context, session: Session) {
  const rpts = session.rpts.map((key) => context.world.rpts.get(key)!)
  const total = rpts.reduce((sum, { cents }) => sum + cents, 0)
  const button = (value: keyof typeof CHOICES, text: string, kind = 'plain') =>
    html`<button name="scelta" value="${value}" class="${kind}">${text}</button>`
  return html`<div class="card">
    <p>Qui nessuno paga davvero: scegli come deve andare.</p>
    <dl>
      ${rpts.map(
        (rpt) =>
          html`<dt>${wordsOf(rpt)}<br /><small>${rpt.domain}, IUV ${rpt.iuv}</small></dt>
            <dd>${showCents(rpt.cents)}</dd>`,
      )}
      <dt>Totale</dt>
      <dd><strong>${showCents(total)}</strong></dd>
    </dl>
    <form class="choices" method="post" action="/psp/paga">
      <input type="hidden" name="idSession" value="${session.idSession}" />
      ${button('paga', 'Paga', 'main')} ${button('rifiuta', 'Rifiuta il pagamento')}
      ${button('differito', 'Paga più tardi')} ${button('esci', 'Esci senza pagare')}
    </form>
  </div>`
}

/** The beneficiary and the causale, because a payer recognises these and not a domain and an IUV. */
function wordsOf({ xml, domain }: SentRpt): string {
  const rpt = readRpt(Buffer.from(xml))
  const name = textAt(rpt?.beneficiary, 'denominazioneBeneficiario') ?? domain
  const causali = (rpt?.items ?? []).map(({ causale }) => causale.split('/TXT/').at(-1))
  return `${name}: ${causali.join(', ')}`
}

function closedPage(context: Context, session: Session) {
  const back = returnUrl(context, session, session.esito ?? 'ERROR')
  return html`<p>Per questa sessione è già stata fatta una scelta: <strong>${session.esito}</strong>.</p>
    <p><a href="${back}">Torna al sito dell'ente</a></p>`
}

function aboutOf({ world }: Context, session: Session) {
  const { domain, iuv, ccp } = world.rpts.get(session.rpts[0]!)!
  return { domain, iuv, ccp, ...(session.idCart === undefined ? {} : { idCart: session.idCart }) }
}
