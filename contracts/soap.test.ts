import { describe, expect, it } from 'vitest'
import { violations } from './schemas.ts'
import { readSoap, type SoapMessage } from './soap.ts'

const NAMES = {
  s: 'http://schemas.xmlsoap.org/soap/envelope/',
  ws: 'http://ws.pagamenti.telematici.gov/',
  h: 'http://ws.pagamenti.telematici.gov/ppthead',
}
const KEY = [
  'identificativoIntermediarioPA',
  'identificativoStazioneIntermediarioPA',
  'identificativoDominio',
]
const fields = (names: string[]): string => names.map((name) => `<${name}>77777777777</${name}>`).join('')
const PAYMENT = fields([...KEY, 'identificativoUnivocoVersamento', 'codiceContestoPagamento'])
const CART = fields([...KEY.slice(0, 2), 'identificativoCarrello'])
const paymentHeader = (attributes = ''): string =>
  `<h:intestazionePPT${attributes}>${PAYMENT}</h:intestazionePPT>`
const DELIVERY = '<ws:paaInviaRT><tipoFirma></tipoFirma><rt>PFJUPjwvUlQ+</rt></ws:paaInviaRT>'

function envelope(header: string, body: string, names: Record<string, string> = NAMES): Buffer {
  const declared = Object.entries(names).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  return Buffer.from(
    `<s:Envelope${declared.join('')}><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  )
}

function mustRead(bytes: Uint8Array): SoapMessage {
  const message = readSoap('pa-per-nodo', bytes)
  if (!message.ok) throw new Error(message.violations.join())
  return message
}

describe('a message that is right', () => {
  it('is split into header and body, each a standalone document', () => {
    const { operation, header, body } = mustRead(envelope(paymentHeader(), DELIVERY))
    expect(operation).toBe('paaInviaRT')
    expect(violations('pa-per-nodo', Buffer.from(header!))).toEqual([])
    expect(violations('pa-per-nodo', Buffer.from(body))).toEqual([])
  })

  it('keeps characters beyond ASCII whole, also in long texts', () => {
    const long = `<tipoFirma>${'è€'.repeat(40_000)}</tipoFirma>`
    const { body } = mustRead(envelope(paymentHeader(), DELIVERY.replace('<tipoFirma></tipoFirma>', long)))
    expect(body).toContain(long)
  })

  it('may have actor and mustUnderstand in its header', () => {
    const header = paymentHeader(' s:mustUnderstand="1" s:actor="urn:nodo"')
    expect(mustRead(envelope(header, DELIVERY)).operation).toBe('paaInviaRT')
  })

  it('may have comments and processing instructions between its parts', () => {
    const text = envelope(paymentHeader(), DELIVERY).toString()
    const odd = text.replace(/(<s:Header>|<s:Body>|<\/s:Header>|<rt>)/g, '<?x?><!--y-->$1<?x?><!--y-->')
    expect(mustRead(Buffer.from(odd)).operation).toBe('paaInviaRT')
  })

  it('may have xsi:type with the types that the node publishes, and no others', () => {
    const says = (name: string, type: string) => (xml: string) =>
      xml.replaceAll(new RegExp(`<(\\w+:)?${name}>`, 'g'), (tag) =>
        tag.replace('>', ` xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="${type}">`),
      )
    const header = says('identificativoDominio', 'h:stText35')(paymentHeader())
    const right = says('paaInviaRT', 'ws:paaInviaRT')(DELIVERY)
    expect(mustRead(envelope(header, right)).operation).toBe('paaInviaRT')
    for (const wrong of [
      envelope(says('identificativoDominio', 'ws:stText35')(paymentHeader()), DELIVERY),
      envelope(paymentHeader(), says('paaInviaRT', 'ws:rtDelivery')(DELIVERY)),
      envelope(paymentHeader(), says('rt', 'ws:stText35')(DELIVERY)),
    ])
      expect(readSoap('pa-per-nodo', wrong)).toMatchObject({ ok: false, reason: 'invalid' })
  })

  it('may carry headers of others', () => {
    const other = '<x:Security xmlns:x="urn:x"><x:a/></x:Security>'
    expect(mustRead(envelope(other + paymentHeader(), DELIVERY)).operation).toBe('paaInviaRT')
  })

  it('has the header of its own service', () => {
    const ente = 'http://www.regione.veneto.it/pagamenti/ente/'
    const ask = '<ws:paaSILAutorizzaImportFlusso/>'
    const read = (head: string) =>
      readSoap(
        'pa-per-ente',
        envelope('<h:intestazionePPT><codIpaEnte>C_Q999</codIpaEnte></h:intestazionePPT>', ask, {
          ...NAMES,
          ws: ente,
          h: head,
        }),
      )
    expect(read(`${ente}ppthead`)).toMatchObject({ ok: true, operation: 'paaSILAutorizzaImportFlusso' })
    expect(read(NAMES.h)).toMatchObject({ ok: false, reason: 'invalid' })
  })

  it('may be an answer, which has no header', () => {
    const answer = '<paaInviaRTRisposta><esito>OK</esito></paaInviaRTRisposta>'
    const message = mustRead(envelope('', `<ws:paaInviaRTRisposta>${answer}</ws:paaInviaRTRisposta>`))
    expect(message).toMatchObject({ operation: 'paaInviaRTRisposta', header: undefined })
  })
})

describe('a message that is wrong', () => {
  it.each([
    ['invalid', 'no header', envelope('', DELIVERY)],
    ['invalid', 'two headers', envelope(paymentHeader() + paymentHeader(), DELIVERY)],
    [
      'invalid',
      'the header of a cart',
      envelope(`<h:intestazioneCarrelloPPT>${CART}</h:intestazioneCarrelloPPT>`, DELIVERY),
    ],
    [
      'invalid',
      'a header with an empty field',
      envelope(paymentHeader().replace('>77777777777<', '><'), DELIVERY),
    ],
    ['invalid', 'a body that is no base64', envelope(paymentHeader(), DELIVERY.replace('PFJ', '!'))],
    [
      'invalid',
      'a body in another namespace',
      envelope(paymentHeader(), DELIVERY, { ...NAMES, ws: 'urn:x' }),
    ],
    ['invalid', 'an operation of another service', envelope('', '<ws:nodoChiediStatoRPT/>')],
    ['invalid', 'a header as body', envelope('', paymentHeader())],
    ['not_soap', 'an empty body', envelope(paymentHeader(), '')],
    ['not_soap', 'two messages', envelope(paymentHeader(), DELIVERY + DELIVERY)],
    [
      'not_soap',
      'SOAP 1.2',
      envelope(paymentHeader(), DELIVERY, { ...NAMES, s: 'http://www.w3.org/2003/05/soap-envelope' }),
    ],
    ['not_soap', 'a bare document', Buffer.from('<a/>')],
    ['malformed', 'no XML', Buffer.from('<html><p></html>')],
    ['doctype', 'a DOCTYPE', Buffer.from('<!DOCTYPE a><a/>')],
    ['encoding', 'an unknown encoding', Buffer.from('<?xml version="1.0" encoding="klingon"?><a/>')],
  ])('%s: %s', (reason, _what, bytes) => {
    expect(readSoap('pa-per-nodo', bytes)).toMatchObject({ ok: false, reason })
  })

  it('a SOAP fault is refused with its code', () => {
    const fault =
      '<s:Fault><faultcode>s:Server</faultcode><faultstring>PPT_SYSTEM_ERROR</faultstring></s:Fault>'
    const message = readSoap('nodo-per-pa', envelope('', fault))
    expect(message).toMatchObject({ ok: false, reason: 'soap_fault', violations: ['s:Server'] })
  })

  it('names element and rule and the operation, never the value', () => {
    const header = paymentHeader().replace('77777777777', `RSSMRA80A01H501U${'x'.repeat(30)}`)
    expect(readSoap('pa-per-nodo', envelope(header, DELIVERY))).toEqual({
      ok: false,
      reason: 'invalid',
      operation: 'paaInviaRT',
      violations: ['identificativoIntermediarioPA breaks maxLength'],
    })
  })
})

describe('nodoChiediStatoRPT refused without esito', () => {
  const FAULT =
    '<fault><faultCode>PPT_RPT_SCONOSCIUTA</faultCode><faultString>x</faultString><id>NodoDeiPagamentiSPC</id></fault>'
  const answer = (content: string): Buffer =>
    envelope('', `<ws:nodoChiediStatoRPTRisposta>${content}</ws:nodoChiediStatoRPTRisposta>`)

  it('is accepted', () => {
    expect(readSoap('nodo-per-pa', answer(FAULT))).toMatchObject({
      ok: true,
      operation: 'nodoChiediStatoRPTRisposta',
    })
  })

  it('is refused when there is no fault either, or the fault is wrong', () => {
    expect(readSoap('nodo-per-pa', answer(''))).toMatchObject({ reason: 'invalid' })
    const broken = FAULT.replace('<faultString>x</faultString>', '')
    expect(readSoap('nodo-per-pa', answer(broken))).toMatchObject({ reason: 'invalid' })
  })
})
