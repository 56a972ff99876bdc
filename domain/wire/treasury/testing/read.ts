import type { Fault, Item, Movement, Page, Refusal } from '../../../treasury/movement.ts'
import { FileRefusal } from '../../../treasury/movement.ts'

/** The bytes of a document in parts of a size, so that tests see what happens where a part ends. */
export async function* bytesOf(document: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof document === 'string' ? new TextEncoder().encode(document) : document
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export interface ReadAll {
  movements: Movement[]
  faults: Fault[]
  pages: Page[]
  passed: number
}

export async function readAll(items: AsyncIterable<Item>): Promise<ReadAll> {
  const all: ReadAll = { movements: [], faults: [], pages: [], passed: 0 }
  for await (const item of items) {
    if (item.kind === 'movement') all.movements.push(item.movement)
    else if (item.kind === 'fault') all.faults.push(item.fault)
    else if (item.kind === 'page') all.pages.push(item.page)
    else all.passed++
  }
  return all
}

/** Why a file is refused; undefined when it is read to its end. */
export async function refusalOf(items: AsyncIterable<Item>): Promise<Refusal | undefined> {
  try {
    await readAll(items)
    return undefined
  } catch (error) {
    if (error instanceof FileRefusal) return error.refusal
    throw error
  }
}
