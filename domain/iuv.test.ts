import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../test/fixtures/vectors.json' with { type: 'json' }
import {
  attemptCode,
  groupNoticeNumber,
  isIuv15,
  isIuv17,
  isNoticeNumber,
  isRfIuv,
  iuv17,
  iuv25,
  iuvOfNotice,
  noticeNumber,
} from './iuv.ts'

describe('IUV of 17 digits', () => {
  it.each(vectors.iuv17_aux3)('$iuv', (vector) => {
    const { segregazione, sil, progressivo, iuv } = vector
    expect(iuv17({ segregationCode: segregazione, sil, progressive: progressivo })).toBe(iuv)
    expect(isIuv17(iuv)).toBe(true)
    expect(noticeNumber(iuv)).toBe(vector.numeroAvviso)
    expect(groupNoticeNumber(vector.numeroAvviso)).toBe(vector.stampa)
    expect(isNoticeNumber(vector.numeroAvviso)).toBe(true)
  })

  it.each([
    ['01', 1234, '01000000000123468'],
    ['01', 1235, '01000000000123569'],
    ['47', 98_765_432, '47000009876543213'],
    ['01', 1, '01000000000000144'],
  ])('segregation code %s, progressive %d', (segregationCode, progressive, iuv) => {
    expect(iuv17({ segregationCode, progressive })).toBe(iuv)
  })

  it.each(vectors.iuv17_invalid)('$iuv is not one: $why', ({ iuv }) => {
    expect(isIuv17(iuv)).toBe(false)
  })

  it.each([
    ['1', 1],
    ['123', 1],
    ['1A', 1],
    ['12', 0],
    ['12', -1],
    ['12', 1.5],
    ['12', 100_000_000_000],
  ])('refuses parts that do not fit: %s, %d', (segregationCode, progressive) => {
    expect(() => iuv17({ segregationCode, progressive })).toThrow(RangeError)
  })

  it('two segregation codes never give the same number, whatever each counts', () => {
    const code = fc.integer({ min: 0, max: 49 }).map((n) => String(n).padStart(2, '0'))
    const progressive = fc.integer({ min: 1, max: 99_999_999_999 })
    fc.assert(
      fc.property(code, code, progressive, progressive, (one, two, first, second) => {
        fc.pre(one !== two)
        expect(iuv17({ segregationCode: one, progressive: first })).not.toBe(
          iuv17({ segregationCode: two, progressive: second }),
        )
      }),
    )
  })

  it('a wrong digit is always noticed', () => {
    const parts = fc.record({
      progressive: fc.integer({ min: 1, max: 99_999_999_999 }),
      place: fc.integer({ min: 0, max: 14 }),
      by: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(
      fc.property(parts, ({ progressive, place, by }) => {
        const digits = [...iuv17({ segregationCode: '12', progressive })]
        digits[place] = String((Number(digits[place]) + by) % 10)
        expect(isIuv17(digits.join(''))).toBe(false)
      }),
    )
  })
})

describe('IUV of 25 characters', () => {
  it.each(vectors.iuv25_rf)('$iuv satisfies ISO 11649', ({ iuv }) => {
    expect(isRfIuv(iuv)).toBe(true)
  })

  it('is made of segregation code, tipo versamento and progressive', () => {
    const made = iuv25({ segregationCode: '12', tipoVersamentoId: '01', progressive: 42 })
    expect(made).toBe('RF45120100000000000420000')
    expect(made).toHaveLength(25)
  })

  it.each([
    'RF46120100000000000420000',
    'RF18',
    'rf18539007547034',
    'RF2356748393784945050875',
    '12000000000000119',
  ])('%s is not one', (iuv) => {
    expect(isRfIuv(iuv)).toBe(false)
  })

  it('refuses a progressive of fourteen digits', () => {
    const parts = { segregationCode: '12', tipoVersamentoId: '01', progressive: 10_000_000_000_000 }
    expect(() => iuv25(parts)).toThrow(RangeError)
  })

  it('always has check digits that hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999_999_999 }), (progressive) =>
        isRfIuv(iuv25({ segregationCode: '07', tipoVersamentoId: '02', progressive })),
      ),
    )
  })
})

describe('notice numbers', () => {
  it.each(vectors.avviso_to_iuv)('$input as typed', ({ input, iuv }) => {
    expect(iuvOfNotice(input)).toBe(iuv)
  })

  it.each(['', '3120000000000001', '3120000000000001199', '31200000000000011A', 'RF18539007547034'])(
    '%j as typed is none of ours',
    (text) => {
      expect(iuvOfNotice(text)).toBeUndefined()
    },
  )

  it('forgives the blanks between groups', () => {
    expect(iuvOfNotice(' 3120 0000 0000 0001 19 ')).toBe('12000000000000119')
  })

  it.each(vectors.iuv15_aux0)(
    'old IUV $iuv needs its application code',
    ({ iuv, applicationCode, ...vector }) => {
      expect(isIuv15(iuv, applicationCode)).toBe(true)
      expect(isIuv15(iuv, '13')).toBe(false)
      expect(noticeNumber(iuv, applicationCode)).toBe(vector.numeroAvviso)
      expect(() => noticeNumber(iuv)).toThrow(RangeError)
    },
  )

  it('an RF IUV has none', () => {
    expect(() => noticeNumber('RF45120100000000000420000')).toThrow(RangeError)
  })

  it.each([...vectors.iuv17_aux2, ...vectors.iuv17_aux1, ...vectors.iuv15_aux0])(
    'check digits of $numeroAvviso hold',
    (vector) => {
      expect(isNoticeNumber(vector.numeroAvviso)).toBe(true)
    },
  )

  it.each(['301000000000000145', '412000000000000119', '30100000000000014', '3010000000000001440'])(
    'check digits of %s do not',
    (number) => {
      expect(isNoticeNumber(number)).toBe(false)
    },
  )
})

describe('payment context code', () => {
  it('names ente, notice and attempt in 35 characters', () => {
    const code = attemptCode({ domain: '80007580279', iuv: '01000000000123468', attempt: 1 })
    expect(code).toBe('80007580279301000000000123468-00001')
    expect(code).toHaveLength(35)
  })

  it('is n/a for an RF IUV', () => {
    expect(attemptCode({ domain: '80007580279', iuv: 'RF45120100000000000420000', attempt: 1 })).toBe('n/a')
  })

  it('carries the application code of an old IUV', () => {
    const payment = { domain: '80007580279', iuv: '010000000004276', attempt: 12, applicationCode: '12' }
    expect(attemptCode(payment)).toBe('80007580279012010000000004276-00012')
  })

  it.each([0, 100_000])('refuses attempt %d', (attempt) => {
    expect(() => attemptCode({ domain: '80007580279', iuv: '01000000000123468', attempt })).toThrow(
      RangeError,
    )
  })
})
