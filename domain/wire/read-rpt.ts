import type { AskedParties, AskedParty } from '../payment/receipt-check.ts'
import { child, children, readTree, textOf, type XmlTree } from './xml-tree.ts'

/** Parties of an RPT; undefined when it cannot be read, because that must never refuse a receipt. */
export function tryReadAsked(xml: string): AskedParties | undefined {
  try {
    return readAsked(xml)
  } catch {
    return undefined
  }
}

function readAsked(xml: string): AskedParties {
  const root = readTree(xml)
  const [versante] = children(root, 'soggettoVersante')
  return {
    pagatore: party(child(root, 'soggettoPagatore'), 'Pagatore', 'anagrafica'),
    versante: versante ? party(versante, 'Versante', 'anagrafica') : null,
    beneficiary: party(child(root, 'enteBeneficiario'), 'Beneficiario', 'denominazione'),
  }
}

function party(of: XmlTree, role: string, nameOf: string): AskedParty {
  const id = child(of, `identificativoUnivoco${role}`)
  return { codice: textOf(id, 'codiceIdentificativoUnivoco'), name: textOf(of, `${nameOf}${role}`) }
}
