import { describe, expect, it } from 'vitest'
import {
  exportSummary,
  flowSummary,
  flowWords,
  mailSummary,
  paymentSummary,
  paymentWords,
  returnedWords,
  type WaitingPayment,
} from './process-words.ts'

describe('the summary of a process', () => {
  it.each<[string[], string]>([
    [['Comune di Prova'], '21,75 € · Comune di Prova'],
    [['Comune di Prova', 'Comune di Prova'], '21,75 € · Comune di Prova'],
    [['Comune di Prova', 'Provincia'], '21,75 € · Comune di Prova e un altro ente'],
    [['Comune di Prova', 'Provincia', 'Unione'], '21,75 € · Comune di Prova e altri 2 enti'],
    [[], '21,75 €'],
  ])('names the enti %j', (enti, text) => {
    expect(paymentSummary({ totalCents: 2175, enti })).toBe(text)
  })

  it('names a file, also where the name of its ente is not known', () => {
    expect(flowSummary({ isCheck: false, baseName: 'C_X902-A-1_3', enteName: 'Comune' })).toBe(
      'Flusso C_X902-A-1_3.zip · Comune',
    )
    expect(flowSummary({ isCheck: false, baseName: 'C_X902-A-1_3' })).toBe('Flusso C_X902-A-1_3.zip')
  })

  it('names an export by the days of its kind', () => {
    const ente = { enteName: 'Comune', fromOn: null, toOn: null, dueOn: null }
    expect(exportSummary({ ...ente, fromOn: '2026-01-01', toOn: '2026-06-30' })).toBe(
      'Esportazione dei pagati dal 01/01/2026 al 30/06/2026 · Comune',
    )
    expect(exportSummary({ ...ente, dueOn: '2026-06-30' })).toBe(
      'Esportazione degli scaduti al 30/06/2026 · Comune',
    )
  })

  it('stays below the 400 bytes of the server, whatever the ente is called', () => {
    const long = mailSummary('receipt', paymentSummary({ totalCents: 1, enti: ['\u20ac'.repeat(500)] }))
    expect(long).toMatch(/…$/)
    // The server counts the whole payload: the text as JSON and 22 bytes that name its encoding.
    expect(Buffer.byteLength(JSON.stringify(long)) + 22).toBeLessThanOrEqual(400)
    expect(mailSummary('code')).toBe('Mail con il codice di conferma')
  })
})

describe('what a payment waits for', () => {
  const waiting: WaitingPayment = {
    state: 'requested',
    kind: 'citizen',
    open: 1,
    unhandled: 0,
    isWaitedFor: false,
    attention: null,
    unplacedCents: 0,
    now: '2026-11-30T19:16:00Z',
    lookAt: '2026-11-30T19:21:00Z',
    closesAt: '2026-11-30T20:00:00Z',
  }

  it.each<[Partial<WaitingPayment>, string]>([
    [{}, 'attende la ricevuta, prossimo controllo 20:21'],
    [{ isWaitedFor: true }, 'attende la risposta del nodo all’invio, prossimo controllo 20:21'],
    [{ attention: 'long_wait' }, 'richiede attenzione (long_wait), prossimo controllo 20:21'],
    [{ unplacedCents: 1050 }, 'richiede attenzione (10,50 € da attribuire), prossimo controllo 20:21'],
    [{ unhandled: 1, attention: 'long_wait' }, 'elabora una ricevuta arrivata'],
    [{ state: 'open', open: 0 }, 'attende “Paga”, il carrello si chiude 21:00'],
    [{ state: 'paid', open: 0, unplacedCents: 1050 }, 'richiede attenzione (10,50 € da attribuire)'],
    [{ state: 'paid', open: 0 }, 'Pagato'],
    [{ state: 'expired', open: 0, kind: 'ente' }, 'carrello scaduto, attende l’archiviazione'],
    [{ state: 'expired', open: 0 }, 'Scaduto: nulla è stato inviato'],
  ])('%j', (given, text) => {
    expect(paymentWords({ ...waiting, ...given })).toBe(text)
  })

  it('an hour of another day of Rome has its day', () => {
    const late = { ...waiting, now: '2026-11-30T22:59:00Z' }
    expect(paymentWords({ ...late, lookAt: '2026-11-30T22:59:59Z' })).toMatch(/ controllo 23:59$/)
    expect(paymentWords({ ...late, lookAt: '2026-11-30T23:00:00Z' })).toMatch(
      / controllo 01\/12\/2026 00:00$/,
    )
  })

  it('after the return of the browser it looks within whole seconds', () => {
    expect(returnedWords(60_000)).toMatch(/entro 60 secondi$/)
    expect(returnedWords(1)).toMatch(/entro un secondo$/)
  })
})

it('the process of a file says how far it is', () => {
  expect(flowWords({ state: 'loading', isCheck: false, rowsRead: 15_000 })).toBe(
    'in caricamento, righe lette: 15.000',
  )
  expect(flowWords({ state: 'queued', isCheck: false, rowsRead: 0 })).toBe(
    'attende il suo turno dietro un altro flusso dell’ente',
  )
  expect(flowWords({ state: 'loaded', isCheck: false, rowsRead: 3 })).toBe('Caricato')
})
