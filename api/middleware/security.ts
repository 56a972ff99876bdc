import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { AppConfig } from '../deps.ts'

/** `form-action` names the node's hosts because the answer to "Paga" sends the browser there. */
export function security({ nodoHosts, isProduction }: AppConfig): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        formAction: ["'self'", ...nodoHosts],
        ...(isProduction ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isProduction,
    referrerPolicy: { policy: 'no-referrer' },
  })
}
