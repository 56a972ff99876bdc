import { randomBytes } from 'node:crypto'
import express, { type Router } from 'express'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { html, type Html } from '../html.ts'
import { writeRequest } from '../node/soap.ts'
import { sendPage } from '../pages/layout.ts'
import { keyOf } from '../world/facts.ts'
import { readSoap } from '../../contracts/soap.ts'
import { child, readTree, textAt, type XmlTree } from '../xml-tree.ts'
import { PSP } from './identity.ts'
import type { Sessions } from './sessions.ts'

/** How long a counter waits for an answer or for the station's RPT before it gives the money back. */
const RPT_MS = 15_000
const LOOK_MS = 50

const Notice = z.object({
  numero: z.string().transform((text) => text.replace(/\s/g, '')),
  ente: z.string().trim(),
})
const Payment = Notice.extend({ importo: z.string(), scelta: z.enum(['paga', 'rifiuta', 'esci']) })

/** A PSP's counter: it asks the station about a printed notice, then takes the money. */
export function counterRouter(context: Context, sessions: Sessions): Router {
  const router = express.Router()
  const body = express.urlencoded({ extended: false })
  router.get('/psp/sportello', (_req, res) => sendPage(res, 'Paga allo sportello', form('', '')))
  router.post('/psp/sportello', body, async (req, res) => {
    const { numero, ente } = Notice.parse(req.body)
    const reply = await ask(
      context,
      'paaVerificaRPT',
      { numero, ente, ccp: 'n/a' },
      { identificativoPSP: PSP.psp },
    )
    if (reply.kind === 'fault') return sendPage(res, 'Avviso non pagabile', refused(reply, numero, ente), 409)
    sendPage(res, 'Avviso da pagare', offer(reply, numero, ente))
  })
  router.post('/psp/sportello/paga', body, async (req, res) => {
    const { numero, ente, importo, scelta } = Payment.parse(req.body)
    const ccp = randomBytes(12).toString('hex')
    const key = { numero, ente, ccp }
    const rule = context.behaviours.first('paaAttivaRPT', { domain: ente, iuv: iuvOf(numero), ccp })
    const reply = await activate(context, key, importo, rule?.kind === 'repeat' ? (rule.count ?? 2) : 1)
    if (rule?.kind === 'leave') return sendPage(res, 'Il pagatore se ne va', LEFT)
    if (reply.kind === 'fault') return sendPage(res, 'Avviso non pagabile', refused(reply, numero, ente), 409)
    const session = await arrival(context, { domain: ente, iuv: iuvOf(numero), ccp })
    if (!session) return sendPage(res, 'Niente RPT', NO_RPT, 504)
    await sessions.choose(session, CHOICES[scelta])
    sendPage(res, scelta === 'paga' ? 'Pagato allo sportello' : 'Non pagato', DONE)
  })
  return router
}

/** Sends the request `times` at once, because a PSP without an answer in time asks again with the same code. */
async function activate(
  context: Context,
  key: Parameters<typeof ask>[2],
  importo: string,
  times: number,
): Promise<Answer> {
  const content = {
    identificativoPSP: PSP.psp,
    datiPagamentoPSP: { importoSingoloVersamento: importo },
    identificativoIntermediarioPSP: PSP.broker,
    identificativoCanalePSP: PSP.channel,
  }
  const asks = Array.from({ length: times }, () => ask(context, 'paaAttivaRPT', key, content))
  const replies = await Promise.all(asks)
  return replies.find(({ kind }) => kind === 'ok') ?? replies[0]!
}

const CHOICES = { paga: 'OK', rifiuta: 'KO', esci: 'EXIT' } as const

type Answer = { kind: 'ok'; importo: string; causale: string } | { kind: 'fault'; code: string; text: string }

/** Only the two common forms of number: 3 + IUV17, and 0 + two digits + IUV15. */
const iuvOf = (numero: string): string => (numero.startsWith('0') ? numero.slice(3) : numero.slice(1))

async function ask(
  context: Context,
  operation: string,
  { numero, ente, ccp }: { numero: string; ente: string; ccp: string },
  content: Parameters<typeof writeRequest>[2],
): Promise<Answer> {
  const { broker, station } = context.registry
  const header = {
    identificativoIntermediarioPA: broker,
    identificativoStazioneIntermediarioPA: station,
    identificativoDominio: ente,
    identificativoUnivocoVersamento: iuvOf(numero),
    codiceContestoPagamento: ccp,
  }
  const url = context.stationUrl.replace(/PaPerNodo$/, 'PaPerNodoPagamentoPsp')
  const headers = { 'content-type': 'text/xml; charset=UTF-8', soapaction: `"${operation}"` }
  const request = writeRequest(header, operation, content)
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: request,
    signal: AbortSignal.timeout(RPT_MS),
  })
  const message = readSoap('pa-per-nodo-pagamento-psp', new Uint8Array(await response.arrayBuffer()))
  const name = `${operation}Risposta`
  if (!message.ok || message.operation !== name)
    return { kind: 'fault', code: `HTTP ${response.status}`, text: 'risposta illeggibile' }
  return readAnswer(child(readTree(message.body), name))
}

function readAnswer(tree: XmlTree | undefined): Answer {
  if (textAt(tree, 'esito') === 'OK')
    return {
      kind: 'ok',
      importo: textAt(tree, 'datiPagamentoPA', 'importoSingoloVersamento') ?? '',
      causale: textAt(tree, 'datiPagamentoPA', 'causaleVersamento') ?? '',
    }
  return {
    kind: 'fault',
    code: textAt(tree, 'fault', 'faultCode') ?? '',
    text: textAt(tree, 'fault', 'faultString') ?? '',
  }
}

/** Waits for the RPT, because the station answers first and sends the RPT afterwards. */
async function arrival(context: Context, key: Parameters<typeof keyOf>[0]) {
  const until = Date.now() + RPT_MS
  while (Date.now() < until && !context.closing.aborted) {
    const rpt = context.world.rpts.get(keyOf(key))
    if (rpt?.idSession) return context.world.sessions.get(rpt.idSession)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  return undefined
}

const NO_RPT = html`<p>
  La stazione ha accettato ma l'RPT non è arrivata: lo sportello restituisce i soldi.
</p>`
const LEFT = html`<p>
  Il pagamento è iniziato, ma nessuno dà i soldi: così fa chi si accorge di non averli.
</p>`
const DONE = html`<p>La ricevuta parte verso la stazione. <a href="/">Guarda i pagamenti</a></p>`

function form(numero: string, ente: string): Html {
  return html`<p>
      Come alla cassa: il numero dell'avviso e il codice fiscale dell'ente, che stanno anche nel suo codice
      QR.
    </p>
    <form class="card" method="post" action="/psp/sportello">
      <p>
        <label for="numero">Codice avviso (18 cifre)</label
        ><input id="numero" name="numero" type="text" inputmode="numeric" value="${numero}" />
      </p>
      <p>
        <label for="ente">Codice fiscale dell'ente</label
        ><input id="ente" name="ente" type="text" inputmode="numeric" value="${ente}" />
      </p>
      <button class="main">Cerca l'avviso</button>
    </form>`
}

function offer({ importo, causale }: Answer & { kind: 'ok' }, numero: string, ente: string): Html {
  return html`<div class="card">
    <dl>
      <dt>Causale</dt>
      <dd>${causale}</dd>
      <dt>Importo</dt>
      <dd>${importo} €</dd>
    </dl>
    <form class="choices" method="post" action="/psp/sportello/paga">
      <input type="hidden" name="numero" value="${numero}" /><input
        type="hidden"
        name="ente"
        value="${ente}"
      />
      <p>
        <label for="importo">Importo incassato</label
        ><input id="importo" name="importo" type="text" value="${importo}" />
      </p>
      <button name="scelta" value="paga" class="main">Incassa</button>
      <button name="scelta" value="rifiuta" class="plain">La carta è rifiutata</button>
      <button name="scelta" value="esci" class="plain">Il cliente se ne va</button>
    </form>
  </div>`
}

const refused = ({ code, text }: Answer & { kind: 'fault' }, numero: string, ente: string): Html =>
  html`<p>La stazione ha risposto <code>${code}</code>: ${text}</p>
    ${form(numero, ente)}`
