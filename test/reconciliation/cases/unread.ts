import { decision, old, receipt, row, share, type Case } from '../given.ts'

const UNKNOWN = { code: 'PAID' }
const FRACTION = { importoCents: null }

/** Codes and amounts that cannot be read, and revocations. */
export const UNREAD: readonly Case[] = [
  [
    'a code that nobody knows: a person looks, and nothing is paid by it',
    { rows: [row('r1', 9, UNKNOWN)] },
    ['r1 code_unknown R1 unplaced 1000'],
    ['call r1 code_unknown 1000'],
  ],
  [
    'no code at all',
    { rows: [row('r1', 9, { code: '' })] },
    ['r1 code_unknown R1 unplaced 1000'],
    ['call r1 code_unknown 1000'],
  ],
  [
    'an unknown code comes before an amount that is none',
    { rows: [row('r1', 9, { ...UNKNOWN, ...FRACTION })] },
    ['r1 code_unknown R1'],
    ['call r1 code_unknown 0'],
  ],
  [
    'an unknown code of a payment whose receipt is here: its money has a place',
    { receipts: [receipt('t1')], rows: [row('r1', 9, UNKNOWN)] },
    ['r1 code_unknown R1 placed 1000'],
    ['call r1 code_unknown 0'],
  ],
  [
    'an unknown code beside the row that has the same payment: the receipt is counted once',
    { receipts: [receipt('t1')], rows: [row('r1', 9, UNKNOWN), row('r2', 0)] },
    ['r1 code_unknown R1 unplaced 1000', 'r2 matched R7 placed 1000'],
    ['call r1 code_unknown 1000'],
  ],
  [
    'an unknown code of an IUV that no due has',
    { transfers: [], rows: [row('r1', 0, UNKNOWN)] },
    ['r1 code_unknown R1 unplaced 1000'],
    ['call r1 code_unknown 1000'],
  ],
  [
    'an amount with a fraction of a cent is never rounded',
    { rows: [row('r1', 9, FRACTION)] },
    ['r1 amount_invalid R1'],
    ['call r1 amount_invalid 0'],
  ],
  [
    'an amount that is none, of a payment whose receipt is here',
    { receipts: [receipt('t1')], rows: [row('r1', 0, FRACTION)] },
    ['r1 amount_invalid R1'],
    ['call r1 amount_invalid 0'],
  ],
  [
    'a revocation whose amount is none',
    { rows: [row('r1', 3, FRACTION)] },
    ['r1 amount_invalid R1'],
    ['call r1 amount_invalid 0'],
  ],
  [
    'a row that cannot be read does not make a good one a duplicate',
    { rows: [row('r1', 9, FRACTION), row('r2', 9)] },
    ['r1 amount_invalid R1', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'call r1 amount_invalid 0'],
  ],
  [
    'a revision that has the amount in cents: the person need not look any more',
    {
      rows: [
        old('r1', 9, { ...FRACTION, anomalies: [{ anomaly: 'amount_invalid', cents: 0 }] }),
        row('r2', 9),
      ],
    },
    ['r1 superseded R9', 'r2 paid_without_receipt R3 placed 1000'],
    ['settle s1 1000 by r2', 'ask r2 once', 'clear r1 amount_invalid'],
  ],
  [
    'an unknown code that a person accepted',
    { rows: [row('r1', 0, UNKNOWN)], decisions: [decision('accepted', 'r1', 'code_unknown')] },
    ['r1 code_unknown R1 decided 1000'],
    [],
  ],
  ['a revocation alone', { rows: [row('r1', 3)] }, ['r1 revoked R2 revoked 1000'], ['call r1 revoked 0']],
  [
    'a payment and its revocation: the payment keeps its class',
    {
      transfers: [share('s1', { proof: { by: 'receipt', receiptId: 't1' } })],
      receipts: [receipt('t1')],
      rows: [row('r1', 0), row('r2', 3)],
    },
    ['r1 matched R7 placed 1000', 'r2 revoked R2 revoked 1000'],
    ['call r2 revoked 0'],
  ],
  [
    'a row that settled and its revocation: the due stays paid until a person decides',
    {
      transfers: [share('s1', { proof: { by: 'row', rowId: 'r1' } })],
      rows: [row('r1', 9, { asked: 'once' }), row('r2', 3, { flowId: 'F2' })],
    },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 revoked R2 revoked 1000'],
    ['call r2 revoked 0'],
  ],
  [
    'a payment and its revocation that come together are as if they came one after the other',
    { rows: [row('r1', 9), row('r2', 3)] },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 revoked R2 revoked 1000'],
    ['settle s1 1000 by r1', 'ask r1 once', 'call r2 revoked 0'],
  ],
  [
    'a revocation is subtracted each time it is listed, as its flow does',
    { rows: [row('r1', 3), row('r2', 3)] },
    ['r1 revoked R2 revoked 1000', 'r2 revoked R2 revoked 1000'],
    ['call r1 revoked 0', 'call r2 revoked 0'],
  ],
  [
    'a revocation of an IUV that no due has',
    { transfers: [], rows: [row('r1', 3)] },
    ['r1 revoked R2 revoked 1000'],
    ['call r1 revoked 0'],
  ],
  [
    'a revocation with the amount of its receipt is no match',
    { receipts: [receipt('t1')], rows: [row('r1', 3)] },
    ['r1 revoked R2 revoked 1000'],
    ['call r1 revoked 0'],
  ],
  [
    'a revocation of a part',
    { receipts: [receipt('t1')], rows: [row('r1', 0), row('r2', 3, { importoCents: 400 })] },
    ['r1 matched R7 placed 1000', 'r2 revoked R2 revoked 400'],
    ['call r2 revoked 0'],
  ],
  [
    'a revocation that a newer revision took away',
    { rows: [old('r1', 3, { anomalies: [{ anomaly: 'revoked', cents: 0 }] })] },
    ['r1 superseded R9'],
    ['clear r1 revoked'],
  ],
  [
    'a revocation that a person accepted, listed again by a revision',
    { rows: [old('r1', 3), row('r2', 3)], decisions: [decision('accepted', 'r1', 'revoked')] },
    ['r1 superseded R9', 'r2 revoked R2 revoked 1000'],
    [],
  ],
  [
    'a person refunded what is revoked, before anything was paid by it: the machine pays nothing by it',
    { rows: [row('r1', 9), row('r2', 3)], decisions: [decision('refunded', 'r2', 'revoked')] },
    ['r1 paid_without_receipt R3 decided 1000', 'r2 revoked R2 revoked 1000'],
    ['ask r1 once'],
  ],
  [
    'a person refunded what is revoked, and the due still has it: contradicted, and nothing is taken back',
    {
      transfers: [share('s1', { proof: { by: 'row', rowId: 'r1' } })],
      rows: [row('r1', 9, { asked: 'once' }), row('r2', 3)],
      decisions: [decision('refunded', 'r2', 'revoked')],
    },
    ['r1 paid_without_receipt R3 placed 1000', 'r2 revoked R2 revoked 1000 contradicted'],
    ['call r2 revoked 0'],
  ],
]
