import { readSoap, type SoapRefusal } from '../../contracts/soap.ts'
import { admitSoftware, type SoftwareEnte } from '../../services/ente/passwords.ts'
import { writeJournal } from '../../db/journal/journal.ts'
import { hasSoftware } from '../../db/ente/operator.ts'
import { AppError } from '../../domain/errors.ts'
import { DEVELOPMENT_SOFTWARE_PASSWORD } from '../../domain/seed/enti.ts'
import {
  buildEnteReply,
  buildSoapFault,
  faultCodeOf,
  isEnteOperation,
  readCaller,
  type EnteFault,
  type EnteOperation,
  type EnteReply,
} from '../../domain/wire/ente.ts'
import type { XmlTree } from '../../domain/wire/xml-tree.ts'
import type { SoftwareDeps } from '../deps.ts'
import { authorizeImport, tellImportState } from './import-flow.ts'
import { readCall } from '../soap/read-call.ts'
import { withoutSecrets } from './secrets.ts'

export interface SoftwareAnswer {
  status: number
  body: Uint8Array
  operation: string
  /** OK, the code of the fault, or why nothing could be read. */
  outcome: string
  /** The software of an ente said a password of it. */
  isAdmitted: boolean
}

const SERVICE = 'PagamentiTelematiciDovutiPagati'

const OPERATIONS: Record<
  EnteOperation,
  (deps: SoftwareDeps, ente: SoftwareEnte, body: XmlTree) => Promise<EnteReply> | EnteReply
> = {
  paaSILAutorizzaImportFlusso: authorizeImport,
  paaSILChiediStatoImportFlusso: tellImportState,
}
const NAMES = Object.keys(OPERATIONS) as EnteOperation[]

/**
 * One message of the software of an ente: read, judged by our schema, answered by its operation, judged again, journalled without what
 * proves something. Refusals of what can be read travel in a 200 with the fault bean, as the old platform's did.
 */
export async function answerSoftware(deps: SoftwareDeps, request: Uint8Array): Promise<SoftwareAnswer> {
  const call = readCall({
    schema: 'pa-per-ente',
    operations: NAMES,
    request,
    read: (header, body) => ({ caller: readCaller(header, body), body }),
  })
  if (!call.ok) return keep(deps, request, unreadable(call))
  const { operation, content } = call
  const { caller, body } = content
  const ente = await admitSoftware(deps.db, usable(deps, caller))
  const fault = ente ? barred(ente) : { reason: 'stranger' as const, id: caller.codIpa }
  const reply = fault ? { fault } : await OPERATIONS[operation](deps, ente!, body)
  return keep(deps, request, { ...written(operation, reply), isAdmitted: ente !== undefined }, ente)
}

/** The password of the demo is in the sources: a database that once was a demo opens to nobody with it. */
const usable = ({ config }: SoftwareDeps, caller: { codIpa: string; password: string }) =>
  config.isProduction && caller.password === DEVELOPMENT_SOFTWARE_PASSWORD
    ? { ...caller, password: '' }
    : caller

function barred({ state, adhesion, codIpa }: SoftwareEnte): EnteFault | undefined {
  if (state === 'INSERITO') return { reason: 'not_started', id: codIpa }
  if (!hasSoftware(adhesion)) return { reason: 'no_flows', id: codIpa }
  return undefined
}

type Written = Omit<SoftwareAnswer, 'isAdmitted'>

function written(operation: EnteOperation, reply: EnteReply): Written {
  const body = buildEnteReply(operation, reply)
  const judged = readSoap('pa-per-ente', body)
  if (!judged.ok) throw new AppError('INTERNAL', { operation, violations: judged.violations.slice(0, 5) })
  return { status: 200, body, operation, outcome: 'fault' in reply ? faultCodeOf(reply.fault) : 'OK' }
}

type Unreadable = Pick<SoapRefusal, 'reason' | 'operation'> & { violations: readonly string[] }

/**
 * A fault bean when the operation is ours and only its content is wrong; a fault of SOAP for the rest, with the status by which
 * clients in Java and .NET read it where the message was well formed. Source: docs/field/ente-services.md#s3, docs/field/ente-services.md#s5.
 */
function unreadable({ reason, operation, violations }: Unreadable): SoftwareAnswer {
  const why = violations.join('; ').slice(0, 300)
  if (reason === 'invalid' && isEnteOperation(operation))
    return {
      ...written(operation, { fault: { reason: 'xml', id: 'n/a', description: why } }),
      isAdmitted: false,
    }
  const body = buildSoapFault('Client', reason === 'invalid' ? 'Operazione non disponibile' : why)
  const status = reason === 'invalid' ? 500 : 400
  return { status, body, operation: SERVICE, outcome: reason, isAdmitted: false }
}

async function keep(
  { db }: SoftwareDeps,
  request: Uint8Array,
  answer: SoftwareAnswer,
  ente?: SoftwareEnte,
): Promise<SoftwareAnswer> {
  const { operation, outcome, status: httpStatus, body } = answer
  await writeJournal(db, [
    {
      direction: 'in',
      operation,
      outcome,
      httpStatus,
      cartId: null,
      domain: ente?.codiceFiscale ?? null,
      iuv: null,
      ccp: null,
      durationMs: null,
      request: withoutSecrets(request),
      response: withoutSecrets(body),
    },
  ])
  return answer
}
