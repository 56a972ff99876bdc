import type { Response } from 'express'
import { html, type Html } from '../html.ts'

/** Sends a whole page. The policy forbids scripts and allows only our own style sheet. */
export function sendPage(res: Response, title: string, main: Html, status = 200): void {
  const policy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'"
  res.status(status).set({ 'content-security-policy': policy, 'cache-control': 'no-store' })
  res.type('html').send(
    html`<!doctype html>
      <html lang="it">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · Simulatore</title>
          <link rel="stylesheet" href="/stile.css" />
        </head>
        <body>
          <header>
            <p class="brand">Simulatore del nodo e del PSP</p>
            <nav aria-label="Principale">
              <a href="/">Pagamenti</a>
              <a href="/posta">Posta</a>
              <a href="/psp/sportello">Sportello</a>
            </nav>
          </header>
          <main>
            <h1>${title}</h1>
            ${main}
          </main>
        </body>
      </html>`.text,
  )
}
