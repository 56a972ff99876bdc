import { createHash } from 'node:crypto'
import type { Drawn } from '../behaviour/behaviours.ts'
import type { Context } from '../context.ts'
import { writeRequest } from '../node/soap.ts'
import type { RtDocument } from '../world/facts.ts'
import { judge, NO_ANSWER, type Verdict } from './reply.ts'
import { bytesOf } from './written.ts'

/** Long enough to send the request, but too short to receive the answer of a working station. */
const HANG_UP_MS = 20

export type Posted = {
  verdict: Verdict
  status: number
  ms: number
  requestSha256: string
  replySha256: string
}

/** One paaInviaRT: sends the document and waits for the answer no longer than the node does. */
export async function postRt(context: Context, rt: RtDocument, rule: Drawn | undefined): Promise<Posted> {
  const body = writePaaInviaRt(rt)
  const started = performance.now()
  const answer = rule?.kind === 'drop' ? dropped() : await send(context, body, rule)
  return {
    ...answer,
    ms: Math.round(performance.now() - started),
    requestSha256: sha256(body),
  }
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

type Answer = Pick<Posted, 'verdict' | 'status' | 'replySha256'>

async function send(context: Context, body: string, rule: Drawn | undefined): Promise<Answer> {
  const line = new AbortController()
  let cause: keyof typeof NO_ANSWER = 'unreachable'
  const cutAfter = (ms: number, why: typeof cause) =>
    setTimeout(() => {
      cause = why
      line.abort()
    }, ms)
  const timers = [cutAfter(context.behaviours.settings.rtTimeoutMs, 'timeout')]
  if (rule?.kind === 'hang_up') timers.push(cutAfter(rule.pauseMs ?? HANG_UP_MS, 'hung_up'))
  const close = () => line.abort()
  context.closing.addEventListener('abort', close, { once: true })
  try {
    return await post(context.stationUrl, body, line.signal)
  } catch {
    return { verdict: NO_ANSWER[cause], status: 0, replySha256: '' }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    context.closing.removeEventListener('abort', close)
  }
}

async function post(url: string, body: string, signal: AbortSignal): Promise<Answer> {
  const headers = { 'content-type': 'text/xml; charset=UTF-8', soapaction: '"paaInviaRT"' }
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { verdict: judge(response.status, bytes), status: response.status, replySha256: sha256(bytes) }
}

function dropped(): Answer {
  return { verdict: NO_ANSWER.dropped, status: 0, replySha256: '' }
}

function writePaaInviaRt(rt: RtDocument): string {
  const { header } = rt
  const intestazione = {
    identificativoIntermediarioPA: header.broker,
    identificativoStazioneIntermediarioPA: header.station,
    identificativoDominio: header.domain,
    identificativoUnivocoVersamento: header.iuv,
    codiceContestoPagamento: header.ccp,
  }
  return writeRequest(intestazione, 'paaInviaRT', {
    tipoFirma: '',
    rt: bytesOf(rt).toString('base64'),
  })
}
