import { byOlder, byReceipt, byRow, decision, receipt, row, share, type Case } from '../given.ts'

const LESS = { importoCents: 900 }
const B = { iur: 'B' }

/** Dues that nobody knows, amounts that differ, and payments of an older installation. */
export const AMOUNTS: readonly Case[] = [
  ...([0, 4, 8, 9] as const).map((code): Case => [
    `code ${code} of an IUV that no due has: making the due is up to a person`,
    { transfers: [], rows: [row('r1', code)] },
    ['r1 due_unknown R3 unplaced 1000'],
    ['call r1 due_unknown 1000'],
  ]),
  [
    'an IUV of another broker: nobody is called',
    { isOurs: false, transfers: [], rows: [row('r1', 0)] },
    ['r1 due_unknown R3 elsewhere 1000'],
    [],
  ],
  [
    'an IUV of another broker that a due has all the same',
    { isOurs: false, rows: [row('r1', 9)] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r1', 'ask r1 once'],
  ],
  [
    'no due and a receipt with less: what the receipt has, has its own anomaly',
    { transfers: [], receipts: [receipt('t1', { cents: 400, shareId: null })], rows: [row('r1', 0)] },
    ['r1 due_unknown R3 placed 400 unplaced 600'],
    ['call r1 due_unknown 600'],
  ],
  [
    'no due and a receipt with more: all cents of the row have their place',
    { transfers: [], receipts: [receipt('t1', { cents: 1400, shareId: null })], rows: [row('r1', 0)] },
    ['r1 due_unknown R3 placed 1000'],
    [],
  ],
  [
    'an unknown due that is known now: nobody need look any more',
    { rows: [row('r1', 0, { anomalies: [{ anomaly: 'due_unknown', cents: 1000 }] })] },
    ['r1 receipt_missing R8 awaited 1000'],
    ['ask r1 daily', 'clear r1 due_unknown'],
  ],
  [
    'more than its receipt says',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 0, { importoCents: 1500 })],
    },
    ['r1 amount_differs R7 placed 1000 unplaced 500'],
    ['call r1 amount_differs 500'],
  ],
  [
    'less than its receipt says',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 0, LESS)],
    },
    ['r1 amount_differs R7 placed 900'],
    ['call r1 amount_differs 0'],
  ],
  [
    'one cent more than its receipt says',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { importoCents: 1001 })],
    },
    ['r1 amount_differs R7 placed 1000 unplaced 1'],
    ['call r1 amount_differs 1'],
  ],
  ...([8, 9] as const).map((code): Case => [
    `code ${code} with another amount than the due: nothing is paid`,
    { rows: [row('r1', code, LESS)] },
    ['r1 amount_differs R8 unplaced 900'],
    ['call r1 amount_differs 900'],
  ]),
  [
    'code 9 with one cent more than the due',
    { rows: [row('r1', 9, { importoCents: 1001 })] },
    ['r1 amount_differs R8 unplaced 1001'],
    ['call r1 amount_differs 1001'],
  ],
  [
    'code 9 with nothing',
    { rows: [row('r1', 9, { importoCents: 0 })] },
    ['r1 amount_differs R8'],
    ['call r1 amount_differs 0'],
  ],
  ...([0, 4] as const).map((code): Case => [
    `code ${code} with another amount than the due: its receipt will say`,
    { rows: [row('r1', code, LESS)] },
    ['r1 receipt_missing R8 awaited 900'],
    ['ask r1 daily'],
  ]),
  ...([0, 9] as const).map((code): Case => [
    `code ${code} with an index beyond the transfers of the due`,
    { rows: [row('r1', code, { transferIndex: 2 })] },
    ['r1 amount_differs R8 unplaced 1000'],
    ['call r1 amount_differs 1000'],
  ]),
  [
    'an index beyond those of its receipt',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 0, { transferIndex: 3 })],
    },
    ['r1 amount_differs R8 unplaced 1000'],
    ['call r1 amount_differs 1000'],
  ],
  [
    'another amount, of a due that is paid: the amount comes first',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { ...B, ...LESS })],
    },
    ['r1 amount_differs R8 unplaced 900'],
    ['call r1 amount_differs 900'],
  ],
  [
    'a wrong amount, and beside it the right one of another payment',
    { rows: [row('r1', 9, LESS), row('r2', 9, B)] },
    ['r1 amount_differs R8 unplaced 900', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'call r1 amount_differs 900'],
  ],
  [
    'a difference that a person accepted',
    { rows: [row('r1', 9, LESS)], decisions: [decision('accepted', 'r1', 'amount_differs')] },
    ['r1 amount_differs R8 decided 900'],
    [],
  ],
  [
    'a difference of other cents than before: the anomaly says so',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 0, { importoCents: 1500, anomalies: [{ anomaly: 'amount_differs', cents: 1500 }] })],
    },
    ['r1 amount_differs R7 placed 1000 unplaced 500'],
    ['call r1 amount_differs 500'],
  ],
  [
    'two dues under one IUV: each row pays the due of its index',
    {
      transfers: [share('s1'), share('s2', { index: 2, cents: 300 })],
      rows: [row('r1', 9, { transferIndex: 2, importoCents: 300 }), row('r2', 9)],
    },
    ['r1 paid_without_receipt R3 placed 300', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'settle s2 300 by r1', 'ask r2 once', 'ask r1 once'],
  ],
  [
    'two dues under one IUV: the amount of the other one does not fit',
    {
      transfers: [share('s1'), share('s2', { index: 2, cents: 300 })],
      rows: [row('r1', 9, { importoCents: 300 })],
    },
    ['r1 amount_differs R8 unplaced 300'],
    ['call r1 amount_differs 300'],
  ],
  [
    'paid in an older installation: the same payment',
    { transfers: [share('s1', { proof: byOlder('A') })], rows: [row('r1', 9)] },
    ['r1 matched R8 placed 1000'],
    [],
  ],
  [
    'paid in an older installation: the same payment, without an index there',
    { transfers: [share('s1', { proof: byOlder('A', null) })], rows: [row('r1', 0)] },
    ['r1 matched R8 placed 1000'],
    [],
  ],
  [
    'paid in an older installation: another payment',
    { transfers: [share('s1', { proof: byOlder('A') })], rows: [row('r1', 9, B)] },
    ['r1 paid_twice R8 unplaced 1000'],
    ['ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'paid in an older installation: the same payment with another amount',
    { transfers: [share('s1', { proof: byOlder('A') })], rows: [row('r1', 9, { importoCents: 1300 })] },
    ['r1 amount_differs R8 placed 1000 unplaced 300'],
    ['call r1 amount_differs 300'],
  ],
  [
    'paid in an older installation, and a receipt comes: it becomes the proof',
    { transfers: [share('s1', { proof: byOlder('A') })], receipts: [receipt('t1')], rows: [row('r1', 0)] },
    ['r1 matched R7 placed 1000'],
    ['prove s1 1000 by t1 instead of older'],
  ],
  [
    'a number that a cancelled due had and another one has: the live one is meant',
    { transfers: [share('s1', { dueState: 'cancelled' }), share('s0')], rows: [row('r1', 9)] },
    ['r1 paid_without_receipt R3 placed 1000'],
    ['settle s0 1000 by r1', 'ask r1 once'],
  ],
  [
    'the amount of the row that settles is not judged again',
    {
      transfers: [share('s1', { cents: 1100, proof: byRow('r1') })],
      rows: [row('r1', 9, { asked: 'once' })],
    },
    ['r1 paid_without_receipt R3 placed 1000'],
    [],
  ],
]
