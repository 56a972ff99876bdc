import { readFileSync } from 'node:fs'
import { schemaFiles, wsdlPath } from '../../contracts/files.ts'

const SCHEMAS = ['pa-per-ente-header.xsd', 'pa-per-ente.xsd']

/** Our WSDL in one piece, schemas inside, so that it can be kept as a file. @param address where the service answers */
export function enteWsdl(address: string): string {
  const files = schemaFiles()
  const schemas = SCHEMAS.map((name) => inline(Buffer.from(files.get(name)!).toString('utf8')))
  return readFileSync(wsdlPath('PaPerEnte'), 'utf8')
    .replace(/(<wsdl:types>)[\s\S]*(<\/wsdl:types>)/, (_, start, end) => [start, ...schemas, end].join('\n'))
    .replace(/(<soap:address location=")[^"]*/, (_, start) => `${start}${address}`)
}

/** Beside each other they find themselves by their namespaces. */
const inline = (schema: string): string =>
  schema.replace(/<\?xml[^>]*\?>\s*/, '').replace(/ schemaLocation="[^"]*"/g, '')
