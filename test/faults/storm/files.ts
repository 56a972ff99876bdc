import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { exportFile } from '../../../services/file-store.ts'
import type { Finding } from '../../../tools/check/invariant.ts'
import { flowZip } from '../../flows/zip.ts'
import { bookExpired } from '../tools/exports.ts'
import {
  aFileEnte,
  baseName,
  csvOf,
  leftBehind,
  resultOf,
  storeOf,
  upload,
  type FileEnte,
} from '../tools/files.ts'
import type { World } from '../tools/world.ts'
import { untilDone, type Outside } from './citizen.ts'
import { FILE_ENTI, type FileOrder } from './schedule.ts'

/** Makes the enti before the storm, because the storm tests their files and not how they are made. */
export async function someEnti(world: World): Promise<FileEnte[]> {
  const enti: FileEnte[] = []
  for (let made = 0; made < FILE_ENTI; made++) enti.push(await aFileEnte(world))
  return enti
}

/** Repeats the upload of an operator until the file is there. After each of the first files it books an export, once. */
export async function sendInStorm(
  { world, outside, enti }: { world: World; outside: Outside; enti: readonly FileEnte[] },
  { ente: at, rows }: FileOrder,
  number: number,
): Promise<void> {
  const ente = enti[at]!
  const zip = await flowZip(baseName(ente, iufOf(number)), csvOf(rows, iufOf(number)))
  await untilDone(outside, async () => {
    const { status, html } = await upload(ente, zip)
    // A file that is already there means that only the answer to an earlier try was lost.
    const isThere = status === 303 || html.includes('è già stato caricato')
    if (!isThere) throw new Error(`not taken: ${status}`)
  })
  if (number >= enti.length) return
  await untilDone(outside, async () => {
    const booked: unknown = await world.db('export').first('id').where({ ente_id: ente.enteId })
    if (!booked && (await bookExpired(ente)).status !== 303) throw new Error('not booked')
  })
}

const iufOf = (number: number): string => `STORM${number}`

/** Finding after the storm: every file is loaded whole and once, every export has its file, no other file is left. */
export async function fileFinding(
  world: World,
  enti: readonly FileEnte[],
  files: readonly FileOrder[],
): Promise<Finding> {
  const violations = (await leftBehind(world)).map((name) => `${name} was left`)
  for (const [number, order] of files.entries())
    violations.push(...(await wrongIn(world, enti[order.ente]!, order, number)))
  const booked = (await world.db('export').select('id', 'state', 'sha256')) as {
    id: string
    state: string
    sha256: Buffer | null
  }[]
  for (const { id, state, sha256 } of booked)
    if (state !== 'ready' || !sha256?.equals(digestOf(world, id))) violations.push(`export ${id} is ${state}`)
  return { id: 'files', name: 'whole', violations }
}

const digestOf = (world: World, exportId: string): Buffer =>
  createHash('sha256')
    .update(readFileSync(storeOf(world).path(exportFile(exportId))))
    .digest()

async function wrongIn(
  world: World,
  { enteId }: FileEnte,
  { rows }: FileOrder,
  number: number,
): Promise<string[]> {
  const ids = (await world
    .db('flow')
    .where({ ente_id: enteId, iuf: iufOf(number) })
    .pluck('id')) as string[]
  if (ids.length !== 1) return [`file ${number} is there ${ids.length} times`]
  const { state, counts, accepted, rejected } = await resultOf(world, ids[0]!)
  const expected = [rows, rows - rows / 100, rows / 100, 0]
  const isRight =
    state === 'loaded' &&
    counts.join() === expected.join() &&
    accepted !== undefined &&
    rejected !== undefined
  return isRight ? [] : [`file ${number} is ${state} with ${counts.join()} rows`]
}
