import { barrierName, type Drawn } from '../behaviour/behaviours.ts'
import type { NodeKind, NodeOperation } from '../behaviour/kinds.ts'
import { pause, type Overtaking } from '../behaviour/waiting.ts'
import type { Context } from '../context.ts'
import type { Fault } from './fault.ts'
import { writeSoapFault } from './soap.ts'

export type Wire = {
  send: (status: number, body: string, type?: string) => void
  /** Closes the connection without an answer. */
  cut: () => void
}

export type Misbehaving = {
  rule: Drawn
  operation: NodeOperation
  /** Performs the request and returns the honest answer. */
  act: () => string
  refused: (fault: Fault) => string
  wire: Wire
  context: Context
  overtaking: Overtaking
}

const LONG_MS = 35_000
const OVERTAKE_MS = 2_000
const HTML_502 =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

/** Performs the request or not, and answers in the way of the rule. */
export async function misbehave(call: Misbehaving): Promise<void> {
  await WAYS[call.rule.kind as NodeKind](call)
}

const WAYS: Record<NodeKind, (call: Misbehaving) => void | Promise<void>> = {
  fault: async (call) => {
    actEarly(call, false)
    await wait(call, 0)
    const { code = 'PPT_SYSTEM_ERROR', description } = call.rule
    call.wire.send(200, call.refused({ code, ...(description === undefined ? {} : { description }) }))
  },
  timeout: async (call) => {
    actEarly(call, false)
    await wait(call, LONG_MS)
    call.wire.cut()
  },
  slow: async (call) => {
    const early = actEarly(call, true)
    await wait(call, LONG_MS)
    call.wire.send(200, early ?? call.act())
  },
  barrier: async (call) => {
    const early = actEarly(call, true)
    await call.context.behaviours.barriers.hold(barrierName(call.rule), call.context.closing)
    call.wire.send(200, early ?? call.act())
  },
  malformed: async (call) => {
    const honest = actEarly(call, true) ?? writeSoapFault('PPT_SYSTEM_ERROR')
    await wait(call, 0)
    call.wire.send(200, honest.slice(0, honest.length / 2))
  },
  html_502: (call) => broken(call, 502, HTML_502, 'text/html'),
  http_500: (call) => broken(call, 500, '', 'text/plain'),
  soap_fault: (call) => broken(call, 500, writeSoapFault(call.rule.code ?? 'PPT_SYSTEM_ERROR')),
  not_offered: (call) => broken(call, 500, writeSoapFault('PPT_SOAPACTION_ERRATA')),
  drop: async (call) => {
    actEarly(call, false)
    await wait(call, 0)
    call.wire.cut()
  },
  // The network delivered one request twice, and only the second answer came back.
  repeat: (call) => {
    call.act()
    call.wire.send(200, call.act())
  },
  reorder: async (call) => {
    const { overtaking, operation, rule, context } = call
    await overtaking.wait(operation, rule.pauseMs ?? OVERTAKE_MS, context.closing)
    call.wire.send(200, call.act())
  },
  state: (call) => call.wire.send(200, call.act()),
  with_esito: (call) => call.wire.send(200, call.act()),
  without_esito: (call) => call.wire.send(200, call.act()),
}

/** Performs the request first when the rule has `when: 'after'`, that is, when the trouble comes after the effect. */
function actEarly({ rule, act }: Misbehaving, byDefault: boolean): string | undefined {
  const isWanted = rule.when === undefined ? byDefault : rule.when === 'after'
  return isWanted ? act() : undefined
}

async function broken(call: Misbehaving, status: number, body: string, type?: string): Promise<void> {
  actEarly(call, false)
  await wait(call, 0)
  call.wire.send(status, body, type)
}

async function wait({ rule, context }: Misbehaving, byDefault: number): Promise<void> {
  const ms = rule.pauseMs ?? byDefault
  if (ms > 0) await pause(ms, context.closing)
}
