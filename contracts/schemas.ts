import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
  type XmlElement,
} from 'libxml2-wasm'
import { schemaFiles } from './files.ts'
import { describe } from './violation.ts'
import { parseXml } from './xml.ts'

export type SchemaName =
  'rpt-rt' | 'nodo-per-pa' | 'pa-per-nodo' | 'pa-per-nodo-pagamento-psp' | 'pa-per-ente'

/** A made-up address. Imports between schemas resolve against it, and only our in-memory provider serves it. */
const BASE = 'contracts:/xsd/'

const validators = new Map<SchemaName, XsdValidator>()
let files: Map<string, Uint8Array> | undefined

/** Problems of a document, without its values because they are personal data; [] = valid. */
export function violations(schema: SchemaName, bytes: Uint8Array): string[] {
  const reading = parseXml(bytes)
  if (!reading.ok) return [`${reading.refusal.kind}: ${reading.refusal.message}`]
  try {
    return check(schema, reading.doc)
  } finally {
    reading.doc.dispose()
  }
}

/** The same as `violations`, for a parsed document or for one element inside another document. */
export function check(schema: SchemaName, part: XmlDocument | XmlElement): string[] {
  try {
    if (part instanceof XmlDocument) validator(schema).validate(part)
    else validator(schema).validate(part)
    return []
  } catch (err) {
    if (err instanceof XmlValidateError) return describe(err)
    throw err
  }
}

/** Compiles each schema once and keeps it for the life of the process. */
function validator(schema: SchemaName): XsdValidator {
  const known = validators.get(schema)
  if (known) return known
  const compiled = compile(`${schema}.xsd`)
  validators.set(schema, compiled)
  return compiled
}

function compile(file: string): XsdValidator {
  files ??= registerSchemas()
  const source = files.get(file)
  if (!source) throw new Error(`no schema file ${file}`)
  const doc = XmlDocument.fromBuffer(source, { url: BASE + file })
  try {
    return XsdValidator.fromDoc(doc)
  } finally {
    doc.dispose()
  }
}

/** Registers the only input provider, so that no address in a document can make libxml2 read from disk. */
function registerSchemas(): Map<string, Uint8Array> {
  const found = schemaFiles()
  const byUrl = Object.fromEntries([...found].map(([file, bytes]) => [BASE + file, bytes]))
  xmlRegisterInputProvider(new XmlBufferInputProvider(byUrl))
  return found
}
