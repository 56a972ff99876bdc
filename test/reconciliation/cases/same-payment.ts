import { byReceipt, byRow, decision, old, receipt, row, share, type Case } from '../given.ts'

const PAID = share('s1', { proof: byReceipt('t1') })
const B = { iur: 'B' }

/** Duplicates, and rows whose receipt is here. */
export const SAME_PAYMENT: readonly Case[] = [
  [
    'the same payment twice in a flow',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 0), row('r2', 0)] },
    ['r1 matched R7 placed 1000', 'r2 duplicate R6 unplaced 1000'],
    ['call r2 duplicate 1000'],
  ],
  [
    'the same payment in two flows of two days: the earlier day counts',
    {
      transfers: [PAID],
      receipts: [receipt('t1')],
      rows: [row('r1', 0, { paidOn: '2026-04-01' }), row('r2', 0, { flowId: 'F2' })],
    },
    ['r1 duplicate R6 unplaced 1000', 'r2 matched R7 placed 1000'],
    ['call r1 duplicate 1000'],
  ],
  [
    'the same payment in two flows of one day: the earlier id counts',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 0, { flowId: 'F2' }), row('r2', 0)] },
    ['r1 duplicate R6 unplaced 1000', 'r2 matched R7 placed 1000'],
    ['call r1 duplicate 1000'],
  ],
  [
    'the same payment three times: each but one is extra',
    { rows: [row('r1', 9), row('r2', 9), row('r3', 9)] },
    [
      'r1 paid_without_receipt R3 placed 1000',
      'r2 duplicate R6 unplaced 1000',
      'r3 duplicate R6 unplaced 1000',
    ],
    ['settle s1 1000 by r1', 'ask r1 once', 'call r2 duplicate 1000', 'call r3 duplicate 1000'],
  ],
  [
    'the same payment under two codes',
    { rows: [row('r1', 0), row('r2', 9)] },
    ['r1 receipt_missing R8 awaited 1000', 'r2 duplicate R6 unplaced 1000'],
    ['ask r1 daily', 'call r2 duplicate 1000'],
  ],
  [
    'the row that settles counts, though another one is earlier',
    {
      transfers: [share('s1', { proof: byRow('r2') })],
      rows: [row('r1', 9), row('r2', 9, { flowId: 'F2', asked: 'once' })],
    },
    ['r1 duplicate R6 unplaced 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['call r1 duplicate 1000'],
  ],
  [
    'the row with the amount of the due counts, though another one is earlier',
    { rows: [row('r1', 9, { importoCents: 900 }), row('r2', 9)] },
    ['r1 duplicate R6 unplaced 900', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'call r1 duplicate 900'],
  ],
  [
    'the row with the amount of the receipt counts, though another one has that of the due',
    {
      transfers: [PAID],
      receipts: [receipt('t1', { cents: 1200 })],
      rows: [row('r1', 0), row('r2', 0, { importoCents: 1200 })],
    },
    ['r1 duplicate R6 unplaced 1000', 'r2 matched R7 placed 1200'],
    ['call r1 duplicate 1000'],
  ],
  [
    'no amount fits: the earliest counts',
    { rows: [row('r1', 9, { importoCents: 900 }), row('r2', 9, { importoCents: 800 })] },
    ['r1 amount_differs R8 unplaced 900', 'r2 duplicate R6 unplaced 800'],
    ['call r1 amount_differs 900', 'call r2 duplicate 800'],
  ],
  [
    'another transfer of one payment is another payment',
    {
      transfers: [share('s1'), share('s2', { index: 2 })],
      rows: [row('r1', 9), row('r2', 9, { transferIndex: 2 })],
    },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r1', 'settle s2 1000 by r2', 'ask r1 once', 'ask r2 once'],
  ],
  [
    'a row without an index is the first transfer of its payment',
    { rows: [row('r1', 9), row('r2', 9, { transferIndex: null })] },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 duplicate R6 unplaced 1000'],
    ['settle s1 1000 by r1', 'ask r1 once', 'call r2 duplicate 1000'],
  ],
  [
    'rows without an IUR are never the same payment',
    { rows: [row('r1', 9, { iur: '' }), row('r2', 9, { iur: '' })] },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 paid_twice R5 unplaced 1000'],
    ['settle s1 1000 by r1', 'ask r1 once', 'ask r2 once', 'call r2 paid_twice 1000'],
  ],
  [
    'a duplicate that a revision takes away: nobody need look any more',
    {
      transfers: [PAID],
      receipts: [receipt('t1')],
      rows: [row('r1', 0), old('r2', 0, { anomalies: [{ anomaly: 'duplicate', cents: 1000 }] })],
    },
    ['r1 matched R7 placed 1000', 'r2 superseded R9'],
    ['clear r2 duplicate'],
  ],
  [
    'a duplicate that a person accepted leaves the payment alone',
    { rows: [row('r1', 9), row('r2', 9)], decisions: [decision('accepted', 'r2', 'duplicate')] },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 duplicate R6 decided 1000'],
    ['settle s1 1000 by r1', 'ask r1 once'],
  ],
  [
    'of two duplicates a person accepted one: the other one calls still',
    {
      rows: [row('r1', 9), row('r2', 9), row('r3', 9)],
      decisions: [decision('accepted', 'r3', 'duplicate')],
    },
    [
      'r1 paid_without_receipt R3 placed 1000',
      'r2 duplicate R6 unplaced 1000',
      'r3 duplicate R6 decided 1000',
    ],
    ['settle s1 1000 by r1', 'ask r1 once', 'call r2 duplicate 1000'],
  ],
  [
    'its own receipt with its amount',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 0)] },
    ['r1 matched R7 placed 1000'],
    [],
  ],
  ...([4, 8, 9] as const).map((code): Case => [
    `its own receipt matches under code ${code} too`,
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', code)] },
    ['r1 matched R7 placed 1000'],
    [],
  ]),
  [
    'its own receipt, while another one pays the due: that is an anomaly of the receipt',
    {
      transfers: [PAID],
      receipts: [receipt('t1'), receipt('t2', { ...B, shareId: null })],
      rows: [row('r1', 0), row('r2', 0, B)],
    },
    ['r1 matched R7 placed 1000', 'r2 matched R7 placed 1000'],
    [],
  ],
  [
    'its own receipt, of a due that is cancelled',
    {
      transfers: [share('s1', { dueState: 'cancelled' })],
      receipts: [receipt('t1', { shareId: null })],
      rows: [row('r1', 0)],
    },
    ['r1 matched R7 placed 1000'],
    [],
  ],
  [
    'its own receipt, while an attempt has the due',
    {
      transfers: [share('s1', { isHeld: true, dueState: 'paying' })],
      receipts: [receipt('t1', { shareId: null })],
      rows: [row('r1', 9)],
    },
    ['r1 matched R7 placed 1000'],
    [],
  ],
  [
    'its own receipt, of an IUV that no due has',
    { transfers: [], receipts: [receipt('t1', { shareId: null })], rows: [row('r1', 0)] },
    ['r1 matched R7 placed 1000'],
    [],
  ],
  [
    'its own receipt with another amount than the due',
    {
      transfers: [PAID],
      receipts: [receipt('t1', { cents: 900 })],
      rows: [row('r1', 0, { importoCents: 900 })],
    },
    ['r1 matched R7 placed 900'],
    [],
  ],
  [
    'the second item of a receipt',
    {
      transfers: [PAID, share('s2', { index: 2, cents: 300, proof: byReceipt('t1') })],
      receipts: [
        {
          id: 't1',
          items: [
            ...receipt('t1').items,
            { ...receipt('t1').items[0]!, index: 2, cents: 300, shareId: 's2' },
          ],
        },
      ],
      rows: [row('r1', 0, { transferIndex: 2, importoCents: 300 })],
    },
    ['r1 matched R7 placed 300'],
    [],
  ],
  [
    'rows without an index find the items of one receipt by their amounts',
    {
      transfers: [PAID, share('s2', { index: 2, cents: 300, proof: byReceipt('t1') })],
      receipts: [
        {
          id: 't1',
          items: [
            ...receipt('t1').items,
            { ...receipt('t1').items[0]!, index: 2, cents: 300, shareId: 's2' },
          ],
        },
      ],
      rows: [row('r1', 0, { transferIndex: null, importoCents: 300 }), row('r2', 0, { transferIndex: null })],
    },
    ['r1 matched R7 placed 300', 'r2 matched R7 placed 1000'],
    [],
  ],
  [
    'a row whose index counts the beneficiaries, while its receipt has one item',
    {
      transfers: [share('s1', { proof: byReceipt('t1') }), share('s1', { index: 2, proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 0, { transferIndex: 2 })],
    },
    ['r1 matched R7 placed 1000'],
    [],
  ],
  [
    'the receipt comes while its row settles: it becomes the proof',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { asked: 'once' })],
    },
    ['r1 matched R7 placed 1000'],
    ['prove s1 1000 by t1 instead of r1'],
  ],
  [
    'the receipt comes with another amount while its row settles: it is the proof all the same',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      receipts: [receipt('t1', { cents: 900 })],
      rows: [row('r1', 9, { asked: 'once' })],
    },
    ['r1 amount_differs R7 placed 900 unplaced 100'],
    ['prove s1 900 by t1 instead of r1', 'call r1 amount_differs 100'],
  ],
  [
    'the receipt comes while a row with another amount settles: the row with its amount counts',
    {
      transfers: [share('s1', { proof: byRow('r1') })],
      receipts: [receipt('t1', { cents: 900 })],
      rows: [row('r1', 9, { asked: 'once' }), row('r2', 9, { importoCents: 900 })],
    },
    ['r1 duplicate R6 unplaced 1000', 'r2 matched R7 placed 900'],
    ['prove s1 900 by t1 instead of r1', 'call r1 duplicate 1000'],
  ],
  [
    'the receipt that was asked for each day is here',
    { transfers: [PAID], receipts: [receipt('t1')], rows: [row('r1', 0, { asked: 'daily' })] },
    ['r1 matched R7 placed 1000'],
    ['stop r1'],
  ],
  [
    'a receipt that settles nothing yet: the machine of receipts does it',
    { receipts: [receipt('t1')], rows: [row('r1', 0)] },
    ['r1 matched R7 placed 1000'],
    [],
  ],
]
