import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { AppConfig } from '../deps.ts'

/**
 * Security headers. `form-action` lists the hosts of the node and of the identity provider, because the answers to "Paga" and "Esci"
 * redirect the browser there.
 */
export function security({ nodeHosts, oidcOrigin, publicUrl }: AppConfig): RequestHandler {
  const isHttps = publicUrl.startsWith('https:')
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
        formAction: ["'self'", ...nodeHosts, ...(oidcOrigin === undefined ? [] : [oidcOrigin])],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isHttps,
    referrerPolicy: { policy: 'no-referrer' },
  })
}
