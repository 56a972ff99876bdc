import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import express from 'express'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loggedPath, requestLog } from './request-log.ts'

const token = randomBytes(32).toString('base64url')
const encoded = [...token].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join('')
const flipped = [...token]
  .map((sign, index) => (index % 2 ? sign : `%${sign.charCodeAt(0).toString(16).toUpperCase()}`))
  .join('')
/** A part of a token is a secret too, because the rest can be guessed by trying. */
const cut = token.slice(0, 20)

describe('a link token is not in the logged address', () => {
  it.each([
    `/conferma/${token}`,
    `/conferma/${token}/`,
    `/conferma/${token}//`,
    `//conferma//${token}`,
    `/CONFERMA/${token}`,
    `/Conferma/${token.toUpperCase()}`,
    `/conferma/${token}?a=${token}`,
    `/?conferma/${token}`,
    `/conferma?${token}`,
    `/conferma/${token}#${token}`,
    `/%63onferma/${token}`,
    `/%63%6F%6E%66%65%72%6D%61/${token}`,
    `/conferma%2F${token}`,
    `/conferma%2f${cut}`,
    `/conferma%252F${token}`,
    `/conferma%25252F${cut}`,
    `/conferma%5C${cut}`,
    `/conferma\\${cut}`,
    `/conferma;v=1/${cut}`,
    `/conferma/;${cut}`,
    `/conferma/${encoded}`,
    `/conferma/${flipped}`,
    `/conferma/${encoded.replaceAll('%', '%25')}`,
    `/conferma/%E0${token}`,
    `/conferma/%zz${token}`,
    `/conferma/${cut}`,
    `/conferma/${cut}=%0A${token.slice(20)}`,
    `/conferma/${token}.`,
    `/conferma/${token},%20grazie`,
    `/conferma/${token}/altro/${token}`,
    `/it/conferma/${token}`,
    `/./conferma/${token}`,
    `/x/../conferma/${cut}`,
    `/confermare/${token}`,
    `/conferma${token}`,
    `/${token}`,
    `/${encoded}`,
    `/enti/${token}`,
    `/a.${token}.b`,
    `http://mypay.example/conferma/${token}`,
    `HTTPS://MYPAY.EXAMPLE//CONFERMA/${cut}`,
  ])('%s', (url) => {
    const path = loggedPath(url)
    for (const secret of [token, token.toUpperCase(), cut, cut.toUpperCase(), encoded, flipped])
      expect(path).not.toContain(secret)
    expect(path.toLowerCase()).not.toContain(token.slice(20).toLowerCase())
  })
})

describe('the logged address of other pages', () => {
  it.each([
    ['/', '/'],
    ['/enti/C_X902/spontaneo/DIRITTI_VARI', '/enti/C_X902/spontaneo/DIRITTI_VARI'],
    ['/conferma', '/conferma'],
    ['/pagamenti/0199b4c2-7d1e-7c3a-9f00-0123456789ab', '/pagamenti/0199b4c2-7d1e-7c3a-9f00-0123456789ab'],
    [
      '/ricevute/0199B4C2-7d1e-7c3a-9f00-0123456789ab.pdf?firma=x',
      '/ricevute/0199B4C2-7d1e-7c3a-9f00-0123456789ab.pdf',
    ],
    [
      '/operatore/C_X902/flussi/0199b4c2-7d1e-7c3a-9f00-0123456789ab/conferma-annulla',
      '/operatore/C_X902/flussi/0199b4c2-7d1e-7c3a-9f00-0123456789ab/conferma-annulla',
    ],
    ['/ws/pa/PagamentiTelematiciDovutiPagati', '/ws/pa/PagamentiTelematiciDovutiPagati'],
  ])('%s is %s', (url, path) => {
    expect(loggedPath(url)).toBe(path)
  })

  it('is computed quickly for the longest address that the server reads', () => {
    const start = performance.now()
    for (const part of ['%25', '%', '/', '/conferma', 'a-', '%2525'])
      loggedPath(`/${part.repeat(16_384 / part.length)}`)
    expect(performance.now() - start).toBeLessThan(500)
  })
})

describe('the log of an app', () => {
  const lines: string[] = []
  const app = express()
  app.use(requestLog(pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })))
  app.get('/conferma/:token', (req) => {
    const error = new Error(`not found: ${req.params.token}`)
    throw Object.assign(error, { path: `/conferma/${req.params.token}`, code: 'ENOENT' })
  })
  const failed: express.ErrorRequestHandler = (error: Error, req, res, _next) => {
    req.log.error({ err: error }, 'request failed')
    req.log.warn('a warning')
    res.status(500).end()
  }
  app.use(failed)
  const server = app.listen(0, '127.0.0.1')
  const port = (): number => (server.address() as AddressInfo).port

  beforeAll(
    () =>
      new Promise<void>((resolve) => void (server.listening ? resolve() : server.once('listening', resolve))),
  )
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

  /** Sends a request line that no HTTP client would write. */
  const send = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port(), '127.0.0.1', () => {
        socket.write(`GET ${target} HTTP/1.1\r\nHost: mypay.example\r\nConnection: close\r\n\r\n`)
      })
      let answer = ''
      socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')))
      socket.on('end', () => resolve(answer.slice(9, 12)))
      socket.on('error', reject)
    })

  it('has no token in the lines of the request, its error and its warnings, when the page is reached', async () => {
    const targets = [
      `/conferma/${token}`,
      `/CONFERMA/${token}/`,
      `/conferma/${encoded}`,
      `/Conferma/${flipped}?x=${token}`,
      `http://mypay.example/conferma/${token}`,
    ]
    for (const target of targets) expect([target, await send(target)]).toEqual([target, '500'])
    expect(lines.length).toBeGreaterThanOrEqual(3 * targets.length)
    for (const line of lines)
      for (const secret of [token, encoded, flipped]) expect(line).not.toContain(secret)
    expect(lines.join('')).toContain('/conferma/:token')
    expect(lines.join('')).toContain('ENOENT')
    expect(lines.join('')).toContain('not found: :token')
  })
})
