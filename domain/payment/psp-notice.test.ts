import { expect, it } from 'vitest'
import { amountRefusal, noticeRefusal, type NoticeOfPsp } from './psp-notice.ts'

const payable: NoticeOfPsp = {
  state: 'payable',
  isExpired: false,
  isTypeActive: true,
  hasSecondary: false,
  isDoubtful: false,
}

it.each<[Partial<NoticeOfPsp> | undefined, string | undefined]>([
  [{}, undefined],
  [undefined, 'unknown'],
  [{ state: 'paid', isExpired: true }, 'paid'],
  [{ state: 'paying' }, 'paying'],
  [{ state: 'cancelled' }, 'cancelled'],
  [{ isExpired: true }, 'expired'],
  [{ isTypeActive: false }, 'cancelled'],
  [{ hasSecondary: true }, 'not_at_psp'],
  [{ isDoubtful: true }, 'paying'],
  [{ state: 'paid', isDoubtful: true }, 'paid'],
])('%j: %s', (change, refusal) => {
  expect(noticeRefusal(change && { ...payable, ...change })?.refusal).toBe(refusal)
})

it.each([
  [1850, 1850, true],
  [1849, 1850, false],
  [0, 0, false],
])('%d of %d cents', (asked, due, isGood) => {
  expect(amountRefusal(asked, due) === undefined).toBe(isGood)
})
