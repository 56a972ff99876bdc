import { SaxesParser } from 'saxes'
import { FileRefusal } from '../../treasury/movement.ts'
import { GrowingTree, localName, type XmlTree } from '../xml-tree.ts'
import { xmlText } from './xml-bytes.ts'

/** One element that was asked for, with everything in it. */
export interface XmlRecord {
  name: string
  /** Where it begins, from 1. */
  line: number
  tree: XmlTree
}

/** No bank nests deeper. */
const MOST_DEPTH = 64
/** The most characters of one record, and between two tags. A reversale with a thousand sospesi has a tenth. */
const MOST_LENGTH = 1024 * 1024

/**
 * Reads the asked elements of a large document one by one, and keeps nothing else.
 * @param asked `parent/name` by local names; an element inside of an asked one is a part of it
 * @param isRoot whether the document is of the kind that is read
 * @throws FileRefusal for XML that cannot be read or that no bank writes. Records before the fault may have come already.
 */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  asked: ReadonlySet<string>,
  isRoot: (name: string) => boolean,
): AsyncGenerator<XmlRecord> {
  const reader = new RecordReader(asked, isRoot)
  for await (const text of xmlText(bytes)) yield* reader.read(text)
  yield* reader.end()
}

/** A record that is being read. */
interface OpenRecord {
  name: string
  line: number
  from: number
  depth: number
  tree: GrowingTree
}

class RecordReader {
  readonly #parser = new SaxesParser()
  readonly #path: string[] = []
  #open: OpenRecord | undefined
  #found: XmlRecord[] = []
  /** Where the parser last came to the end of a tag or of a text. */
  #lastEvent = 0

  constructor(asked: ReadonlySet<string>, isRoot: (name: string) => boolean) {
    this.#parser.on('doctype', () => refuse('doctype'))
    this.#parser.on('opentag', ({ name, attributes }) => {
      this.#lastEvent = this.#parser.position
      const local = localName(name)
      const parent = this.#path.at(-1)
      if (parent === undefined && !isRoot(local)) refuse('not_known')
      if (this.#path.push(local) > MOST_DEPTH) refuse('too_deep')
      if (!this.#open && asked.has(`${parent ?? ''}/${local}`)) this.#begin(local)
      this.#open?.tree.open(local)
      // The only attribute that means something to us.
      if (this.#open && attributes['Ccy'] !== undefined) this.#leaf('Ccy', attributes['Ccy'])
    })
    this.#parser.on('closetag', () => {
      this.#lastEvent = this.#parser.position
      this.#path.pop()
      this.#open?.tree.close()
      if (this.#open && this.#open.depth > this.#path.length) this.#close(this.#open)
    })
    this.#parser.on('text', (text) => this.#text(text))
    this.#parser.on('cdata', (text) => this.#text(text))
  }

  read(text: string): XmlRecord[] {
    this.#guarded(() => this.#parser.write(text))
    const { position } = this.#parser
    if (position - this.#lastEvent > MOST_LENGTH) refuse('too_long')
    if (this.#open && position - this.#open.from > MOST_LENGTH) refuse('too_long')
    return this.#found.splice(0)
  }

  end(): XmlRecord[] {
    this.#guarded(() => this.#parser.close())
    return this.#found.splice(0)
  }

  #begin(name: string): void {
    const { line, position } = this.#parser
    this.#open = { name, line, from: position, depth: this.#path.length, tree: new GrowingTree() }
  }

  #close({ name, line, tree }: OpenRecord): void {
    this.#found.push({ name, line, tree: tree.root() })
    this.#open = undefined
  }

  #leaf(name: string, text: string): void {
    this.#open?.tree.open(name)
    this.#open?.tree.text(text)
    this.#open?.tree.close()
  }

  #text(text: string): void {
    this.#lastEvent = this.#parser.position
    this.#open?.tree.text(text)
  }

  /** The message of the parser may quote the document, so only the line is kept. */
  #guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      if (error instanceof FileRefusal) throw error
      throw new FileRefusal({ kind: 'unreadable', line: this.#parser.line })
    }
  }
}

const refuse = (kind: 'doctype' | 'too_deep' | 'too_long' | 'not_known'): never => {
  throw new FileRefusal({ kind })
}
