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
  it('gives amount, causale and the values to store', () => {
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

  it('removes extra blanks instead of refusing them', () => {
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
    ['sala', 'cantina', 'notChosen'],
    ['sala', '', 'missing'],
    ['sala', ['civica', 'palestra'], 'missing'],
    ['giorno', '31/02/2026', 'notADay'],
    ['giorno', '30/03/2026', 'notFuture'],
    ['ore', '0', 'notANumber'],
    ['ore', '13', 'notANumber'],
    ['ore', '1,5', 'notANumber'],
    ['ore', '1e1', 'notANumber'],
    ['nota', 'x'.repeat(21), 'tooLong'],
    ['nota', 'a\u0000b', 'format.any'],
    ['nota', 'x'.repeat(2000), 'tooLong'],
    ['intestatario', 'BNCCHR85H52M99', 'format.fiscal_id'],
    ['importo', '10.5', 'amount.malformed'],
    ['importo', '0', 'amount.zero'],
    ['importo', '1.000,01', 'amount.too_big'],
  ])('%s = %j: how to put it right', (id, value, problem) => {
    expect(checkForm(sala, { ...good, [id]: value }, { today })).toEqual({
      ok: false,
      problems: { [id]: expect.objectContaining({ key: `form.problem.${problem}` }) as object },
    })
  })

  it('says which letter a fiscal code would end with', () => {
    expect(checkForm(sala, { ...good, intestatario: 'BNCCHR85H52M999N' }, { today })).toEqual({
      ok: false,
      problems: { intestatario: { key: 'person.letter', values: { letter: 'M', last: 'N' } } },
    })
  })

  it('reports every problem at once', () => {
    const answer = checkForm(sala, {}, { today })
    expect(answer).toMatchObject({ ok: false })
    expect(Object.keys(answer.ok ? {} : answer.problems)).toEqual(['sala', 'giorno', 'ore', 'importo'])
  })

  it('refuses a future day in a field for past days', () => {
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
      problems: { giorno: { key: 'form.problem.notPast', values: {} } },
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
    ['targa', 'AB_123', 'format.targa'],
    ['code', '<b>', 'format.code'],
  ] as const)('%s: %j is refused', (format, typed, problem) => {
    expect(checkForm(formOf(format), { valore: typed }, { today })).toEqual({
      ok: false,
      problems: { valore: { key: `form.problem.${problem}`, values: {} } },
    })
  })
})

const mensa = formDefinitionSchema.parse({
  fields: [
    {
      kind: 'choice',
      id: 'scuola',
      label: { it: 'Scuola', de: 'Schule' },
      options: [
        { value: 'infanzia', label: 'Infanzia' },
        { value: 'primaria', label: 'Primaria' },
      ],
    },
    {
      kind: 'dependent_choice',
      id: 'sede',
      label: 'Sede',
      on: 'scuola',
      options: {
        infanzia: [{ value: 'nord', label: 'Nord' }],
        primaria: [
          { value: 'nord', label: 'Nord' },
          { value: 'sud', label: 'Sud' },
        ],
      },
    },
    {
      kind: 'rows',
      id: 'alunni',
      label: 'Alunno',
      max: 3,
      fields: [
        { kind: 'number', id: 'pasti', label: 'Pasti', min: 1, max: 30 },
        {
          kind: 'choice',
          id: 'fascia',
          label: 'Fascia',
          options: [
            { value: 'a', label: 'A', worth: '2.10' },
            { value: 'b', label: 'B', worth: '4.35' },
          ],
        },
      ],
    },
    { kind: 'money', id: 'credito', label: 'Credito', required: false },
    { kind: 'date', id: 'dal', label: 'Dal', from: -10, to: 10 },
    { kind: 'number', id: 'peso', label: 'Peso', min: 0, max: 9, decimals: 2, required: false },
    {
      kind: 'amount_computed',
      id: 'importo',
      label: 'Importo',
      expression: 'sum(alunni, pasti * worth(fascia)) - credito + if(dal < oggi, 1, 0) + peso / 3',
      max: 20_000,
    },
  ],
  causale: 'Mensa ${scuola} ${sede} pasti ${alunni.pasti}',
  bilancio: [
    { capitolo: 'E1', importo: 'round(totale * 0.9)' },
    { capitolo: 'E2', accertamento: '26/1', importo: 'resto' },
  ],
} satisfies FormDefinitionInput)

const meals = {
  scuola: 'primaria',
  sede: 'sud',
  alunni: '2',
  'alunni.0.pasti': '10',
  'alunni.0.fascia': 'a',
  'alunni.1.pasti': '3',
  'alunni.1.fascia': 'b',
  credito: '',
  dal: '31/03/2026',
  peso: '',
}

describe('a form whose amount is worked out', () => {
  const check = (change: Record<string, unknown> = {}) => checkForm(mensa, { ...meals, ...change }, { today })

  it('sums the rows, splits the bilancio, and gives the same when its own values are checked again', () => {
    const first = check()
    expect(first).toMatchObject({
      ok: true,
      importo: 3405,
      causale: 'Mensa Primaria Sud pasti 10, 3',
      bilancio: [
        { capitolo: 'E1', importo: 3065 },
        { capitolo: 'E2', accertamento: '26/1', importo: 340 },
      ],
      values: { alunni: '2', 'alunni.1.pasti': '3', importo: '34,05' },
    })
    expect(first.ok && checkForm(mensa, first.values, { today })).toEqual(first)
  })

  it('ignores an amount that the browser sends', () => {
    expect(check({ importo: '0,01' })).toMatchObject({ ok: true, importo: 3405 })
  })

  it('rounds halves of a cent up, once, at the end', () => {
    expect(check({ peso: '0,01' })).toMatchObject({ importo: 3405 })
    expect(check({ peso: '0,02' })).toMatchObject({ importo: 3406 })
    expect(check({ dal: '30/03/2026' })).toMatchObject({ importo: 3505 })
  })

  it.each([
    [{ sede: 'est' }, 'sede', 'notChosen'],
    [{ scuola: 'infanzia' }, 'sede', 'notChosen'],
    [{ 'alunni.1.pasti': '' }, 'alunni.1.pasti', 'missing'],
    [{ 'alunni.0.pasti': '31' }, 'alunni.0.pasti', 'notANumber'],
    [{ dal: '20/03/2026' }, 'dal', 'tooEarly'],
    [{ dal: '11/04/2026' }, 'dal', 'tooLate'],
    [{ peso: '1,234' }, 'peso', 'notADecimal'],
    [{ peso: '9,01' }, 'peso', 'notADecimal'],
    [{ credito: '34,05' }, 'importo', 'noAmount'],
    [{ credito: '99,00' }, 'importo', 'noAmount'],
    [{ 'alunni.0.pasti': '30', 'alunni.1.pasti': '30' }, 'importo', undefined],
  ])('%j', (change, id, key) => {
    const answer = check(change)
    if (key === undefined) expect(answer).toMatchObject({ ok: true })
    else expect(answer).toMatchObject({ ok: false, problems: { [id]: { key: `form.problem.${key}` } } })
  })

  it('has as many rows as the page sent, within the limits of the form', () => {
    const rows = { 'alunni.2.pasti': '1', 'alunni.2.fascia': 'a' }
    expect(check({ ...rows, alunni: '3' })).toMatchObject({ importo: 3615 })
    expect(check({ ...rows, alunni: '99' })).toMatchObject({ importo: 3615 })
    expect(check({ alunni: '0' })).toMatchObject({ importo: 2100 })
    expect(check({ alunni: '__proto__' })).toMatchObject({ importo: 2100 })
  })
})
