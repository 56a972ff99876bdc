import { readFileSync } from 'node:fs'
import { schemaFiles, wsdlPath } from '../../contracts/files.ts'

const SCHEMAS = ['pa-per-ente-header.xsd', 'pa-per-ente.xsd']

/** Our WSDL with its schemas inside, so that software can store it as one file. @param address the URL of the service */
export function enteWsdl(address: string): string {
  const files = schemaFiles()
  const schemas = SCHEMAS.map((name) => inline(Buffer.from(files.get(name)!).toString('utf8')))
  return readFileSync(wsdlPath('PaPerEnte'), 'utf8')
    .replace(/(<wsdl:types>)[\s\S]*(<\/wsdl:types>)/, (_, start, end) => [start, ...schemas, end].join('\n'))
    .replace(/(<soap:address location=")[^"]*/, (_, start) => `${start}${address}`)
}

/** A schema without its XML declaration and without file names: inside one document schemas refer to each other by namespace alone. */
const inline = (schema: string): string =>
  schema.replace(/<\?xml[^>]*\?>\s*/, '').replace(/ schemaLocation="[^"]*"/g, '')
