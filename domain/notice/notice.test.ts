import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNoticeCode } from './code.ts'
import { noticeOutcome, withoutReplaced, type NoticeOutcome } from './outcome.ts'
import type { DueState } from '../states.ts'

describe('the code of a notice', () => {
  it.each([
    ['301000000000123468', { iuv: '01000000000123468' }],
    ['3010 0000 0000 1234 68', { iuv: '01000000000123468' }],
    ['3010.0000.0000.1234.68', { iuv: '01000000000123468' }],
    ['001012345678901234', { iuv: '012345678901234' }],
    ['01000000000123468', { iuv: '01000000000123468' }],
    ['012345678901234', { iuv: '012345678901234' }],
    ['PAGOPA|002|301000000000123468|80007580279|15050', { iuv: '01000000000123468', domain: '80007580279' }],
    [' pagopa|002|001012345678901234|80007580279|1000\n', { iuv: '012345678901234', domain: '80007580279' }],
  ])('%j is understood', (text, code) => {
    expect(readNoticeCode(text)).toMatchObject(code)
  })

  it.each([
    '',
    '123',
    'PAGOPA|001|301000000000123468|80007580279|15050',
    'PAGOPA|002|30100000000012346|80007580279|15050',
    'PAGOPA|002|901000000000123468|80007580279|15050',
    'RF45120100000000000420000',
    '٣٠١٠٠٠٠٠٠٠٠٠١٢٣٤٦٨',
  ])('%j is not', (text) => {
    expect(readNoticeCode(text)).toBeUndefined()
  })

  it('never throws, and what it reads is digits', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        expect(readNoticeCode(text)?.iuv ?? '012345678901234').toMatch(/^(\d{15}|\d{17})$/)
      }),
    )
  })
})

describe('the outcome of a notice', () => {
  const yes = true
  const no = false
  it.each<[DueState, boolean, boolean, NoticeOutcome]>([
    ['payable', no, yes, 'payable'],
    ['payable', yes, yes, 'expired'],
    ['payable', no, no, 'blocked'],
    ['payable', yes, no, 'expired'],
    ['paying', no, yes, 'paying'],
    ['paying', yes, no, 'paying'],
    ['paid', no, yes, 'paid'],
    ['paid', yes, no, 'paid'],
    ['cancelled', no, yes, 'cancelled'],
    ['cancelled', yes, no, 'cancelled'],
  ])('%s, expired %s, type active %s: %s', (state, isExpired, isTypeActive, outcome) => {
    expect(noticeOutcome({ state, isExpired, isTypeActive })).toBe(outcome)
  })

  it('a cancelled due is shown only where no other replaced it, and once', () => {
    const row = (enteId: string, state: DueState) => ({ enteId, state })
    const found = [row('a', 'cancelled'), row('a', 'payable'), row('b', 'cancelled'), row('b', 'cancelled')]
    expect(withoutReplaced(found)).toEqual([row('a', 'payable'), row('b', 'cancelled')])
  })
})
