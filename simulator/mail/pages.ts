import express, { type Response, type Router } from 'express'
import { simpleParser, type ParsedMail } from 'mailparser'
import type { Context } from '../context.ts'
import { html, Html } from '../html.ts'
import { sendPage } from '../pages/layout.ts'
import { showInstant } from '../pages/instant.ts'
import type { MailRecord } from '../world/records.ts'
import type { MailStore } from './store.ts'

const LISTED = 200

/** Pages of one mailbox with all mails that the product sent. */
export function mailRouter(context: Context, store: MailStore): Router {
  const router = express.Router()
  const load = async (id: string) => {
    const mail = context.world.mails.get(id)
    return mail && { mail, parsed: await simpleParser(store.read(id)) }
  }
  router.get('/posta', (_req, res) => {
    const newest = [...context.world.mails.values()].slice(-LISTED).reverse()
    sendPage(res, 'Posta', listPage(newest, context.world.mails.size))
  })
  router.get('/posta/:id', async (req, res) => {
    const found = await load(req.params.id)
    if (!found) return notFound(res)
    sendPage(res, found.mail.subject || 'Senza oggetto', mailPage(found.mail, found.parsed))
  })
  // The HTML of a mail for a frame that may neither run scripts nor load anything.
  router.get('/posta/:id/html', async (req, res) => {
    const found = await load(req.params.id)
    if (!found || !found.parsed.html) return notFound(res)
    res.set(
      'content-security-policy',
      "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    )
    res.type('html').send(found.parsed.html)
  })
  router.get('/posta/:id/allegati/:index', async (req, res) => {
    const found = await load(req.params.id)
    const file = found?.parsed.attachments[Number(req.params.index)]
    if (!file) return notFound(res)
    res
      .attachment(file.filename ?? 'allegato')
      .type(file.contentType)
      .send(file.content)
  })
  router.get('/posta/:id/sorgente', (req, res) => {
    if (!context.world.mails.has(req.params.id)) return notFound(res)
    res.type('text/plain').send(store.read(req.params.id))
  })
  return router
}

function notFound(res: Response): void {
  sendPage(res, 'Messaggio non trovato', html`<p><a href="/posta">Torna alla posta</a></p>`, 404)
}

function listPage(mails: MailRecord[], total: number): Html {
  if (mails.length === 0)
    return html`<p>Nessun messaggio. Quelli che l'applicazione spedisce arrivano qui.</p>`
  const rows = mails.map(
    ({ id, subject, to, at }) =>
      html`<tr>
        <td><a href="/posta/${id}">${subject || '(senza oggetto)'}</a></td>
        <td>${to.join(', ')}</td>
        <td>${showInstant(at)}</td>
      </tr>`,
  )
  return html`<div class="scroll">
    <table>
      <caption>
        ${mails.length} di ${total} messaggi, i più recenti prima
      </caption>
      <thead>
        <tr>
          <th scope="col">Oggetto</th>
          <th scope="col">Destinatari</th>
          <th scope="col">Arrivato</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

function mailPage(mail: MailRecord, parsed: ParsedMail): Html {
  const files = parsed.attachments.map(
    ({ filename, size }, index) =>
      html`<li>
        <a href="/posta/${mail.id}/allegati/${index}">${filename ?? 'allegato'}</a> (${size} byte)
      </li>`,
  )
  return html`<dl>
      <dt>Da</dt>
      <dd>${mail.from}</dd>
      <dt>A</dt>
      <dd>${mail.to.join(', ')}</dd>
      <dt>Arrivato</dt>
      <dd>${showInstant(mail.at)}</dd>
      <dt>Message-ID</dt>
      <dd><code>${mail.messageId}</code></dd>
    </dl>
    ${
      files.length > 0
        ? html`<h2>Allegati</h2>
            <ul>
              ${files}
            </ul>`
        : ''
    }
    <h2>Testo</h2>
    <pre>${links(parsed.text ?? '')}</pre>
    ${
      parsed.html
        ? html`<h2>Versione HTML</h2>
            <iframe title="Versione HTML del messaggio" src="/posta/${mail.id}/html"></iframe>`
        : ''
    }
    <p>
      <a href="/posta/${mail.id}/sorgente">Sorgente del messaggio</a> · <a href="/posta">Torna alla posta</a>
    </p>`
}

/** Makes links of the addresses in the text, so that a person can follow them. */
function links(text: string): Html[] {
  return text.split(/(https?:\/\/[^\s<>")\]]+)/).map((part, index) => {
    return index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`
  })
}
