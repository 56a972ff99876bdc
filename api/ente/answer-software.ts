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
import { keysOf } from '../../domain/table.ts'
import type { SoftwareDeps } from '../deps.ts'
import { authorizeImport, tellImportState } from './import-flow.ts'
import { readCall } from '../soap/read-call.ts'
import { withoutSecrets } from './secrets.ts'

export interface SoftwareAnswer {
  status: number
  body: Uint8Array
  operation: string
  /** OK, the code of the fault, or why the message could not be read. */
  outcome: string
  /** The message had a valid password of an ente. */
  isAdmitted: boolean
}

/** The journal has this name for a message whose operation could not be read. */
const SERVICE = 'PagamentiTelematiciDovutiPagati'

const OPERATIONS: Record<
  EnteOperation,
  (deps: SoftwareDeps, ente: SoftwareEnte, body: XmlTree) => Promise<EnteReply> | EnteReply
> = {
  paaSILAutorizzaImportFlusso: authorizeImport,
  paaSILChiediStatoImportFlusso: tellImportState,
}
const NAMES = keysOf(OPERATIONS)

/**
 * Answers one message of the software of an ente. The message and the answer are checked against our schema, and both are journalled
 * without passwords, tokens and signatures. A readable message that is refused gets a 200 with a fault bean, as on the old platform.
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

/**
 * Replaces the password of the demo by an empty one, which is never valid, in production: the password is public in the sources, and a
 * database that was once a demo may still have it.
 */
const usable = ({ config }: SoftwareDeps, caller: { codIpa: string; password: string }) =>
  config.isProduction && caller.password === DEVELOPMENT_SOFTWARE_PASSWORD
    ? { ...caller, password: '' }
    : caller

/** Why the software of this ente may not use the service; undefined when it may. */
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
 * The answer to an unreadable message: a fault bean when only the content of one of our operations is wrong, otherwise a SOAP fault. For a
 * well-formed message the SOAP fault has status 500, because clients in Java and .NET read it only with that status. Source:
 * docs/field/ente-services.md#s3, docs/field/ente-services.md#s5.
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

/** Journals the message and its answer, and returns the answer. */
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
      attemptCode: null,
      durationMs: null,
      request: withoutSecrets(request),
      response: withoutSecrets(body),
    },
  ])
  return answer
}
