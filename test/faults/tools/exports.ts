import { OPEN_EXPORT_STATES } from '../../../domain/states.ts'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { exportFile } from '../../../services/file-store.ts'
import { unzip } from '../../flows/world.ts'
import type { Page } from '../../setup/visitor.ts'
import { waitUntil } from '../../setup/wait.ts'
import { storeOf, type FileEnte } from './files.ts'
import type { World } from './world.ts'

const pathOf = ({ codIpa }: FileEnte): string => `/operatore/${codIpa}/esportazioni`

/** Books an export of the ente's expired dues. All rows of the tests have the same due date, 30 September 2099. */
export async function bookExpired(ente: FileEnte): Promise<Page> {
  const page = await ente.operator.get(pathOf(ente))
  return ente.operator.submit(page, '/scaduti', { scadenza: '2099-09-30', 'tipo-scaduti': 'LUCE_VOTIVA' })
}

interface ExportRow {
  id: string
  state: string
  rows: number
  sha256: Buffer
}

const exportOf = async (world: World, { enteId }: FileEnte): Promise<ExportRow> =>
  (await world.db('export').first().where({ ente_id: enteId })) as ExportRow

/** Waits until an export is being written. */
export const anExportRuns = (world: World): Promise<boolean> =>
  waitUntil(async () => (await world.db('export').where({ state: 'running' })).length > 0)

/** I12: expects that an export that is not ready has neither a link nor a file under its name. */
export async function expectNotListed(world: World, ente: FileEnte): Promise<void> {
  const { id, state } = await exportOf(world, ente)
  expect(OPEN_EXPORT_STATES).toContain(state)
  expect(existsSync(storeOf(world).path(exportFile(id)))).toBe(false)
  expect((await ente.operator.get(pathOf(ente))).html).not.toContain(`/esportazioni/${id}.zip`)
}

/** I12: expects that the file has the stored number of rows and digest, and that the operator downloads that file. */
export async function expectWhole(world: World, ente: FileEnte, rows: number): Promise<void> {
  await waitUntil(async () => (await exportOf(world, ente)).state === 'ready', 90_000)
  const { id, sha256, rows: told } = await exportOf(world, ente)
  const bytes = readFileSync(storeOf(world).path(exportFile(id)))
  expect(createHash('sha256').update(bytes).digest()).toEqual(sha256)
  const [content] = (await unzip(bytes)).values()
  expect([told, content!.toString().split('\n').length - 1]).toEqual([rows, rows])
  const { html } = await ente.operator.get(pathOf(ente))
  const link = /href="([^"]+\/esportazioni\/[^"]+\.zip)"/.exec(html)![1]!
  expect((await ente.operator.download(link)).bytes.equals(bytes)).toBe(true)
}
