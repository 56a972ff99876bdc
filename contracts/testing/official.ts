import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  XmlBufferInputProvider,
  XmlDocument,
  XsdValidator,
  xmlRegisterInputProvider,
  type XmlElement,
} from 'libxml2-wasm'
import type { SchemaName } from '../schemas.ts'
import { canonicalText, childElements } from '../tree.ts'

const BASE = 'official:/'

/** Where the official description of each message is: a schema, or the schemas inside a WSDL. */
const SOURCES: Readonly<Record<SchemaName, string>> = {
  'rpt-rt': 'legacy/xsd/PagInf_RPT_RT_6_2_0.xsd',
  'nodo-per-pa': 'legacy/wsdl/NodoPerPa.wsdl',
  'pa-per-nodo': 'legacy/wsdl/PaPerNodo.wsdl',
  'pa-per-nodo-pagamento-psp': 'legacy/wsdl/PaPerNodoPagamentoPsp.wsdl',
  'pa-per-ente': 'entity/pa-per-ente.wsdl',
}

/** Returns a function that validates by the official schemas in `folder`; true = valid. */
export function officialJudge(folder: string): (schema: SchemaName, bytes: Uint8Array) => boolean {
  const files = readFolder(folder)
  for (const source of Object.values(SOURCES)) splitWsdl(files, source)
  xmlRegisterInputProvider(new XmlBufferInputProvider(files))
  const validators = new Map(
    Object.entries(SOURCES).map(([schema, source]) => [schema, compile(files, source)]),
  )
  return (schema, bytes) => isValid(validators.get(schema)!, bytes)
}

function readFolder(folder: string): Record<string, Uint8Array> {
  const names = ['legacy/wsdl', 'legacy/xsd', 'entity'].flatMap((part) =>
    readdirSync(join(folder, part)).map((name) => `${part}/${name}`),
  )
  return Object.fromEntries(names.map((name) => [BASE + name, readFileSync(join(folder, name))]))
}

/** Writes each schema of a WSDL to a file beside it, and replaces the WSDL by one schema that imports them all. */
function splitWsdl(files: Record<string, Uint8Array>, source: string): void {
  if (!source.endsWith('.wsdl')) return
  const doc = XmlDocument.fromBuffer(files[BASE + source]!)
  const types = childElements(doc.root).find(({ name }) => name === 'types')!
  const schemas = childElements(types)
  const imports = schemas.map(
    (schema, at) =>
      `<xsd:import namespace="${namespaceOf(schema)}" schemaLocation="${basename(source)}.${at}.xsd"/>`,
  )
  for (const [at, schema] of schemas.entries()) {
    const lacking = imports.slice(0, at).filter((_, other) => isImportMissing(schema, schemas[other]!))
    const text = canonicalText(schema)
    files[`${BASE}${source}.${at}.xsd`] = Buffer.from(text.replace('>', `>${lacking.join('')}`))
  }
  const all = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">${imports.join('')}</xsd:schema>`
  files[BASE + source] = Buffer.from(all)
  doc.dispose()
}

/** The WSDL of the ente services uses types of an earlier schema without importing it; libxml2 refuses that. */
function isImportMissing(schema: XmlElement, other: XmlElement): boolean {
  const text = canonicalText(schema)
  const uri = namespaceOf(other)
  const prefix = Object.entries(schema.namespaces).find(([, bound]) => bound === uri)?.[0]
  return prefix !== undefined && text.includes(`"${prefix}:`) && !text.includes(`namespace="${uri}"`)
}

const namespaceOf = (schema: XmlElement): string => schema.attr('targetNamespace')!.value

function compile(files: Record<string, Uint8Array>, source: string): XsdValidator {
  const doc = XmlDocument.fromBuffer(files[BASE + source]!, { url: BASE + source })
  const validator = XsdValidator.fromDoc(doc)
  doc.dispose()
  return validator
}

function isValid(validator: XsdValidator, bytes: Uint8Array): boolean {
  const doc = XmlDocument.fromBuffer(bytes)
  try {
    validator.validate(doc)
    return true
  } catch {
    return false
  } finally {
    doc.dispose()
  }
}
