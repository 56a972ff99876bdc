import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkForm } from './check.ts'
import { type FormDefinitionInput, formDefinitionSchema } from './definition.ts'

const today = '2026-03-31'

const sala = formDefinitionSchema.parse({
  fields: [
    {
      kind: 'choice',
      id: 'sala',
      label: 'Sala',
      options: [
        { value: 'civica', label: 'Sala civica' },
        { value: 'palestra', label: 'Palestra' },
      ],
    },
    { kind: 'date', id: 'giorno', label: 'Giorno', only: 'future' },
    { kind: 'number', id: 'ore', label: 'Ore', min: 1, max: 12 },
    { kind: 'text', id: 'nota', label: 'Nota', required: false, maxLength: 20 },
    { kind: 'text', id: 'intestatario', label: 'Intestatario', required: false, format: 'fiscal_id' },
    { kind: 'amount_typed', id: 'importo', label: 'Importo', max: 100_000 },
  ],
  causale: 'Utilizzo ${sala} del ${giorno} ore ${ore} ${nota}',
})

const good = { sala: 'palestra', giorno: '31/03/2026', ore: '2', importo: '45,5' }

describe('a form filled in well', () => {
  it('gives amount, causale and the values as they are kept', () => {
    expect(checkForm(sala, good, { today })).toEqual({
      ok: true,
      importo: 4550,
      causale: 'Utilizzo Palestra del 31/03/2026 ore 2',
      values: {
        sala: 'palestra',
        giorno: '2026-03-31',
        ore: '2',
        nota: '',
        intestatario: '',
        importo: '45,50',
      },
    })
  })

  it('tidies what people type and refuses nothing for a blank', () => {
    const answer = checkForm(
      sala,
      { ...good, ore: ' 02 ', nota: '  torneo   di\tcarte ', intestatario: 'bncchr85h52m999m' },
      { today },
    )
    expect(answer).toMatchObject({
      ok: true,
      causale: 'Utilizzo Palestra del 31/03/2026 ore 2 torneo di carte',
      values: { ore: '2', nota: 'torneo di carte', intestatario: 'BNCCHR85H52M999M' },
    })
  })

  it('gives the same answer when its own values are checked again', () => {
    const typed = fc.record({
      giorno: fc.constantFrom('31/3/2026', '2027-01-01', '1.4.2026'),
      ore: fc.constantFrom('1', '012', '12 '),
      nota: fc.string({ maxLength: 30 }),
      importo: fc
        .integer({ min: 1, max: 100_000 })
        .map((n) => `${Math.trunc(n / 100)},${String(n % 100).padStart(2, '0')}`),
    })
    fc.assert(
      fc.property(typed, (values) => {
        const first = checkForm(sala, { ...good, ...values }, { today })
        if (first.ok) expect(checkForm(sala, first.values, { today })).toEqual(first)
        else expect(Object.keys(first.problems)).toEqual(['nota'])
      }),
    )
  })

  it('takes a fixed amount from the definition, not from the browser', () => {
    const fixed: FormDefinitionInput = {
      fields: [{ kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 1600 }],
      causale: 'Carta di identità ${importo}',
    }
    expect(checkForm(formDefinitionSchema.parse(fixed), { importo: '0,01' }, { today })).toEqual({
      ok: true,
      importo: 1600,
      causale: 'Carta di identità 16,00 €',
      values: { importo: '16,00' },
    })
  })
})

describe('a form filled in badly', () => {
  it.each([
    ['sala', 'cantina', 'Sala: scegli una delle voci dell’elenco'],
    ['sala', '', 'Sala: compila questo campo, è obbligatorio'],
    ['sala', ['civica', 'palestra'], 'Sala: compila questo campo, è obbligatorio'],
    [
      'giorno',
      '31/02/2026',
      'Giorno: scrivi una data che esiste, giorno, mese e anno, per esempio 31/03/2026',
    ],
    ['giorno', '30/03/2026', 'Giorno: scegli il giorno di oggi o uno futuro'],
    ['ore', '0', 'Ore: scrivi un numero intero da 1 a 12, senza altri segni'],
    ['ore', '13', 'Ore: scrivi un numero intero da 1 a 12, senza altri segni'],
    ['ore', '1,5', 'Ore: scrivi un numero intero da 1 a 12, senza altri segni'],
    ['ore', '1e1', 'Ore: scrivi un numero intero da 1 a 12, senza altri segni'],
    ['nota', 'x'.repeat(21), 'Nota: scrivi al massimo 20 caratteri'],
    ['nota', 'a\u0000b', 'Nota: scrivi solo lettere, numeri e segni di punteggiatura'],
    ['nota', 'x'.repeat(2000), 'Nota: scrivi al massimo 1024 caratteri'],
    [
      'intestatario',
      'BNCCHR85H52M999N',
      'Intestatario: scrivi i 16 caratteri del codice fiscale oppure le 11 cifre della partita IVA, come sulla tessera',
    ],
    [
      'importo',
      '10.5',
      'Importo: scrivi l’importo in euro con la virgola prima dei centesimi, per esempio 10 oppure 10,50 oppure 1.234,50',
    ],
    ['importo', '0', 'Importo: scrivi un importo maggiore di zero'],
    ['importo', '1.000,01', 'Importo: scrivi un importo non superiore a 1.000,00 €'],
  ])('%s = %j: how to put it right', (id, value, problem) => {
    expect(checkForm(sala, { ...good, [id]: value }, { today })).toEqual({
      ok: false,
      problems: { [id]: problem },
    })
  })

  it('tells every problem at once', () => {
    const answer = checkForm(sala, {}, { today })
    expect(answer).toMatchObject({ ok: false })
    expect(Object.keys(answer.ok ? {} : answer.problems)).toEqual(['sala', 'giorno', 'ore', 'importo'])
  })

  it('wants a past day where the day has been', () => {
    const verbale = formDefinitionSchema.parse({
      fields: [
        { kind: 'date', id: 'giorno', label: 'Giorno', only: 'past' },
        { kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 100 },
      ],
      causale: 'Verbale del ${giorno}',
    })
    expect(checkForm(verbale, { giorno: today }, { today })).toMatchObject({ ok: true })
    expect(checkForm(verbale, { giorno: '2026-04-01' }, { today })).toEqual({
      ok: false,
      problems: { giorno: 'Giorno: scegli il giorno di oggi o uno passato' },
    })
  })

  it('never throws, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('sala', 'giorno', 'ore', 'nota', 'importo', '__proto__'),
          fc.anything(),
        ),
        (values) => {
          const answer = checkForm(sala, values, { today })
          expect(answer.ok ? answer.causale.length : 0).toBeLessThanOrEqual(140)
        },
      ),
    )
  })
})

describe('formats of text', () => {
  const formOf = (format: 'code' | 'targa') =>
    formDefinitionSchema.parse({
      fields: [
        { kind: 'text', id: 'valore', label: 'Valore', format },
        { kind: 'amount_fixed', id: 'importo', label: 'Importo', importo: 100 },
      ],
      causale: 'Prova',
    })

  it.each([
    ['targa', ' ab 123-cd ', 'AB123CD'],
    ['code', ' v/1234-2026 ', 'V/1234-2026'],
  ] as const)('%s: %j is kept as %s', (format, typed, value) => {
    expect(checkForm(formOf(format), { valore: typed }, { today })).toMatchObject({
      ok: true,
      values: { valore: value },
    })
  })

  it.each([
    ['targa', 'AB_123', 'Valore: scrivi la targa senza spazi, per esempio AB123CD'],
    ['code', '<b>', 'Valore: usa lettere, numeri, barra, punto o trattino, per esempio 1234/2026'],
  ] as const)('%s: %j is refused', (format, typed, problem) => {
    expect(checkForm(formOf(format), { valore: typed }, { today })).toEqual({
      ok: false,
      problems: { valore: problem },
    })
  })
})
