import { byReceipt, byRow, decision, old, receipt, row, share, type Case } from '../given.ts'

const B = { iur: 'B' }
const C = { iur: 'C' }
const PAID = share('s1', { proof: byReceipt('t1') })
const calls = (cents = 1000) => [{ anomaly: 'paid_twice' as const, cents }]

const TAKEN_OFF = { withdrawn: 'open', asked: 'once' } as const
const RETURNED = { withdrawn: 'returned', asked: 'once' } as const

/** Dues that something else pays, receipts that are missing, and payments without a receipt. */
export const PAYING: readonly Case[] = [
  ...([0, 4] as const).map((code): Case => [
    `code ${code} of a due whose receipt is that of another payment`,
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', code, B)] },
    ['r1 paid_twice R4 unplaced 1000'],
    ['ask r1 daily', 'call r1 paid_twice 1000'],
  ]),
  ...([8, 9] as const).map((code): Case => [
    `code ${code} of a due whose receipt is that of another payment`,
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', code, B)] },
    ['r1 paid_twice R4 unplaced 1000'],
    ['ask r1 once', 'call r1 paid_twice 1000'],
  ]),
  [
    'a flow has the payment of the receipt too',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 0), row('r2', 0, B)] },
    ['r1 matched R7 placed 1000', 'r2 paid_twice R4 unplaced 1000'],
    ['ask r2 daily', 'call r2 paid_twice 1000'],
  ],
  [
    'the due was paid with the money of another IUV, which a person gave to it',
    { transfers: [share('s1', { proof: byReceipt('t9') })], rows: [row('r1', 0)] },
    ['r1 paid_twice R4 unplaced 1000'],
    ['ask r1 daily', 'call r1 paid_twice 1000'],
  ],
  [
    'the due was paid with a row of another IUV, which a person tied to it',
    { transfers: [share('s1', { proof: byRow('r9') })], rows: [row('r1', 9)] },
    ['r1 paid_twice R5 unplaced 1000'],
    ['ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'the own receipt of what was paid twice is here: the anomaly is that of the receipt',
    {
      transfers: [PAID],
      receipts: [receipt('t1'), receipt('t2', { ...B, shareId: null })],
      rows: [row('r1', 0, { ...B, asked: 'daily', anomalies: calls() })],
    },
    ['r1 matched R7 placed 1000'],
    ['stop r1', 'clear r1 paid_twice'],
  ],
  [
    'a person took the money of the row off the due',
    { rows: [row('r1', 9, TAKEN_OFF)] },
    ['r1 paid_without_receipt R3 decided 1000'],
    [],
  ],
  [
    'a person took the money of the row off the due, which is cancelled since',
    { transfers: [share('s1', { dueState: 'cancelled' })], rows: [row('r1', 9, TAKEN_OFF)] },
    ['r1 paid_without_receipt R3 decided 1000'],
    [],
  ],
  [
    'a person took the money of the row off the due: another payment pays it',
    { rows: [row('r1', 9, TAKEN_OFF), row('r2', 8, B)] },
    ['r1 paid_twice R5 decided 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once'],
  ],
  [
    'a person took the money of the row off the due: the receipt of another payment pays it',
    { transfers: [PAID], receipts: [receipt('t1', B)], rows: [row('r1', 9, TAKEN_OFF)] },
    ['r1 paid_twice R4 decided 1000'],
    [],
  ],
  [
    'a person took the money of the row off the due, and its own receipt comes',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 9, TAKEN_OFF)] },
    ['r1 matched R7 placed 1000'],
    ['end withdrawal of r1'],
  ],
  [
    'a person returned the money of the row, and its own receipt comes',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 9, RETURNED)] },
    ['r1 matched R7 placed 1000 contradicted'],
    [],
  ],
  [
    'the share of a second beneficiary is paid by its index, in the flow of that beneficiary',
    { transfers: [share('s2', { index: 2, dueId: 'd1' })], rows: [row('r1', 9, { transferIndex: 2 })] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s2 1000 by r1', 'ask r1 once'],
  ],
  [
    'two payments without a receipt: the earlier day pays',
    { rows: [row('r1', 9, { paidOn: '2026-04-01' }), row('r2', 9, B)] },
    ['r1 paid_twice R5 unplaced 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'two payments of one day: the flow with the earlier id pays',
    { rows: [row('r1', 9, { flowId: 'F2' }), row('r2', 9, B)] },
    ['r1 paid_twice R5 unplaced 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'two payments in one flow: the earlier place pays',
    { rows: [row('r2', 9, B), row('r1', 9)] },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 paid_twice R5 unplaced 1000'],
    ['settle s1 1000 by r1', 'ask r1 once', 'ask r2 once', 'call r2 paid_twice 1000'],
  ],
  [
    'a place in a flow is a number',
    { rows: [row('r1', 9, { position: 10 }), row('r2', 9, { ...B, position: 9 })] },
    ['r1 paid_twice R5 unplaced 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'a payment without a day comes after those that have one',
    { rows: [row('r1', 9, { paidOn: null }), row('r2', 9, B)] },
    ['r1 paid_twice R5 unplaced 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'an earlier payment comes later: the due does not change hands',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      rows: [row('r1', 9, { asked: 'once' }), row('r2', 9, { ...B, paidOn: '2026-03-30' })],
    },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 paid_twice R5 unplaced 1000'],
    ['ask r2 once', 'call r2 paid_twice 1000'],
  ],
  [
    'a receipt of another payment comes: it pays, and the row that settled is extra',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      receipts: [receipt('t1', B)],
      rows: [row('r1', 9, { asked: 'once' })],
    },
    ['r1 paid_twice R4 unplaced 1000'],
    ['prove s1 1000 by t1 instead of r1', 'call r1 paid_twice 1000'],
  ],
  [
    'a receipt takes the place of a row of another IUV too',
    { transfers: [share('s1', { proof: byRow('r9') })], receipts: [receipt('t1')], rows: [row('r1', 0)] },
    ['r1 matched R7 placed 1000'],
    ['prove s1 1000 by t1 instead of r9'],
  ],
  [
    'a receipt that is not settled yet keeps out other payments',
    { receipts: [receipt('t1')], rows: [row('r1', 9, B)] },
    ['r1 paid_twice R4 unplaced 1000'],
    ['ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'two receipts for one share: the earlier one pays',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      receipts: [receipt('t2', { ...C, paidOn: '2026-04-01' }), receipt('t3', B)],
      rows: [row('r1', 9, { asked: 'once' })],
    },
    ['r1 paid_twice R4 unplaced 1000'],
    ['prove s1 1000 by t3 instead of r1', 'call r1 paid_twice 1000'],
  ],
  [
    'code 0 beside a row that settles is paid twice',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      rows: [row('r1', 9, { asked: 'once' }), row('r2', 0, B)],
    },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 paid_twice R5 unplaced 1000'],
    ['ask r2 daily', 'call r2 paid_twice 1000'],
  ],
  [
    'the second beneficiary of a due: the first one does not matter',
    {
      transfers: [PAID, share('s2', { index: 2, cents: 300 })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { ...B, transferIndex: 2, importoCents: 300 })],
    },
    ['r1 paid_without_receipt R3 placed 300'],
    ['settle s2 300 by r1', 'ask r1 once'],
  ],
  [
    'what was paid twice is not any more, because the other payment is gone',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      rows: [old('r1', 9, { asked: 'once' }), row('r2', 9, { ...B, asked: 'once', anomalies: calls() })],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2 instead of r1', 'clear r2 paid_twice'],
  ],
  ...([0, 4] as const).map((code): Case => [
    `code ${code} without its receipt: it is asked for`,
    { rows: [row('r1', code)] },
    ['r1 receipt_missing R8 awaited 1000'],
    ['ask r1 daily'],
  ]),
  [
    'two payments whose receipts are missing',
    { rows: [row('r1', 0), row('r2', 0, B)] },
    ['r1 receipt_missing R8 awaited 1000', 'r2 receipt_missing R8 awaited 1000'],
    ['ask r1 daily', 'ask r2 daily'],
  ],
  [
    'a receipt that is asked for each day',
    { rows: [row('r1', 0, { asked: 'daily' })] },
    ['r1 receipt_missing R8 awaited 1000'],
    [],
  ],
  [
    'code 9 became code 0 in a revision: its receipt is asked for each day now',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      rows: [old('r1', 9, { asked: 'once' }), row('r2', 0)],
    },
    ['r1 superseded R9', 'r2 receipt_missing R8 placed 1000'],
    ['settle s1 1000 by r2 instead of r1', 'ask r2 daily'],
  ],
  [
    'code 0 became code 9 in a revision: nobody asks each day any more',
    { rows: [old('r1', 0, { asked: 'daily' }), row('r2', 9)] },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'stop r1'],
  ],
  [
    'a payment whose receipt is asked for each day is gone',
    { rows: [old('r1', 0, { asked: 'daily' })] },
    ['r1 superseded R9'],
    ['stop r1'],
  ],
  [
    'a missing receipt that a person accepted',
    {
      rows: [row('r1', 0, { asked: 'daily' })],
      decisions: [decision('accepted', 'r1', 'receipt_missing')],
    },
    ['r1 receipt_missing R8 decided 1000'],
    ['stop r1'],
  ],
  [
    'code 0 and code 9 of two payments: the one without a receipt pays until then',
    { rows: [row('r1', 0, B), row('r2', 9)] },
    ['r1 paid_twice R5 unplaced 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r1 daily', 'ask r2 once', 'call r1 paid_twice 1000'],
  ],
  ...([8, 9] as const).map((code): Case => [
    `code ${code} pays the due until a receipt comes`,
    { rows: [row('r1', code)] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r1', 'ask r1 once'],
  ]),
  [
    'code 9 that settles already',
    { transfers: [share('s1', { proof: byRow('r1') })], rows: [row('r1', 9, { asked: 'once' })] },
    ['r1 paid_without_receipt R3 placed 1000'],
    [],
  ],
  [
    'code 9 while an attempt has the due: the attempt may be this payment',
    { transfers: [share('s1', { isHeld: true, dueState: 'paying' })], rows: [row('r1', 9)] },
    ['r1 paid_without_receipt R3 awaited 1000'],
    ['ask r1 once'],
  ],
  [
    'two payments while an attempt has the due: nobody knows yet which one is extra',
    { transfers: [share('s1', { isHeld: true, dueState: 'paying' })], rows: [row('r1', 9), row('r2', 9, B)] },
    ['r1 paid_without_receipt R3 awaited 1000', 'r2 paid_without_receipt R3 awaited 1000'],
    ['ask r1 once', 'ask r2 once'],
  ],
  [
    'the attempt is over without a payment',
    { rows: [row('r1', 9, { asked: 'once' })] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r1'],
  ],
  [
    'code 9 of a due that is half paid and waits for the rest',
    {
      transfers: [share('s1', { proof: byReceipt('t1') }), share('s2', { index: 2, dueState: 'paying' })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { transferIndex: 2 })],
    },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s2 1000 by r1', 'ask r1 once'],
  ],
  [
    'code 9 of a due that is cancelled: its money is on the work list',
    { transfers: [share('s1', { dueState: 'cancelled' })], rows: [row('r1', 9)] },
    ['r1 paid_without_receipt R3 unplaced 1000'],
    ['ask r1 once', 'call r1 paid_after_cancel 1000'],
  ],
  [
    'code 8 with another amount of a due that is cancelled',
    { transfers: [share('s1', { dueState: 'cancelled' })], rows: [row('r1', 8, { importoCents: 900 })] },
    ['r1 amount_differs R8 unplaced 900'],
    ['call r1 amount_differs 900'],
  ],
  [
    'code 0 of a due that is cancelled: its receipt will say',
    { transfers: [share('s1', { dueState: 'cancelled' })], rows: [row('r1', 0)] },
    ['r1 receipt_missing R8 awaited 1000'],
    ['ask r1 daily'],
  ],
  [
    'the money of a cancelled due that a person tied to another one',
    {
      transfers: [share('s1', { dueState: 'cancelled' })],
      rows: [row('r1', 9, { asked: 'once', anomalies: [{ anomaly: 'paid_after_cancel', cents: 1000 }] })],
      decisions: [decision('linked', 'r1', 'paid_without_receipt', { isPaying: true })],
    },
    ['r1 paid_without_receipt R3 decided 1000'],
    ['clear r1 paid_after_cancel'],
  ],
  [
    'code 9 without an index',
    { rows: [row('r1', 9, { transferIndex: null })] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r1', 'ask r1 once'],
  ],
  [
    'code 9 without an IUR',
    { rows: [row('r1', 9, { iur: '' })] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r1', 'ask r1 once'],
  ],
]
