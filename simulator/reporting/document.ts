import { escapeText } from '../html.ts'
import { NS } from '../psp/receipt-xml.ts'
import { localTime } from './days.ts'
import type { Flow, FlowHeader, FlowRow } from './flow.ts'
import { rowsOf } from './rows.ts'

const KINDS: Record<FlowHeader['senderType'], string> = { LEGAL_PERSON: 'G', ABI_CODE: 'A', BIC_CODE: 'B' }

/** The document FlussoRiversamento 1.0.4 of a flow. Text is put together, because a tree of 100,000 rows is large. */
export function writeDocument(flow: Flow): string {
  const parts = [`<?xml version="1.0" encoding="UTF-8"?><FlussoRiversamento xmlns="${NS}">`, head(flow)]
  for (const row of rowsOf(flow.rows)) parts.push(payment(row))
  parts.push('</FlussoRiversamento>')
  return parts.join('')
}

function head({ fdr, flowDate, header, totPayments, sumPayments }: Flow): string {
  const { senderType, sender, senderName, receiver, receiverName, bic } = header
  return (
    element('versioneOggetto', '1.0') +
    element('identificativoFlusso', fdr) +
    element('dataOraFlusso', localTime(flowDate)) +
    element('identificativoUnivocoRegolamento', header.regulation) +
    element('dataRegolamento', header.regulationDate) +
    `<istitutoMittente>${party('Mittente', KINDS[senderType], sender, senderName)}</istitutoMittente>` +
    (bic === undefined ? '' : element('codiceBicBancaDiRiversamento', bic)) +
    `<istitutoRicevente>${party('Ricevente', 'G', receiver, receiverName)}</istitutoRicevente>` +
    element('numeroTotalePagamenti', String(totPayments)) +
    element('importoTotalePagamenti', sumPayments)
  )
}

function party(role: string, kind: string, code: string, name: string): string {
  const id = element('tipoIdentificativoUnivoco', kind) + element('codiceIdentificativoUnivoco', code)
  const wrapped = `<identificativoUnivoco${role}>${id}</identificativoUnivoco${role}>`
  return wrapped + element(`denominazione${role}`, name)
}

function payment({ iuv, iur, idTransfer, pay, code, payDate }: FlowRow): string {
  const index = idTransfer === undefined ? '' : element('indiceDatiSingoloPagamento', String(idTransfer))
  return (
    `<datiSingoliPagamenti>${element('identificativoUnivocoVersamento', iuv)}` +
    element('identificativoUnivocoRiscossione', iur) +
    index +
    element('singoloImportoPagato', pay) +
    element('codiceEsitoSingoloPagamento', String(code)) +
    `${element('dataEsitoSingoloPagamento', payDate)}</datiSingoliPagamenti>`
  )
}

const element = (name: string, text: string): string => `<${name}>${escapeText(text)}</${name}>`
