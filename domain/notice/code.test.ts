import { describe, expect, it } from 'vitest'
import { noticeCodeProblem, readNoticeCode } from './code.ts'

const NUMBER = '301000000000123468'
const IUV = '01000000000123468'

describe('the code of a notice', () => {
  it.each([
    NUMBER,
    '3010 0000 0000 1234 68',
    ' 3010-0000-0000-1234-68 ',
    '3010–0000—0000‑1234−68',
    '\u200b301000000000\u200d123468\ufeff',
    NUMBER.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    `PAGOPA|002|${NUMBER}|80007580279|15050`,
    `ＰＡＧＯＰＡ｜００２｜${NUMBER}｜80007580279｜15050`,
    IUV,
  ])('%j is read', (text) => {
    expect(readNoticeCode(text)).toMatchObject({ iuv: IUV, isMistyped: false })
  })

  it.each(['301000000000123469', '01000000000123467', '001012345678901234'])(
    '%s is read and marked as mistyped because of its check digits',
    (text) => {
      expect(readNoticeCode(text)).toMatchObject({ isMistyped: true })
    },
  )

  it('15 digits are never marked as mistyped', () => {
    expect(readNoticeCode('123456789012345')).toEqual({ iuv: '123456789012345', isMistyped: false })
  })

  it.each([
    ['30100000000012346', { kind: 'length', digits: 17 }, false],
    ['3010000000001234689', { kind: 'length', digits: 19 }, true],
    ['3010 0000 0000 1234', { kind: 'length', digits: 16 }, true],
    ['201000000000123468', { kind: 'start', digits: 18 }, true],
    ['BNCCHR85H52M999M', { kind: 'malformed' }, true],
    ['', { kind: 'malformed' }, true],
  ])('%j has the problem %j', (text, problem, isUnread) => {
    expect(noticeCodeProblem(text)).toEqual(problem)
    expect(readNoticeCode(text) === undefined).toBe(isUnread)
  })
})
