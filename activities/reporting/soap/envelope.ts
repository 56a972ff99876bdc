import { readSoap } from '../../../contracts/soap.ts'
import { readTree, type XmlTree } from '../../../domain/wire/xml-tree.ts'
import { BrokenAnswer } from './post.ts'

/** The most bytes of an answer around its document; a list of flows has a hundred bytes for each. */
const MOST_AROUND = 8 * 1024 * 1024
/** The largest document: 100,000 payments have 45 MB. */
const MOST_DOCUMENT = 160 * 1024 * 1024
/** Parts of a document, always cut at the same places. One has about a thousand payments. */
const PART = 512 * 1024

const LESS_THAN = 0x3c

/**
 * Takes the document out of an answer while it arrives, and leaves the answer around it, which is checked by its contract. Only base64 can
 * stand in the element, so it ends with the first "<".
 */
export class Envelope {
  readonly #element: RegExp
  #around: Buffer[] = []
  #size = 0
  #status: 'before' | 'inside' | 'after' = 'before'
  readonly #base64 = new Base64Parts()

  /** @param element local name of the element with the document; undefined when the answer has none */
  constructor(element: string | undefined) {
    this.#element =
      element === undefined ? /(?!)/ : new RegExp(`<(?:[\\w.-]+:)?${element}(?:\\s[^<>]*)?(?<!/)>`)
  }

  /** The parts of the document that are whole now. @throws BrokenAnswer */
  *read(bytes: Uint8Array): Generator<Buffer> {
    let rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#status === 'before') rest = this.#begin(rest)
    if (this.#status === 'inside') {
      const end = rest.indexOf(LESS_THAN)
      yield* this.#base64.read(end < 0 ? rest : rest.subarray(0, end))
      if (end < 0) return
      this.#status = 'after'
      rest = rest.subarray(end)
    }
    this.#keep(rest)
  }

  /** The last part of the document. @throws BrokenAnswer when its base64 is not whole */
  end(): Buffer | undefined {
    return this.#status === 'before' ? undefined : this.#base64.end()
  }

  get hasDocument(): boolean {
    return this.#status !== 'before'
  }

  /** The bytes around the document. */
  around(): Buffer {
    return Buffer.concat(this.#around)
  }

  /** Looks for the element, also where it came in two parts. What comes after its tag is returned. */
  #begin(bytes: Buffer): Buffer {
    const last = this.#around.at(-1) ?? Buffer.alloc(0)
    const from = Math.max(0, last.length - MOST_TAG)
    const seen = Buffer.concat([last.subarray(from), bytes])
    const found = this.#element.exec(seen.toString('latin1'))
    if (!found) {
      // Kept together with what came before, so that a tag in many small parts is found too.
      this.#around = [...this.#around.slice(0, -1), Buffer.concat([last, bytes])]
      this.#grow(bytes.length)
      if (this.#around.at(-1)!.length > PART) this.#around.push(this.#cutTail())
      return Buffer.alloc(0)
    }
    const end = from + found.index + found[0].length - last.length
    this.#keep(bytes.subarray(0, end))
    this.#status = 'inside'
    return bytes.subarray(end)
  }

  /** Only the end of what is kept is looked at again. */
  #cutTail(): Buffer {
    const whole = this.#around.pop()!
    this.#around.push(whole.subarray(0, -MOST_TAG))
    return whole.subarray(-MOST_TAG)
  }

  #keep(bytes: Buffer): void {
    this.#grow(bytes.length)
    this.#around.push(Buffer.from(bytes))
  }

  #grow(by: number): void {
    this.#size += by
    if (this.#size > MOST_AROUND) throw new BrokenAnswer('TOO_LARGE')
  }
}

/** The longest tag of the element, with the namespaces that it may declare. */
const MOST_TAG = 1024

/** Decodes base64 that arrives in any parts, and cuts what it says into parts of one size. */
class Base64Parts {
  #rest = ''
  #bytes: Buffer[] = []
  #length = 0
  #total = 0
  #isOver = false

  end(): Buffer | undefined {
    if (this.#rest !== '') throw new BrokenAnswer('BASE64')
    return this.#length === 0 ? undefined : this.#cut(this.#length)
  }

  *read(bytes: Uint8Array): Generator<Buffer> {
    const text =
      this.#rest +
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/[ \t\r\n]+/g, '')
    const whole = text.length - (text.length % 4)
    this.#rest = text.slice(whole)
    this.#add(text.slice(0, whole))
    while (this.#length >= PART) yield this.#cut(PART)
  }

  #add(text: string): void {
    if (text === '') return
    // After its padding nothing may come.
    if (this.#isOver || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new BrokenAnswer('BASE64')
    this.#isOver = text.endsWith('=')
    const decoded = Buffer.from(text, 'base64')
    this.#bytes.push(decoded)
    this.#length += decoded.length
    this.#total += decoded.length
    if (this.#total > MOST_DOCUMENT) throw new BrokenAnswer('TOO_LARGE')
  }

  #cut(size: number): Buffer {
    const all = Buffer.concat(this.#bytes)
    this.#bytes = [all.subarray(size)]
    this.#length = all.length - size
    return all.subarray(0, size)
  }
}

/** The message of an answer, checked by its contract. @throws BrokenAnswer */
export function messageOf(bytes: Uint8Array, operation: string): XmlTree {
  const message = readSoap('nodo-per-pa', bytes)
  if (!message.ok) throw new BrokenAnswer(message.reason.toUpperCase())
  if (message.operation !== `${operation}Risposta`) throw new BrokenAnswer('OTHER_OPERATION')
  return readTree(message.body)
}
