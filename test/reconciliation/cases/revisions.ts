import { byReceipt, byRow, decision, old, receipt, row, share, type Case } from '../given.ts'

const B = { iur: 'B' }
const SETTLED = share('s1', { proof: byRow('r1') })
const GONE = old('r1', 9, { asked: 'once' })

/** Newer revisions, and what people decided. */
export const REVISIONS: readonly Case[] = [
  [
    'a person tied the money to another due, and its own receipt comes',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { asked: 'once' })],
      decisions: [decision('linked', 'r1', 'paid_without_receipt', { isPaying: true })],
    },
    ['r1 matched R7 placed 1000 contradicted'],
    [],
  ],
  [
    'a person took the money of the row off the due: a newer revision with the same payment settles nothing either',
    { rows: [old('r1', 9, { withdrawn: 'open', asked: 'once' }), row('r2', 9)] },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 decided 1000'],
    [],
  ],
  [
    'a person took the money of the row off the due, and a newer revision has it no more',
    { rows: [old('r1', 9, { withdrawn: 'open' })] },
    ['r1 superseded R9'],
    ['end withdrawal of r1'],
  ],
  [
    'a person returned the money of the row, and a newer revision has it no more',
    { rows: [old('r1', 9, { withdrawn: 'returned' })] },
    ['r1 superseded R9 contradicted'],
    [],
  ],
  ['an older revision counts for nothing', { rows: [old('r1', 9)] }, ['r1 superseded R9'], []],
  [
    'an older revision with a code that nobody knows calls nobody',
    { rows: [old('r1', 9, { code: 'PAID' })] },
    ['r1 superseded R9'],
    [],
  ],
  [
    'an older revision whose receipt is here',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [old('r1', 0), row('r2', 0)],
    },
    ['r1 superseded R9', 'r2 matched R7 placed 1000'],
    [],
  ],
  [
    'an older revision seen after a newer one',
    {
      transfers: [share('s1', { proof: byRow('r2') })],
      rows: [old('r1', 9), row('r2', 9, { asked: 'once' })],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    [],
  ],
  [
    'a revision takes the payment away: what it settled is taken back',
    { transfers: [SETTLED], rows: [GONE] },
    ['r1 superseded R9'],
    ['take back s1 from r1'],
  ],
  [
    'a revision has the same payment with the same amount: the due stays paid',
    { transfers: [SETTLED], rows: [GONE, row('r2', 9)] },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2 instead of r1'],
  ],
  [
    'a revision has the same payment, an earlier payment is there too: the same one goes on',
    {
      transfers: [SETTLED],
      rows: [GONE, row('r2', 9), row('r3', 9, { ...B, paidOn: '2026-03-30', asked: 'once' })],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000', 'r3 paid_twice R5 unplaced 1000'],
    ['settle s1 1000 by r2 instead of r1', 'call r3 paid_twice 1000'],
  ],
  [
    'a revision has the same payment with another amount: what it settled is taken back',
    { transfers: [SETTLED], rows: [GONE, row('r2', 9, { importoCents: 900 })] },
    ['r1 superseded R9', 'r2 amount_differs R8 unplaced 900'],
    ['take back s1 from r1', 'call r2 amount_differs 900'],
  ],
  [
    'a revision has another payment: it takes the place',
    { transfers: [SETTLED], rows: [GONE, row('r2', 9, B)] },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2 instead of r1', 'ask r2 once'],
  ],
  [
    'a revision says that the payment was revoked: nothing pays the due any more',
    { transfers: [SETTLED], rows: [GONE, row('r2', 3)] },
    ['r1 superseded R9', 'r2 revoked R2 revoked 1000'],
    ['take back s1 from r1', 'call r2 revoked 0'],
  ],
  [
    'a revision has the payment with a code that nobody knows: it pays nothing',
    { transfers: [SETTLED], rows: [GONE, row('r2', 9, { code: 'PAID' })] },
    ['r1 superseded R9', 'r2 code_unknown R1 unplaced 1000'],
    ['take back s1 from r1', 'call r2 code_unknown 1000'],
  ],
  [
    'the same payment is in another flow when the revision takes it away',
    {
      transfers: [SETTLED],
      rows: [GONE, row('r2', 9, { flowId: 'F2', anomalies: [{ anomaly: 'duplicate', cents: 1000 }] })],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2 instead of r1', 'clear r2 duplicate'],
  ],
  [
    'three revisions: only the newest one counts',
    {
      transfers: [share('s1', { proof: byRow('r2') })],
      rows: [old('r1', 9), old('r2', 9, { asked: 'once' }), row('r3', 9)],
    },
    ['r1 superseded R9', 'r2 superseded R9', 'r3 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r3 instead of r2'],
  ],
  [
    'a revision takes away a payment whose receipt is here: the receipt stays the proof',
    { transfers: [share('s1', { proof: byReceipt('t1') })], receipts: [receipt('t1')], rows: [old('r1', 0)] },
    ['r1 superseded R9'],
    [],
  ],
  [
    'a revision takes away the payment at the moment at which its receipt comes',
    { transfers: [SETTLED], receipts: [receipt('t1')], rows: [GONE] },
    ['r1 superseded R9'],
    ['prove s1 1000 by t1 instead of r1'],
  ],
  [
    'a person accepted what a revision takes away: the machine takes nothing back',
    { transfers: [SETTLED], rows: [GONE], decisions: [decision('accepted', 'r1', 'paid_without_receipt')] },
    ['r1 superseded R9 contradicted'],
    [],
  ],
  [
    'a person accepted, and a receipt comes: it becomes the proof all the same',
    {
      transfers: [SETTLED],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { asked: 'once' })],
      decisions: [decision('accepted', 'r1', 'paid_without_receipt')],
    },
    ['r1 matched R7 placed 1000'],
    ['prove s1 1000 by t1 instead of r1'],
  ],
  [
    'an accepted payment in a newer revision: the decision goes with it',
    {
      rows: [old('r1', 9, { importoCents: 900 }), row('r2', 9, { importoCents: 900 })],
      decisions: [decision('accepted', 'r1', 'amount_differs')],
    },
    ['r1 superseded R9', 'r2 amount_differs R8 decided 900'],
    [],
  ],
  [
    'an accepted payment has its amount in a newer revision: contradicted, and nothing is settled by it',
    {
      rows: [old('r1', 9, { importoCents: 900 }), row('r2', 9)],
      decisions: [decision('accepted', 'r1', 'amount_differs')],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 decided 1000 contradicted'],
    ['ask r2 once'],
  ],
  [
    'an accepted difference that is matched now still holds',
    {
      receipts: [receipt('t1', { cents: 900 })],
      rows: [row('r1', 9, { importoCents: 900 })],
      decisions: [decision('accepted', 'r1', 'amount_differs')],
    },
    ['r1 matched R7 placed 900'],
    [],
  ],
  [
    'an accepted unreadable amount that can be read now is looked at again',
    {
      rows: [old('r1', 9, { importoCents: null }), row('r2', 9, { importoCents: 900 })],
      decisions: [decision('accepted', 'r1', 'amount_invalid')],
    },
    ['r1 superseded R9', 'r2 amount_differs R8 unplaced 900 contradicted'],
    ['call r2 amount_differs 900'],
  ],
  [
    'an accepted unknown due that is known and paid twice: contradicted, and a person is called',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1', B)],
      rows: [row('r1', 9)],
      decisions: [decision('accepted', 'r1', 'due_unknown')],
    },
    ['r1 paid_twice R4 unplaced 1000 contradicted'],
    ['ask r1 once', 'call r1 paid_twice 1000'],
  ],
  [
    'a payment of an unknown due, tied to another due',
    {
      transfers: [],
      rows: [row('r1', 9, { anomalies: [{ anomaly: 'due_unknown', cents: 1000 }] })],
      decisions: [decision('linked', 'r1', 'due_unknown', { isPaying: true })],
    },
    ['r1 due_unknown R3 decided 1000'],
    ['clear r1 due_unknown'],
  ],
  [
    'the other due has its money from elsewhere now: contradicted, and the cents are nowhere',
    { transfers: [], rows: [row('r1', 9)], decisions: [decision('linked', 'r1', 'due_unknown')] },
    ['r1 due_unknown R3 unplaced 1000 contradicted'],
    ['call r1 due_unknown 1000'],
  ],
  [
    'a payment that is tied to another due is gone',
    {
      transfers: [],
      rows: [old('r1', 9)],
      decisions: [decision('linked', 'r1', 'due_unknown', { isPaying: true })],
    },
    ['r1 superseded R9 contradicted'],
    [],
  ],
  [
    'a payment of a due that appears is tied to another one: the machine leaves it there',
    { rows: [row('r1', 9)], decisions: [decision('linked', 'r1', 'due_unknown', { isPaying: true })] },
    ['r1 paid_without_receipt R3 decided 1000'],
    [],
  ],
  [
    'what was paid twice and refunded',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { ...B, asked: 'once' })],
      decisions: [decision('refunded', 'r1', 'paid_twice')],
    },
    ['r1 paid_twice R4 decided 1000'],
    [],
  ],
  [
    'what was refunded, when the other payment is gone: the machine settles nothing by it',
    {
      transfers: [SETTLED],
      rows: [GONE, row('r2', 9, { ...B, asked: 'once' })],
      decisions: [decision('refunded', 'r2', 'paid_twice')],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 decided 1000'],
    ['take back s1 from r1'],
  ],
  [
    'what was refunded is what its receipt pays the due with: contradicted',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9)],
      decisions: [decision('refunded', 'r1', 'paid_twice')],
    },
    ['r1 matched R7 placed 1000 contradicted'],
    [],
  ],
  [
    'what was refunded is revoked: contradicted, because the money left twice',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [row('r1', 9, { ...B, asked: 'once' }), row('r2', 3, B)],
      decisions: [decision('refunded', 'r1', 'paid_twice')],
    },
    ['r1 paid_twice R4 unplaced 1000 contradicted', 'r2 revoked R2 revoked 1000'],
    ['call r1 paid_twice 1000', 'call r2 revoked 0'],
  ],
  [
    'what was refunded is gone: contradicted, because there was nothing to refund',
    { rows: [old('r1', 9, B)], decisions: [decision('refunded', 'r1', 'paid_twice')] },
    ['r1 superseded R9 contradicted'],
    [],
  ],
  [
    'a newer decision about the same payment takes the place of the older one',
    {
      transfers: [],
      rows: [old('r1', 9), row('r2', 9)],
      decisions: [
        decision('linked', 'r1', 'due_unknown', { decidedAt: '2026-04-01T08:00:00Z' }),
        decision('accepted', 'r2', 'due_unknown'),
      ],
    },
    ['r1 superseded R9', 'r2 due_unknown R3 decided 1000'],
    [],
  ],
  [
    'a decision about a row without an IUR is not that of another one',
    {
      transfers: [],
      rows: [row('r1', 9, { iur: '' }), row('r2', 9, { iur: '' })],
      decisions: [decision('accepted', 'r1', 'due_unknown')],
    },
    ['r1 due_unknown R3 decided 1000', 'r2 due_unknown R3 unplaced 1000'],
    ['call r2 due_unknown 1000'],
  ],
  [
    'two accepted duplicates in a revision that has one less',
    {
      transfers: [share('s1', { proof: byReceipt('t1') })],
      receipts: [receipt('t1')],
      rows: [old('r1', 0), old('r2', 0), old('r3', 0), row('r4', 0), row('r5', 0)],
      decisions: [decision('accepted', 'r2', 'duplicate'), decision('accepted', 'r3', 'duplicate')],
    },
    [
      'r1 superseded R9',
      'r2 superseded R9',
      'r3 superseded R9',
      'r4 matched R7 placed 1000',
      'r5 duplicate R6 decided 1000',
    ],
    [],
  ],
  [
    'an accepted duplicate whose first row is gone: the machine settles nothing by it',
    {
      rows: [old('r1', 9), row('r2', 9, { flowId: 'F2' })],
      decisions: [decision('accepted', 'r2', 'duplicate')],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 decided 1000 contradicted'],
    ['ask r2 once'],
  ],
]
