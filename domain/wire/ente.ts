import type { OutcomeFile } from '../flow/import-state.ts'
import { buildSoap, SOAP_NAMESPACE, type XmlContent } from './soap.ts'
import { isTrue } from './values.ts'
import { optionalText, textOf, type XmlTree } from './xml-tree.ts'

/** Exactly the namespace of the old platform, because software of enti depends on it. */
const ENTE_NAMESPACE = 'http://www.regione.veneto.it/pagamenti/ente/'

/** Elements that the schema requires in each answer, even beside a fault. They are then empty. */
const REQUIRED = {
  paaSILAutorizzaImportFlusso: { uploadUrl: '', authorizationToken: '', requestToken: '', importPath: '' },
  paaSILChiediStatoImportFlusso: { stato: '' },
} as const satisfies Record<string, XmlContent>

export type EnteOperation = keyof typeof REQUIRED

export const isEnteOperation = (name: string | undefined): name is EnteOperation =>
  name !== undefined && Object.hasOwn(REQUIRED, name)

/** Why software is refused. Source: docs/field/ente-services.md#faults, docs/field/ente-services.md#who-may-call. */
const FAULTS = {
  /** Unknown ente, no password or wrong password: all get the same answer, so that nobody can find out which. */
  stranger: ['PAA_ENTE_NON_VALIDO', 'Password non valida per ente [{}]'],
  not_started: ['PAA_ENTE_NON_VALIDO', 'Stato Ente non valido'],
  no_flows: ['PAA_ENTE_NON_VALIDO', 'Ente [{}] non abilitato ai flussi'],
  token: ['PAA_REQUEST_TOKEN_NON_VALIDO', 'Request token [{}] non valido'],
  xml: ['PAA_XML_NON_VALIDO', 'XML ricevuto non conforme allo schema'],
} as const

export interface EnteFault {
  reason: keyof typeof FAULTS
  /** IPA code of the caller. */
  id: string
  /** The value in the sentence, if it is not the IPA code. */
  value?: string
  description?: string
}

export const faultCodeOf = ({ reason }: EnteFault): string => FAULTS[reason][0]

export type EnteReply = { fault: EnteFault } | { content: XmlContent }

export function buildEnteReply(operation: EnteOperation, reply: EnteReply): Uint8Array {
  const content = 'fault' in reply ? { fault: faultBean(reply.fault), ...REQUIRED[operation] } : reply.content
  return buildSoap({ body: { namespace: ENTE_NAMESPACE, name: `${operation}Risposta`, content } })
}

const MOST_SHOWN = 80

function faultBean(fault: EnteFault): XmlContent {
  const [faultCode, sentence] = FAULTS[fault.reason]
  return {
    faultCode,
    faultString: sentence.replace('{}', () => (fault.value ?? fault.id).slice(0, MOST_SHOWN)),
    id: fault.id,
    description: fault.description,
    serial: fault.reason === 'not_started' ? '0' : undefined,
  }
}

/** The answer to something that is not one of our messages. */
export const buildSoapFault = (who: 'Client' | 'Server', text: string): Uint8Array =>
  buildSoap({
    body: {
      namespace: SOAP_NAMESPACE,
      name: 'Fault',
      content: { faultcode: `soapenv:${who}`, faultstring: text },
    },
  })

/** `intestazionePPT` and the password of the body, without blanks around it. */
export const readCaller = (header: XmlTree, body: XmlTree): { codIpa: string; password: string } => ({
  codIpa: textOf(header, 'codIpaEnte'),
  password: (optionalText(body, 'password') ?? '').trim(),
})

const ASKED_BY: Record<string, OutcomeFile> = {
  fileScarti: 'SCARTI',
  fileIUV: 'IUV',
  fileAvvisi: 'AVVISI_PDF',
}

export const readStateRequest = (body: XmlTree): { requestToken: string; asked: OutcomeFile[] } => ({
  requestToken: textOf(body, 'requestToken').trim(),
  asked: Object.entries(ASKED_BY)
    .filter(([flag]) => isTrue(body, flag))
    .map(([, file]) => file),
})

export interface ImportPermission {
  uploadUrl: string
  authorizationToken: string
  requestToken: string
}

/** The path on the disk of the old platform. Software prints it and does nothing else with it. */
export const permissionContent = (permission: ImportPermission): XmlContent => ({
  ...permission,
  importPath: '/IMPORT',
})

export const stateContent = (
  stato: string,
  urls: Readonly<Partial<Record<OutcomeFile, string>>>,
): XmlContent => ({
  stato,
  urlFileScarti: urls.SCARTI,
  urlFileIUV: urls.IUV,
  urlFileAvvisi: urls.AVVISI_PDF,
})
