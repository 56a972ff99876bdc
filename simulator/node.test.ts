import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  aRpt,
  callNode,
  DOMAIN,
  IBAN,
  OTHER_DOMAIN,
  otherMessage,
  readMessage,
  sendCartMessage,
  sendRptMessage,
  sessionOf,
  type Envelope,
  type RptSample,
} from './testing/messages.ts'
import { setStage, until, type Stage } from './testing/stage.ts'
import { childrenOf, child, textAt } from './xml-tree.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage({
    domains: { [DOMAIN]: [IBAN], [OTHER_DOMAIN]: [IBAN], '66666666666': [IBAN] },
    disabledDomains: ['66666666666'],
  })
})
afterAll(() => stage.close())
beforeEach(() => stage.simulator.reset())

const sendRpt = (rpt: RptSample, env?: Partial<Envelope>) =>
  callNode(stage.simulator.nodeUrl, 'nodoInviaRPT', sendRptMessage(rpt, env))
const sendCart = (idCart: string, rpts: RptSample[], multi = false) =>
  callNode(stage.simulator.nodeUrl, 'nodoInviaCarrelloRPT', sendCartMessage(rpts, { idCart, multi }))
const ask = (operation: string, rpt: RptSample) =>
  callNode(stage.simulator.nodeUrl, operation, readMessage(operation, rpt))
const states = async (rpt: RptSample) =>
  childrenOf(child((await ask('nodoChiediStatoRPT', rpt)).body, 'esito'), 'elementoStoricoRPT').map((step) =>
    textAt(step, 'stato'),
  )

describe('checks of the node, in its order', () => {
  // Each sample is also wrong for every later check, so that the order of the checks is tested too.
  const bad = { iban: 'IT60X0542811101000000123456', executionOn: '2026-03-30' }
  const wrong: [string, string, Partial<RptSample>, Partial<Envelope>][] = [
    ['PPT_PSP_SCONOSCIUTO', 'PSP', bad, { psp: 'X', channel: 'X', pspBroker: 'X', broker: 'X' }],
    ['PPT_PSP_DISABILITATO', 'switched-off PSP', bad, { psp: '60000000002', channel: 'X' }],
    ['PPT_CANALE_SCONOSCIUTO', 'channel', bad, { channel: 'X', pspBroker: 'X', broker: 'X' }],
    ['PPT_INTERMEDIARIO_PSP_SCONOSCIUTO', 'PSP broker', bad, { pspBroker: 'X', broker: 'X' }],
    ['PPT_AUTORIZZAZIONE', 'PSP not of that broker', bad, { pspBroker: '60000000001', broker: 'X' }],
    [
      'PPT_INTERMEDIARIO_PA_SCONOSCIUTO',
      'broker',
      bad,
      { broker: 'X', station: 'X', password: 'sbagliata1' },
    ],
    ['PPT_STAZIONE_INT_PA_SCONOSCIUTA', 'station', bad, { station: 'X', password: 'sbagliata1' }],
    ['PPT_AUTENTICAZIONE', 'password', { ...bad, domain: '12345678901' }, { password: 'sbagliata1' }],
    ['PPT_DOMINIO_SCONOSCIUTO', 'ente', { ...bad, domain: '12345678901', total: '1' }, {}],
    ['PPT_DOMINIO_DISABILITATO', 'switched-off ente', { ...bad, domain: '66666666666' }, {}],
    ['PPT_SINTASSI_XSD', 'document', { ...bad, total: '10' }, {}],
    ['PPT_SEMANTICA', 'IUV of the document', { ...bad, documentIuv: '01000000000000999' }, {}],
    ['PPT_SEMANTICA', 'total', { ...bad, total: '11.00' }, {}],
    ['PPT_SEMANTICA', 'execution day too far', bad, {}],
    ['PPT_SEMANTICA', 'OBEP with two items', { kind: 'OBEP', items: ['4.00', '6.00'] }, {}],
    ['PPT_SEMANTICA', 'PO without CCP', { kind: 'PO' }, {}],
    ['PPT_SEMANTICA', 'AD without an account to debit', { kind: 'AD' }, {}],
    ['PPT_IBAN_NON_CENSITO', 'IBAN', { iban: bad.iban }, {}],
  ]
  it.each(wrong)('%s for a wrong %s', async (code, _what, rpt, env) => {
    const answer = await sendRpt(aRpt(rpt), env)
    expect(answer.status).toBe(200)
    expect(answer.faultCode).toBe(code)
    expect(textAt(answer.body, 'esito')).toBe('KO')
    expect(stage.simulator.state().rpts).toEqual([])
  })

  it('a wrong SOAPAction is refused, a right one is accepted with or without quotes', async () => {
    const call = (action: string) =>
      callNode(stage.simulator.nodeUrl, 'nodoInviaRPT', sendRptMessage(aRpt()), action)
    expect((await call('"paaInviaRT"')).faultCode).toBe('PPT_SOAPACTION_ERRATA')
    expect(textAt((await call('nodoInviaRPT')).body, 'esito')).toBe('OK')
  })

  it('an envelope out of schema is PPT_SINTASSI_EXTRAXSD, also with six RPTs', async () => {
    const rpts = Array.from({ length: 6 }, (_, n) => aRpt({ iuv: `0100000000000014${n}` }))
    const answer = await sendCart('CART6', rpts)
    expect(answer.faultCode).toBe('PPT_SINTASSI_EXTRAXSD')
    expect(textAt(answer.body, 'esitoComplessivoOperazione')).toBe('KO')
  })

  it('bytes that are no XML get the fault bean of the SOAPAction, or a SOAP Fault without one', async () => {
    const url = stage.simulator.nodeUrl
    expect((await callNode(url, 'nodoInviaRPT', '<x')).faultCode).toBe('PPT_SINTASSI_EXTRAXSD')
    const stranger = await callNode(url, 'altro', '<!DOCTYPE x><x/>')
    expect(stranger.status).toBe(500)
    expect(stranger.text).toContain('Fault')
  })
})

describe('carts', () => {
  const first = aRpt()
  const second = aRpt({ domain: OTHER_DOMAIN, iuv: '01000000000000245', messageId: 'MSG0002' })

  it('a cart of two enti is accepted as a whole and gets one redirect URL', async () => {
    const answer = await sendCart('CART1', [first, second])
    expect(textAt(answer.body, 'esitoComplessivoOperazione')).toBe('OK')
    expect(sessionOf(answer)).not.toBe('')
    const { rpts } = stage.simulator.state()
    expect(rpts.map(({ iuv, idCart, cents }) => [iuv, idCart, cents])).toEqual([
      [first.iuv, 'CART1', 1000],
      [second.iuv, 'CART1', 1000],
    ])
  })

  it('with one bad RPT none is accepted; the fault has its position', async () => {
    const answer = await sendCart('CART1', [first, { ...second, total: '9.00' }])
    const fault = child(child(answer.body, 'listaErroriRPT'), 'fault')
    expect([textAt(fault, 'faultCode'), textAt(fault, 'serial')]).toEqual(['PPT_SEMANTICA', '2'])
    expect(stage.simulator.state().rpts).toEqual([])
  })

  it('the same cart again is PPT_ID_CARRELLO_DUPLICATO, its RPT in another cart PPT_RPT_DUPLICATA', async () => {
    await sendCart('CART1', [first])
    expect((await sendCart('CART1', [first])).faultCode).toBe('PPT_ID_CARRELLO_DUPLICATO')
    expect((await sendCart('CART2', [first])).faultCode).toBe('PPT_RPT_DUPLICATA')
    expect((await sendRpt(first)).faultCode).toBe('PPT_RPT_DUPLICATA')
    expect(stage.simulator.state().rpts).toHaveLength(1)
  })

  it('two versanti in one cart, or one RPT twice, are PPT_SEMANTICA', async () => {
    const other = { ...second, payer: 'VRDLGI70B02F205X' }
    expect((await sendCart('CART1', [first, other])).faultCode).toBe('PPT_SEMANTICA')
    expect((await sendCart('CART1', [first, first])).faultCode).toBe('PPT_SEMANTICA')
  })

  const multiName = `${DOMAIN}301000000000000144-00001`
  const share = { ...second, iuv: first.iuv }
  it('a two-beneficiary cart is accepted', async () => {
    const answer = await sendCart(multiName, [first, share], true)
    expect(textAt(answer.body, 'esitoComplessivoOperazione')).toBe('OK')
  })

  const badMulti: [string, string, RptSample[]][] = [
    ['another name', 'CART1', [first, share]],
    ['one RPT', multiName, [first]],
    ['two IUVs', multiName, [first, second]],
    ['one ente', multiName, [first, { ...first, ccp: 'ALTRO' }]],
    ['two items in the second RPT', multiName, [first, { ...share, items: ['4.00', '6.00'] }]],
    ['two execution days', multiName, [first, { ...share, executionOn: '2026-01-11' }]],
  ]
  it.each(badMulti)('a two-beneficiary cart with %s is PPT_MULTI_BENEFICIARIO', async (_what, name, rpts) => {
    expect((await sendCart(name, rpts, true)).faultCode).toBe('PPT_MULTI_BENEFICIARIO')
  })
})

describe('reads', () => {
  it('an RPT nobody sent is unknown, and its fault comes with and without esito in turn', async () => {
    const answers = [await ask('nodoChiediStatoRPT', aRpt()), await ask('nodoChiediStatoRPT', aRpt())]
    const texts = answers.map(({ text }) => text)
    expect(texts.every((text) => text.includes('PPT_RPT_SCONOSCIUTA'))).toBe(true)
    expect(texts.map((text) => text.includes('<esito>'))).toEqual([true, false])
  })

  it('the state of a parked RPT has its history and the same URL', async () => {
    const sent = await sendCart('CART1', [aRpt()])
    const answer = await ask('nodoChiediStatoRPT', aRpt())
    expect(sessionOf(answer)).toBe(sessionOf(sent))
    expect(await states(aRpt())).toEqual(['RPT_RICEVUTA_NODO', 'RPT_ACCETTATA_NODO', 'RPT_PARCHEGGIATA_NODO'])
  })

  it('a refused document stays refused until a good one comes', async () => {
    await sendCart('CART1', [aRpt({ total: '9.00' })])
    expect(await states(aRpt())).toEqual(['RPT_RICEVUTA_NODO', 'RPT_RIFIUTATA_NODO'])
    await sendCart('CART1', [aRpt()])
    expect(await states(aRpt())).toContain('RPT_PARCHEGGIATA_NODO')
  })

  it('a paid RPT ends in RT_ACCETTATA_PA, and a copy of its RT can be had', async () => {
    const session = sessionOf(await sendCart('CART1', [aRpt()]))
    expect((await ask('nodoChiediCopiaRT', aRpt())).faultCode).toBe('PPT_RT_NONDISPONIBILE')
    await stage.simulator.pay(session)
    await until(() => stage.simulator.state().rts[0]?.status === 'accepted')
    expect((await states(aRpt())).slice(3)).toEqual([
      'RPT_INVIATA_A_PSP',
      'RPT_ACCETTATA_PSP',
      'RPT_RISOLTA_OK',
      'RT_GENERATA_NODO',
      'RT_INVIATA_PA',
      'RT_ACCETTATA_PA',
    ])
    const copy = textAt((await ask('nodoChiediCopiaRT', aRpt())).body, 'rt') ?? ''
    expect(Buffer.from(copy, 'base64').toString()).toBe(stage.station.received.at(-1)?.xml)
  })

  it('the copy of an RT of an unknown RPT is PPT_RT_SCONOSCIUTA', async () => {
    expect((await ask('nodoChiediCopiaRT', aRpt())).faultCode).toBe('PPT_RT_SCONOSCIUTA')
  })

  it('pending RPTs are those without an RT, within the range', async () => {
    const paid = sessionOf(await sendCart('CART1', [aRpt()]))
    await sendCart('CART2', [aRpt({ iuv: '01000000000000245' })])
    await stage.simulator.pay(paid)
    const list = async (fields: string) => {
      const message = otherMessage('nodoChiediListaPendentiRPT', fields)
      const answer = await callNode(stage.simulator.nodeUrl, 'nodoChiediListaPendentiRPT', message)
      return childrenOf(child(answer.body, 'listaRPTPendenti'), 'rptPendente').map((rpt) =>
        textAt(rpt, 'identificativoUnivocoVersamento'),
      )
    }
    expect(await list('<dimensioneLista>10</dimensioneLista>')).toEqual(['01000000000000245'])
    const old = '<rangeDa>2020-01-01T00:00:00</rangeDa><rangeA>2020-01-02T00:00:00</rangeA>'
    expect(await list(`${old}<dimensioneLista>10</dimensioneLista>`)).toEqual([])
  })

  it('without publications no flow is listed and none is known', async () => {
    const call = (operation: string, fields: string) =>
      callNode(stage.simulator.nodeUrl, operation, otherMessage(operation, fields))
    const list = await call('nodoChiediElencoFlussiRendicontazione', '')
    expect(textAt(list.body, 'elencoFlussiRendicontazione', 'totRestituiti')).toBe('0')
    const flow = await call(
      'nodoChiediFlussoRendicontazione',
      '<identificativoFlusso>F1</identificativoFlusso>',
    )
    expect(flow.faultCode).toBe('PPT_ID_FLUSSO_SCONOSCIUTO')
  })
})

it('an RPT for a PSP counter gets no redirect', async () => {
  const answer = await sendRpt(aRpt({ kind: 'PO', ccp: 'CCP1' }))
  expect([textAt(answer.body, 'esito'), textAt(answer.body, 'redirect')]).toEqual(['OK', '0'])
  expect(await states(aRpt({ ccp: 'CCP1' }))).toContain('RPT_PARCHEGGIATA_NODO_MOD3')
})
