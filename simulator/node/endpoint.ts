import express, { type Request as HttpRequest, type Response, type Router } from 'express'
import type { NodeOperation } from '../behaviour/kinds.ts'
import { Overtaking } from '../behaviour/waiting.ts'
import type { Context } from '../context.ts'
import { CALLS, isNodeOperation } from './calls.ts'
import type { Fault } from './fault.ts'
import { misbehave, type Wire } from './misbehave.ts'
import type { Request } from './operation.ts'
import { readRequest, writeAnswer, writeSoapFault } from './soap.ts'

const LIMIT = '5mb'

/** The POST address of the node. The root element of the body selects the call. */
export function nodeRouter(context: Context): Router {
  const overtaking = new Overtaking()
  const router = express.Router()
  router.post('/nodo/NodoPerPa', express.raw({ type: () => true, limit: LIMIT }), async (req, res) => {
    const wire = wireOf(res)
    const body: Buffer = req.body
    const asked = readRequest(body)
    const action = actionOf(req)
    if (asked.kind === 'unreadable' || !isNodeOperation(asked.operation)) {
      const operation = isNodeOperation(asked.operation) ? asked.operation : action
      const problem = asked.kind === 'unreadable' ? asked.problem : 'primitiva sconosciuta'
      return refuse(context, wire, operation, { code: 'PPT_SINTASSI_EXTRAXSD', description: problem })
    }
    if (action !== asked.operation) {
      return refuse(context, wire, asked.operation, { code: 'PPT_SOAPACTION_ERRATA' })
    }
    await serve(context, overtaking, wire, asked.operation, asked)
  })
  return router
}

async function serve(
  context: Context,
  overtaking: Overtaking,
  wire: Wire,
  operation: NodeOperation,
  request: Request,
): Promise<void> {
  const call = CALLS[operation]
  const rule = context.behaviours.first(operation, call.about(request))
  const answer = (content: ReturnType<typeof call.run>) => writeAnswer(`${operation}Risposta`, content)
  const act = () => answer(call.run(context, request, rule))
  const refused = (fault: Fault) => answer(call.refuse(fault, context, rule))
  if (rule) await misbehave({ rule, operation, act, refused, wire, context, overtaking })
  else wire.send(200, act())
  overtaking.passed(operation)
}

/** A request without a known operation gets a SOAP Fault, because no fault bean fits it. */
function refuse(context: Context, wire: Wire, operation: string | undefined, fault: Fault): void {
  if (!isNodeOperation(operation)) return wire.send(500, writeSoapFault(fault.code))
  const content = CALLS[operation].refuse(fault, context, undefined)
  wire.send(200, writeAnswer(`${operation}Risposta`, content))
}

/** The SOAPAction without quotes. */
function actionOf(req: HttpRequest): string {
  return (req.get('soapaction') ?? '').replace(/^"(.*)"$/, '$1')
}

function wireOf(res: Response): Wire {
  return {
    send: (status, body, type = 'text/xml; charset=utf-8') => {
      if (!res.writableEnded && !res.destroyed) res.status(status).type(type).send(body)
    },
    cut: () => res.req.socket.destroy(),
  }
}
