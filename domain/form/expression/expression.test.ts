import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateNumber, NoResult, type Value, type Values } from './evaluate.ts'
import { ExpressionError, parseExpression } from './parse.ts'
import { parseDecimal, rational, round, whole, type Rational } from './rational.ts'
import { FUNCTIONS, typeOf, type Names } from './types.ts'

const NAMES: Names = new Map<
  string,
  Parameters<typeof typeOf>[1] extends ReadonlyMap<string, infer T> ? T : never
>([
  ['pasti', { is: 'number' }],
  ['prezzo', { is: 'number' }],
  ['fascia', { is: 'choice' }],
  ['dal', { is: 'day' }],
  ['al', { is: 'day' }],
  [
    'alunni',
    {
      is: 'rows',
      names: new Map([
        ['giorni', { is: 'number' }],
        ['classe', { is: 'choice' }],
      ]),
    },
  ],
])

const row = (giorni: number, classe: string, worth: string): Values =>
  new Map<string, Value>([
    ['giorni', { is: 'number', value: whole(giorni) }],
    ['classe', { is: 'text', value: classe, worth: parseDecimal(worth) }],
  ])

const VALUES: Values = new Map<string, Value>([
  ['pasti', { is: 'number', value: whole(22) }],
  ['prezzo', { is: 'number', value: parseDecimal('4.35') }],
  ['fascia', { is: 'text', value: 'b', worth: parseDecimal('3.10') }],
  ['dal', { is: 'day', value: '2026-02-27' }],
  ['al', { is: 'day', value: '2026-03-02' }],
  ['alunni', { is: 'rows', rows: [row(10, 'prima', '1.5'), row(3, 'terza', '2')] }],
])

const show = ({ n, d }: Rational): string => (d === 1n ? String(n) : `${n}/${d}`)
const result = (text: string): string => show(evaluateNumber(parseExpression(text), VALUES))

describe('the result of an expression', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['10 - 2 - 3', '5'],
    ['8 / 4 / 2', '1'],
    ['-pasti + 30', '8'],
    ['pasti * prezzo', '957/10'],
    ['4.35 * 100', '435'],
    ['0.1 + 0.2', '3/10'],
    ['pasti * worth(fascia)', '341/5'],
    ["if(fascia == 'b', 1, 2)", '1'],
    ["if(fascia != 'b' or pasti >= 22 and not (prezzo > 5), 1, 2)", '1'],
    ['if(pasti == 0, 1 / (pasti - 22), 5)', '5'],
    ['min(3, 1, 2)', '1'],
    ['max(pasti, 100)', '100'],
    ['round(10 / 3)', '333/100'],
    ['round(2.5, 0)', '3'],
    ['round(-2.5, 0)', '-3'],
    ['floor(7 / 2) + ceil(7 / 2)', '7'],
    ['floor(-7 / 2)', '-4'],
    ['days(dal, al)', '3'],
    ['if(al > dal, 1, 0)', '1'],
    ['count(alunni)', '2'],
    ['sum(alunni, giorni * worth(classe))', '21'],
    ["sum(alunni, if(classe == 'prima', giorni, 0) * pasti)", '220'],
  ])('%s = %s', (text, wanted) => {
    expect(typeOf(parseExpression(text), NAMES)).toEqual({ is: 'number' })
    expect(result(text)).toBe(wanted)
  })

  it.each(['pasti / 0', '1 / (pasti - 22)', 'worth(fascia) / 0'])('%s gives no amount', (text) => {
    expect(() => result(text)).toThrow(NoResult)
  })

  it('a date left empty gives no amount', () => {
    const values = new Map([...VALUES].filter(([id]) => id !== 'al'))
    expect(() => evaluateNumber(parseExpression('days(dal, al)'), values)).toThrow(NoResult)
  })
})

describe('a wrong expression is refused when the form is saved', () => {
  it.each([
    ['', /ends too early/],
    ['1 +', /ends too early/],
    ['1 2', /"2" is out of place/],
    ['(1', /"\)" is missing/],
    ['a; b', /cannot read/],
    ['a = 1', /cannot read/],
    ['a.b', /cannot read/],
    ['a[0]', /cannot read/],
    ['`x`', /cannot read/],
    ['"x"', /cannot read/],
    ['(x) => x', /out of place|cannot read/],
    ['1e9', /out of place/],
    ['9999999999', /out of place/],
    [`${'1+'.repeat(499)}1`, /more than 200 parts/],
    [`${'('.repeat(30)}1${')'.repeat(30)}`, /nested deeper than 25/],
    [`${'-'.repeat(30)}1`, /nested deeper than 25/],
    ['1'.padEnd(1001), /longer than 1000/],
  ])('%s', (text, why) => {
    expect(() => parseExpression(text)).toThrow(ExpressionError)
    expect(() => parseExpression(text)).toThrow(why)
  })

  it.each([
    ['assente', /there is no field "assente"/],
    ['constructor', /there is no field/],
    ['__proto__ + 1', /cannot read/],
    ['toString()', /there is no function "toString"/],
    ['hasOwnProperty(1)', /there is no function/],
    ['pasti + fascia', /a number is wanted where there is a text/],
    ['fascia < 1', /cannot compare/],
    ["dal == 'oggi'", /cannot compare a day with a text/],
    ['not 1', /a truth is wanted/],
    ['if(1, 2, 3)', /a truth is wanted/],
    ["if(pasti > 1, 2, 'x')", /a number is wanted/],
    ['worth(pasti)', /takes the name of a choice/],
    ['round(1, 9)', /0 to 4 decimals/],
    ['round(1, pasti)', /0 to 4 decimals/],
    ['sum(pasti, 1)', /repeated rows/],
    ['sum(alunni, assente)', /there is no field/],
    ['giorni', /there is no field "giorni"/],
    ['sum(alunni, sum(alunni, 1))', /there is no field "alunni"/],
    ['min()', /at least one/],
    ['days(dal)', /takes 2, not 1/],
  ])('%s: %s', (text, why) => {
    expect(() => typeOf(parseExpression(text), NAMES)).toThrow(why)
  })
})

/** Texts that look like expressions, valid or not. */
const anyText = fc
  .array(
    fc.constantFrom(
      ...[
        '1',
        '2.5',
        '0',
        'pasti',
        'fascia',
        'alunni',
        'giorni',
        'dal',
        "'b'",
        '+',
        '-',
        '*',
        '/',
        '(',
        ')',
        ',',
        '==',
        '<',
      ],
      ...[
        'and',
        'or',
        'not',
        ' ',
        '__proto__',
        'constructor',
        'prototype',
        'this',
        'valueOf',
        '.',
        '[',
        ';',
        ...FUNCTIONS,
      ],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(' '))

describe('any text as expression', () => {
  it('is refused with our own error, or gives the same number twice, in bounded time', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const start = performance.now()
        try {
          const expression = parseExpression(text)
          const type = typeOf(expression, NAMES)
          if (type.is === 'number')
            expect(show(evaluateNumber(expression, VALUES))).toBe(show(evaluateNumber(expression, VALUES)))
        } catch (error) {
          expect(error instanceof ExpressionError || error instanceof NoResult).toBe(true)
        }
        expect(performance.now() - start).toBeLessThan(250)
      }),
      { numRuns: 3_000 },
    )
  })

  it('names of built-in object members have no effect', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype), 'global', 'process'),
        (name) => {
          for (const text of [name, `${name}(1)`, `${name} + 1`, `worth(${name})`])
            expect(() => typeOf(parseExpression(text), NAMES)).toThrow(ExpressionError)
        },
      ),
    )
  })

  it('exact numbers obey arithmetic', () => {
    const some = fc.tuple(fc.bigInt(-10_000n, 10_000n), fc.bigInt(1n, 500n)).map(([n, d]) => rational(n, d))
    fc.assert(
      fc.property(some, (value) => {
        const rounded = round(value, 2)
        const distance = Math.abs(Number(value.n) / Number(value.d) - Number(rounded.n) / Number(rounded.d))
        expect(distance).toBeLessThanOrEqual(0.005 + 1e-9)
        expect(100n % rounded.d).toBe(0n)
      }),
    )
  })
})
