import { randomUUID } from 'node:crypto'
import { findFlowByToken } from '../../db/flow/flow.ts'
import type { SoftwareEnte } from '../../services/ente/passwords.ts'
import { importStateCode, outcomeFilesOf, type OutcomeFile } from '../../domain/flow/import-state.ts'
import { permissionContent, readStateRequest, stateContent, type EnteReply } from '../../domain/wire/ente.ts'
import type { XmlTree } from '../../domain/wire/xml-tree.ts'
import { PAGE_LINK_HOURS, signedPath } from '../../templates/signed-link.ts'
import { now, type SoftwareDeps } from '../deps.ts'
import { outcomePath } from './flow-files.ts'
import { PUBLIC_UPLOAD_PATH } from './upload-flow.ts'
import { issueUploadToken } from './upload-token.ts'

/**
 * Answers paaSILAutorizzaImportFlusso with a token that allows the upload of one file, once, within an hour. Nothing is stored until the
 * file arrives.
 */
export function authorizeImport({ config }: SoftwareDeps, { codIpa, credential }: SoftwareEnte): EnteReply {
  const requestToken = randomUUID()
  const permission = { codIpa, requestToken, credential }
  const authorizationToken = issueUploadToken(config.keys.token, permission, now(config))
  const uploadUrl = new URL(PUBLIC_UPLOAD_PATH, config.publicUrl).href
  return { content: permissionContent({ uploadUrl, authorizationToken, requestToken }) }
}

/**
 * Answers paaSILChiediStatoImportFlusso with the state of a file of dues. When it is loaded, the answer has links to those of the requested
 * outcome files that have rows.
 */
export async function tellImportState(
  { db, config }: SoftwareDeps,
  { id: enteId, codIpa, credential }: SoftwareEnte,
  body: XmlTree,
): Promise<EnteReply> {
  const { requestToken, asked } = readStateRequest(body)
  const flow = await findFlowByToken(db, { enteId, requestToken })
  if (!flow) return { fault: { reason: 'token', id: codIpa, value: requestToken } }
  const there = flow.state === 'loaded' ? outcomeFilesOf(flow) : []
  const linkTo = (kind: OutcomeFile): string => {
    const path = signedPath(config.keys.link, outcomePath(flow.id, { credential, kind }), {
      now: now(config),
      hours: PAGE_LINK_HOURS,
    })
    return new URL(path, config.publicUrl).href
  }
  const urls = Object.fromEntries(
    asked.filter((kind) => there.includes(kind)).map((kind) => [kind, linkTo(kind)]),
  )
  return { content: stateContent(importStateCode(flow), urls) }
}
