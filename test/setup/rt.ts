import type { Knex } from 'knex'
import type { AttemptKey } from '../../domain/payment/model.ts'
import { buildSoap, HEAD_NAMESPACE, NODE_NAMESPACE } from '../../domain/wire/soap.ts'

/** Value of codiceEsitoPagamento. */
export type RtCode = 0 | 1 | 2 | 3 | 4

export interface RtGiven {
  outcome?: RtCode
  /** Paid cents of each position; the default is the amount in the RPT. */
  paid?: number[]
  messageId?: string
  requestMessageId?: string
  iur?: string
  /** Day of the payment, which its items have. */
  paidOn?: string
}

interface AttemptRow {
  domain: string
  iuv: string
  attempt_code: string
  message_id: string
  id: string
}

export interface BuiltReceipt {
  xml: string
  envelope: Uint8Array
  key: AttemptKey
}

/** An RT that a node would send for one of our RPTs. Built without the product's code, so that a mistake there is found. */
export async function buildRtFor(db: Knex, attemptId: string, given: RtGiven = {}): Promise<BuiltReceipt> {
  const attempt = (await db('attempt')
    .join('rpt', 'rpt.attempt_id', 'id')
    .first('*')
    .where({ id: attemptId })) as AttemptRow
  const items = (await db('attempt_item').where({ attempt_id: attemptId }).orderBy('position')) as {
    importo_cents: number
    causale: string
    dati_specifici_riscossione: string
  }[]
  const outcome = given.outcome ?? 0
  const moved = outcome === 0 || outcome === 2 || outcome === 4
  const paid = given.paid ?? items.map((item) => (moved ? item.importo_cents : 0))
  const euro = (cents: number): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
  const singles = items
    .map(
      (item, index) =>
        `<datiSingoloPagamento><singoloImportoPagato>${euro(paid[index]!)}</singoloImportoPagato><esitoSingoloPagamento>${paid[index]! > 0 ? 'ESEGUITO' : 'NON ESEGUITO'}</esitoSingoloPagamento><dataEsitoSingoloPagamento>${given.paidOn ?? '2026-01-10'}</dataEsitoSingoloPagamento><identificativoUnivocoRiscossione>${given.iur ?? 'IUR1'}</identificativoUnivocoRiscossione><causaleVersamento>${item.causale}</causaleVersamento><datiSpecificiRiscossione>${item.dati_specifici_riscossione}</datiSpecificiRiscossione></datiSingoloPagamento>`,
    )
    .join('')
  const total = paid.reduce((sum, cents) => sum + cents, 0)
  const xml = `<?xml version="1.0" encoding="UTF-8"?><RT xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/"><versioneOggetto>6.2.0</versioneOggetto><dominio><identificativoDominio>${attempt.domain}</identificativoDominio></dominio><identificativoMessaggioRicevuta>${given.messageId ?? 'RIC1'}</identificativoMessaggioRicevuta><dataOraMessaggioRicevuta>2026-01-10T10:05:00</dataOraMessaggioRicevuta><riferimentoMessaggioRichiesta>${given.requestMessageId ?? attempt.message_id}</riferimentoMessaggioRichiesta><riferimentoDataRichiesta>2026-01-10</riferimentoDataRichiesta><istitutoAttestante><identificativoUnivocoAttestante><tipoIdentificativoUnivoco>G</tipoIdentificativoUnivoco><codiceIdentificativoUnivoco>60000000001</codiceIdentificativoUnivoco></identificativoUnivocoAttestante><denominazioneAttestante>PSP di prova</denominazioneAttestante></istitutoAttestante><enteBeneficiario><identificativoUnivocoBeneficiario><tipoIdentificativoUnivoco>G</tipoIdentificativoUnivoco><codiceIdentificativoUnivoco>${attempt.domain}</codiceIdentificativoUnivoco></identificativoUnivocoBeneficiario><denominazioneBeneficiario>Comune di Prova</denominazioneBeneficiario></enteBeneficiario><soggettoPagatore><identificativoUnivocoPagatore><tipoIdentificativoUnivoco>F</tipoIdentificativoUnivoco><codiceIdentificativoUnivoco>BNCCHR85H52M999M</codiceIdentificativoUnivoco></identificativoUnivocoPagatore><anagraficaPagatore>Chiara Bianchi</anagraficaPagatore></soggettoPagatore><datiPagamento><codiceEsitoPagamento>${outcome}</codiceEsitoPagamento><importoTotalePagato>${euro(total)}</importoTotalePagato><identificativoUnivocoVersamento>${attempt.iuv}</identificativoUnivocoVersamento><CodiceContestoPagamento>${attempt.attempt_code}</CodiceContestoPagamento>${singles}</datiPagamento></RT>`
  const key = { domain: attempt.domain, iuv: attempt.iuv, attemptCode: attempt.attempt_code }
  return { xml, key, envelope: envelopeFor(key, xml) }
}

export interface EnvelopeGiven {
  broker?: string
  station?: string
}

/** A paaInviaRT message of the node around any document. */
export function envelopeFor(
  key: AttemptKey,
  document: string | Uint8Array,
  given: EnvelopeGiven = {},
): Uint8Array {
  return buildSoap({
    header: {
      namespace: HEAD_NAMESPACE,
      name: 'intestazionePPT',
      content: {
        identificativoIntermediarioPA: given.broker ?? '99999900014',
        identificativoStazioneIntermediarioPA: given.station ?? '99999900014_01',
        identificativoDominio: key.domain,
        identificativoUnivocoVersamento: key.iuv,
        codiceContestoPagamento: key.attemptCode,
      },
    },
    body: {
      namespace: NODE_NAMESPACE,
      name: 'paaInviaRT',
      content: { tipoFirma: '', rt: Buffer.from(document as string).toString('base64') },
    },
  })
}
