import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type WsdlName = 'NodoPerPa' | 'PaPerEnte' | 'PaPerNodo' | 'PaPerNodoPagamentoPsp'

/** Path of a WSDL, for a SOAP library that resolves its imports from disk. */
export function wsdlPath(name: WsdlName): string {
  return join(contractsFolder(), 'wsdl', `${name}.wsdl`)
}

/** All schema files by name ("rpt-rt.xsd"). */
export function schemaFiles(): Map<string, Uint8Array> {
  const folder = join(contractsFolder(), 'xsd')
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))]))
}

/** The compiler copies neither WSDL nor XSD to `dist/contracts`, so the folder with the sources is searched upwards. */
function contractsFolder(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dir !== dirname(dir); dir = dirname(dir)) {
    const candidate = join(dir, 'contracts')
    if (existsSync(join(candidate, 'wsdl'))) return candidate
  }
  throw new Error('the contracts folder with wsdl/ and xsd/ is missing from this installation')
}
