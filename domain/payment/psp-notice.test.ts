import { expect, it } from 'vitest'
import { amountFault, noticeFault, type NoticeOfPsp } from './psp-notice.ts'

const payable: NoticeOfPsp = {
  state: 'payable',
  isExpired: false,
  isTypeActive: true,
  hasSecondary: false,
  isDoubtful: false,
}

it.each<[Partial<NoticeOfPsp> | undefined, string | undefined]>([
  [{}, undefined],
  [undefined, 'PAA_PAGAMENTO_SCONOSCIUTO'],
  [{ state: 'paid', isExpired: true }, 'PAA_PAGAMENTO_DUPLICATO'],
  [{ state: 'paying' }, 'PAA_PAGAMENTO_IN_CORSO'],
  [{ state: 'cancelled' }, 'PAA_PAGAMENTO_ANNULLATO'],
  [{ isExpired: true }, 'PAA_PAGAMENTO_SCADUTO'],
  [{ isTypeActive: false }, 'PAA_PAGAMENTO_ANNULLATO'],
  [{ hasSecondary: true }, 'PAA_SEMANTICA'],
  [{ isDoubtful: true }, 'PAA_PAGAMENTO_IN_CORSO'],
  [{ state: 'paid', isDoubtful: true }, 'PAA_PAGAMENTO_DUPLICATO'],
])('%j: %s', (change, code) => {
  expect(noticeFault(change && { ...payable, ...change })?.code).toBe(code)
})

it.each([
  [1850, 1850, true],
  [1849, 1850, false],
  [0, 0, false],
])('%d of %d cents', (asked, due, isGood) => {
  expect(amountFault(asked, due) === undefined).toBe(isGood)
})
