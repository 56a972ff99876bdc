import express, { type ErrorRequestHandler, type Express } from 'express'
import { ZodError } from 'zod'
import { controlRouter } from './control/api.ts'
import { pageRouter, type Hands } from './control/actions.ts'
import { html } from './html.ts'
import { idpRouter } from './idp/pages.ts'
import { mailRouter } from './mail/pages.ts'
import type { MailStore } from './mail/store.ts'
import { nodeRouter } from './node/endpoint.ts'
import { sendPage } from './pages/layout.ts'
import { STYLE } from './pages/style.ts'
import { counterRouter } from './psp/counter.ts'
import { pspRouter } from './psp/pages.ts'
import { reportingRouter } from './reporting/router.ts'

/** The HTTP application with all pages and services of the simulator. It does not listen. */
export function createApp(hands: Hands, store: MailStore): Express {
  const { context, sessions, reset } = hands
  const app = express()
  app.disable('x-powered-by')
  app.use(nodeRouter(context))
  app.use(reportingRouter(context))
  app.use(controlRouter(context, sessions, reset))
  app.use(pspRouter(context, sessions))
  app.use(counterRouter(context, sessions))
  app.use(mailRouter(context, store))
  app.use(idpRouter({ url: context.url, clientUrl: new URL(context.returnUrl).origin }))
  app.use(pageRouter(hands))
  app.get('/stile.css', (_req, res) => void res.type('css').send(STYLE))
  app.get('/healthz', (_req, res) => void res.json({ ok: true }))
  app.use((_req, res) =>
    sendPage(res, 'Pagina non trovata', html`<p><a href="/">Torna all'inizio</a></p>`, 404),
  )
  app.use(answerError)
  return app
}

/** The status that express gave to an error, for example of a body that it could not read. */
const statusOf = (err: unknown): number =>
  err instanceof Error && 'status' in err && typeof err.status === 'number' ? err.status : 500

const answerError: ErrorRequestHandler = (err: unknown, _req, res, next) => {
  if (res.headersSent) return next(err)
  const status = err instanceof ZodError ? 422 : statusOf(err)
  const details = err instanceof ZodError ? err.issues : String(err)
  res.status(status).json({ code: status < 500 ? 'BAD_REQUEST' : 'SIMULATOR_ERROR', details })
}
