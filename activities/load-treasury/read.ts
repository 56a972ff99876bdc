import { createHash } from 'node:crypto'
import { columnsOfEnte } from '../../db/treasury/columns.ts'
import type { TreasuryFile } from '../../db/treasury/file.ts'
import type { KeyedMovement } from '../../db/treasury/movements.ts'
import { movementKey } from '../../domain/treasury/bill.ts'
import { plainText } from '../../domain/treasury/ids.ts'
import {
  FileRefusal,
  type Fault,
  type Item,
  type Movement,
  type Page,
  type Source,
} from '../../domain/treasury/movement.ts'
import type { TreasuryProblem } from '../../domain/treasury/problem.ts'
import { readCamt } from '../../domain/wire/treasury/camt.ts'
import { readCsv } from '../../domain/wire/treasury/csv.ts'
import { surveyCsv } from '../../domain/wire/treasury/csv-survey.ts'
import { readOpi } from '../../domain/wire/treasury/opi.ts'
import { judgePages } from '../../domain/wire/treasury/pages.ts'
import { readPostal } from '../../domain/wire/treasury/postal.ts'
import { HEAD_BYTES, recogniseFile } from '../../domain/wire/treasury/recognise.ts'
import type { Knex } from 'knex'
import { ArchiveError, type Part } from './parts.ts'

/** Movements and faults that are stored in one transaction. */
const BATCH = 1_000

/** Thrown inside these modules: the statement is not loaded, for this reason. */
export class NotLoaded extends Error {
  readonly problem: TreasuryProblem
  readonly source: Source | null
  constructor(problem: TreasuryProblem, source: Source | null) {
    super(problem.kind)
    this.problem = problem
    this.source = source
  }
}

export interface Batch {
  movements: readonly KeyedMovement[]
  faults: readonly Fault[]
}

/** What a statement is, by its content or as its sender chose. @throws NotLoaded */
export async function sourceOf(file: TreasuryFile, parts: readonly Part[]): Promise<Source> {
  const found: (Source | undefined)[] = []
  for (const part of parts) found.push(recogniseFile(await headOf(part)))
  const source = file.isChosen ? file.kind! : found[0]
  if (source === undefined) throw new NotLoaded({ kind: 'not_known' }, null)
  if (parts.length > 1 && (source !== 'opi' || found.some((one) => one !== source)))
    throw new NotLoaded({ kind: 'several_kinds' }, source)
  return source
}

async function headOf(part: Part): Promise<Uint8Array> {
  const head: Uint8Array[] = []
  let size = 0
  for await (const bytes of part.bytes()) {
    head.push(bytes)
    size += bytes.length
    if (size >= HEAD_BYTES) break
  }
  return Buffer.concat(head).subarray(0, HEAD_BYTES)
}

/**
 * Reads a statement in batches, so that it is never whole in memory.
 * @throws NotLoaded when the whole of it is refused or something is asked, also after batches that are right by themselves
 */
export async function* batchesOf(
  db: Knex,
  of: { file: TreasuryFile; source: Source },
  parts: readonly Part[],
): AsyncGenerator<Batch> {
  const keyer = new Keyer()
  let movements: KeyedMovement[] = []
  let faults: Fault[] = []
  const pages: Page[] = []
  try {
    for (const part of parts)
      for await (const item of await itemsOf(db, of, part)) {
        if (item.kind === 'movement') movements.push(keyer.keyed(item.movement))
        else if (item.kind === 'fault') faults.push(item.fault)
        else if (item.kind === 'page') pages.push(item.page)
        if (movements.length + faults.length < BATCH) continue
        yield { movements, faults }
        movements = []
        faults = []
      }
  } catch (error) {
    if (error instanceof FileRefusal) throw new NotLoaded(error.refusal, of.source)
    if (error instanceof ArchiveError) throw new NotLoaded(error.refusal, of.source)
    throw error
  }
  const refusal = of.source === 'opi' ? judgePages(pages) : undefined
  if (refusal) throw new NotLoaded(refusal, of.source)
  yield { movements, faults }
}

async function itemsOf(
  db: Knex,
  { file, source }: { file: TreasuryFile; source: Source },
  part: Part,
): Promise<AsyncIterable<Item>> {
  if (source === 'opi') return readOpi(part.bytes(), file)
  if (source === 'camt') return readCamt(part.bytes())
  if (source === 'postal') return readPostal(part.bytes())
  const chosen = { columns: await columnsOfEnte(db, file.enteId), answers: file.answers }
  const { header, examples, columns, forms, questions } = await surveyCsv(part.bytes(), chosen)
  if (columns === undefined || questions.length > 0)
    throw new NotLoaded({ kind: 'columns', header, examples, asked: questions }, source)
  return readCsv(part.bytes(), columns, forms)
}

/** Gives each movement its digests. What is keyed by its content is told apart by its place among equal ones of the file. */
class Keyer {
  readonly #seen = new Map<string, number>()

  keyed(movement: Movement): KeyedMovement {
    const bill = this.#own(movement)
    const digest = digestOf(`${movementKey(movement)}|${bill}`)
    return { ...movement, bill, digest, plain: plainText(movement.text) }
  }

  #own({ key, isKeyedByContent }: Movement): string {
    if (!isKeyedByContent) return digestOf(key)
    const place = (this.#seen.get(key) ?? 0) + 1
    this.#seen.set(key, place)
    return digestOf(`${key}|${place}`)
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
