import { ADDRESS_PARTS } from '../address.ts'
import { wireImporto, cents } from '../money.ts'
import type { Person } from '../person.ts'
import { plainCausale } from '../causale.ts'
import type { PaaFault } from './node.ts'
import { buildSoap, NODE_NAMESPACE, type XmlContent } from './soap.ts'
import { centsOf } from './values.ts'
import { child, children, optionalText, textOf, type XmlTree } from './xml-tree.ts'

export type NoticeOperation = 'paaVerificaRPT' | 'paaAttivaRPT'

/** The answer to a PSP about a notice that can be paid. */
export interface PayableNotice {
  importoCents: number
  iban: string
  causale: string
}

export type NoticeReply = { fault: PaaFault } | { notice: PayableNotice }

/** Longest causale of the answer. Source: docs/field/node-messages.md#a-psp-asks. */
const MAX_CAUSALE = 140

/** The answer wraps an inner element of the same name. Beside a fault it has only `esito`. */
export function buildNoticeReply(operation: NoticeOperation, reply: NoticeReply): Uint8Array {
  const name = `${operation}Risposta`
  const inner: XmlContent =
    'fault' in reply
      ? { fault: { ...reply.fault }, esito: 'KO' }
      : { esito: 'OK', datiPagamentoPA: paymentOf(reply.notice) }
  return buildSoap({ body: { namespace: NODE_NAMESPACE, name, content: { [name]: inner } } })
}

const paymentOf = (notice: PayableNotice): XmlContent => ({
  importoSingoloVersamento: wireImporto(cents(notice.importoCents)),
  ibanAccredito: notice.iban,
  causaleVersamento: plainCausale(notice.causale).trim().slice(0, MAX_CAUSALE),
})

export interface ReadActivation {
  activation: { psp: string; broker: string; channel: string; importoCents: number }
  /** Who pays at the counter, if the PSP sent it. */
  versante: Person | undefined
}

/** Reads the body of `paaAttivaRPT`, which must be validated already. */
export function readActivation(body: XmlTree): ReadActivation {
  const payment = child(body, 'datiPagamentoPSP')
  const [versante] = children(payment, 'soggettoVersante')
  return {
    activation: {
      psp: textOf(body, 'identificativoPSP'),
      broker: textOf(body, 'identificativoIntermediarioPSP'),
      channel: textOf(body, 'identificativoCanalePSP'),
      importoCents: centsOf(payment, 'importoSingoloVersamento'),
    },
    versante: versante && personOf(versante),
  }
}

function personOf(of: XmlTree): Person {
  const id = child(of, 'identificativoUnivocoVersante')
  const email = optionalText(of, 'e-mailVersante')
  const given = ADDRESS_PARTS.flatMap((field) => {
    const value = optionalText(of, `${field}Versante`)
    return value === null ? [] : [[field, value]]
  })
  return {
    tipo: textOf(id, 'tipoIdentificativoUnivoco') === 'G' ? 'G' : 'F',
    codice: textOf(id, 'codiceIdentificativoUnivoco'),
    anagrafica: textOf(of, 'anagraficaVersante'),
    ...(email === null ? {} : { email }),
    ...Object.fromEntries(given),
  }
}
