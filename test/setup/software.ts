import type { Knex } from 'knex'
import { admitSoftware, seedPassword } from '../../services/ente/passwords.ts'
import { readSoap } from '../../contracts/soap.ts'
import { children, optionalText, readTree } from '../../domain/wire/xml-tree.ts'

export const SERVICE = '/ws/pa/PagamentiTelematiciDovutiPagati'
const ENTE = 'http://www.regione.veneto.it/pagamenti/ente/'

export interface SoftwareReply {
  status: number
  xml: string
  /** Code and description of the fault bean. */
  fault: [code: string | null, sentence: string | null] | undefined
  /** Value of an element of the answer; null when the answer is not valid by our schema. */
  value(name: string): string | null
}

/** A message of an ente's software, built as text, so that it may be wrong. */
export const softwareMessage = (codIpa: string, operation: string, content: string): string =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:h="${ENTE}ppthead" xmlns:e="${ENTE}">` +
  `<soapenv:Header><h:intestazionePPT><codIpaEnte>${codIpa}</codIpaEnte></h:intestazionePPT></soapenv:Header>` +
  `<soapenv:Body><e:${operation}>${content}</e:${operation}></soapenv:Body></soapenv:Envelope>`

export async function sendMessage(url: string, body: string | Uint8Array): Promise<SoftwareReply> {
  const answer = await fetch(`${url}${SERVICE}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=UTF-8' },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  const xml = await answer.text()
  const read = readSoap('pa-per-ente', Buffer.from(xml))
  const tree = read.ok ? readTree(read.body) : undefined
  const bean = tree && children(tree, 'fault')[0]
  return {
    status: answer.status,
    xml,
    fault: bean && [optionalText(bean, 'faultCode'), optionalText(bean, 'faultString')],
    value: (name) => (tree ? optionalText(tree, name) : null),
  }
}

export interface Said {
  codIpa?: string
  password: string
}

export const authorize = (url: string, { codIpa = 'C_X902', password }: Said): Promise<SoftwareReply> =>
  sendMessage(url, softwareMessage(codIpa, 'paaSILAutorizzaImportFlusso', `<password>${password}</password>`))

export const askState = (
  url: string,
  { codIpa = 'C_X902', password, requestToken }: Said & { requestToken: string },
): Promise<SoftwareReply> =>
  sendMessage(
    url,
    softwareMessage(
      codIpa,
      'paaSILChiediStatoImportFlusso',
      `<requestToken>${requestToken}</requestToken><password>${password}</password>` +
        '<fileScarti>true</fileScarti><fileIUV>1</fileIUV><fileAvvisi>true</fileAvvisi>',
    ),
  )

/** Gives the ente's software a password; returns the credential, which identifies the password in links and tokens. */
export async function aCredential(db: Knex, codIpa: string, password = 'dei-test-12345'): Promise<string> {
  const { id: enteId } = (await db('ente').first('id').where({ cod_ipa: codIpa })) as { id: string }
  await seedPassword(db, { enteId, password })
  return (await admitSoftware(db, { codIpa, password }))!.credential
}
