import { SaxesParser } from 'saxes'
import { romeInstant } from '../calendar.ts'
import { centsOf } from '../reporting/amount.ts'
import { rowOfXml, type ReportedRow } from '../reporting/row.ts'

/** The header of a flow in the XML form, as far as it was read; null where it says nothing. */
export interface DocumentHead {
  flowId: string | null
  /** dataOraFlusso as an ISO instant. A time without a zone is one of Rome. */
  flowAt: string | null
  regulation: string | null
  regulatedOn: string | null
  bic: string | null
  pspName: string | null
  receiver: string | null
  declaredPayments: number | null
  declaredCents: number | null
}

/** Why a document cannot be read. It never quotes the document. */
export class UnreadableFlow extends Error {
  readonly why: 'ENCODING' | 'DOCTYPE' | 'MALFORMED' | 'TOO_LONG' | 'OTHER_DOCUMENT'

  constructor(why: UnreadableFlow['why']) {
    super(why)
    this.why = why
  }
}

/** The schema nests four levels, and its longest text has 140 characters. */
const MOST_DEPTH = 16
const MOST_LENGTH = 64 * 1024

/** A large flow has 100,000. */
const MOST_ROWS = 1_000_000

const ROW = 'datiSingoliPagamenti'

/**
 * Reads `FlussoRiversamento` in parts. Prefixes do not count, and what is not known is ignored. The payments of a part that were closed in it
 * come at once, so that a large flow is never in memory. Source: docs/field/reporting.md#a-row.
 */
export class FlowReader {
  readonly #parser = new SaxesParser()
  readonly #path: string[] = []
  readonly #head = new Map<string, string>()
  #decoder: Decoder | undefined
  #row: Map<string, string> | undefined
  #text = ''
  #found: ReportedRow[] = []
  #rows = 0
  /** Characters that the parser got, and where it last came to the end of a tag or of a text. */
  #fed = 0
  #lastEvent = 0

  constructor() {
    this.#parser.on('doctype', () => refuse('DOCTYPE'))
    this.#parser.on('opentag', ({ name }) => this.#open(localName(name)))
    this.#parser.on('closetag', () => this.#close())
    this.#parser.on('text', (text) => this.#add(text))
    this.#parser.on('cdata', (text) => this.#add(text))
  }

  /**
   * The payments that end in these bytes.
   * @throws UnreadableFlow
   */
  read(bytes: Uint8Array): ReportedRow[] {
    this.#decoder ??= decoderOf(bytes)
    for (let at = 0; at < bytes.length; at += MOST_LENGTH) {
      const part = bytes.subarray(at, at + MOST_LENGTH)
      const text = guarded('ENCODING', () => this.#decoder!.decode(part, { stream: true }))
      this.#parse(text, () => this.#parser.write(text))
    }
    return this.#found.splice(0)
  }

  /** The payments that were still open. @throws UnreadableFlow when the document is not whole */
  end(): ReportedRow[] {
    const rest = guarded('ENCODING', () => this.#decoder?.decode() ?? '')
    this.#parse(rest, () => this.#parser.write(rest).close())
    return this.#found.splice(0)
  }

  get head(): DocumentHead {
    const at = (path: string): string | null => this.#head.get(path)?.trim() || null
    const day = at('dataRegolamento')
    const count = at('numeroTotalePagamenti')
    return {
      flowId: at('identificativoFlusso'),
      flowAt: romeInstant(at('dataOraFlusso') ?? '') ?? null,
      regulation: at('identificativoUnivocoRegolamento'),
      regulatedOn: day !== null && DAY.test(day) ? day : null,
      bic: at('codiceBicBancaDiRiversamento'),
      pspName: at('istitutoMittente/denominazioneMittente'),
      receiver: at('istitutoRicevente/identificativoUnivocoRicevente/codiceIdentificativoUnivoco'),
      declaredPayments: count !== null && COUNT.test(count) ? Number(count) : null,
      declaredCents: centsOf(at('importoTotalePagamenti') ?? '') ?? null,
    }
  }

  #parse(text: string, run: () => void): void {
    guarded('MALFORMED', run)
    this.#fed += text.length
    // The position of the parser is right only while it reads.
    if (this.#fed - this.#lastEvent > MOST_LENGTH) refuse('TOO_LONG')
  }

  #open(name: string): void {
    this.#lastEvent = this.#parser.position
    this.#text = ''
    if (this.#path.length === 0 && name !== 'FlussoRiversamento') refuse('OTHER_DOCUMENT')
    if (this.#path.push(name) > MOST_DEPTH) refuse('TOO_LONG')
    if (this.#path.length === 2 && name === ROW) this.#row = new Map()
  }

  #close(): void {
    this.#lastEvent = this.#parser.position
    const [, ...inside] = this.#path
    if (this.#row && inside.length === 2) keepFirst(this.#row, inside[1]!, this.#text)
    else if (!this.#row) keepFirst(this.#head, inside.join('/'), this.#text)
    if (this.#row && inside.length === 1) {
      if (++this.#rows > MOST_ROWS) refuse('TOO_LONG')
      this.#found.push(rowOfXml(this.#row, this.#rows))
      this.#row = undefined
    }
    this.#path.pop()
    this.#text = ''
  }

  #add(text: string): void {
    this.#lastEvent = this.#parser.position
    this.#text += text
    if (this.#text.length > MOST_LENGTH) refuse('TOO_LONG')
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const COUNT = /^\d{1,15}$/
/** An element that stands twice where the schema has one would else let two readers read two values. */
const MOST_NAMES = 64

function keepFirst(of: Map<string, string>, name: string, text: string): void {
  if (of.size < MOST_NAMES && !of.has(name)) of.set(name, text)
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

const refuse = (why: UnreadableFlow['why']): never => {
  throw new UnreadableFlow(why)
}

/** The message of a parser may quote the document, so it is not kept. */
function guarded<T>(why: UnreadableFlow['why'], run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof UnreadableFlow) throw error
    throw new UnreadableFlow(why)
  }
}

type Decoder = InstanceType<typeof TextDecoder>

/** Encodings that a declaration may name. Two-byte ones are refused, because no schema of pagoPA is written so. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
}

/** @param first the beginning of the document, with its declaration */
function decoderOf(first: Uint8Array): Decoder {
  const start = Buffer.from(first.subarray(0, 200)).toString('latin1')
  const declared = /^(?:\u00EF\u00BB\u00BF)?<\?xml[^>?]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1]
  const encoding = ENCODINGS[declared?.toLowerCase() ?? 'utf-8']
  if (encoding === undefined || start.includes('\0')) return refuse('ENCODING')
  return new TextDecoder(encoding, { fatal: true })
}
