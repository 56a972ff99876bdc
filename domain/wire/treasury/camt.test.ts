import { describe, expect, it } from 'vitest'
import { readCamt } from './camt.ts'
import { bytesOf, readAll, refusalOf } from './testing/read.ts'

const IBAN = 'IT61H9999912345000000000001'

function entry({
  direction = 'CRDT',
  amount = '30.00',
  status = '<Sts>BOOK</Sts>',
  ref = 'R1',
  rest = '',
} = {}): string {
  const reference = ref === '' ? '' : `<AcctSvcrRef>${ref}</AcctSvcrRef>`
  return `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd>${status}<BookgDt><Dt>2025-07-15</Dt></BookgDt>${reference}${rest}</Ntry>`
}
const part = (amount: string, text: string): string =>
  `<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>PSP</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls>`
const statement = (entries: string): string =>
  `<Document><BkToCstmrStmt><GrpHdr><CreDtTm>2025-07-16T03:00:00Z</CreDtTm></GrpHdr><Stmt><Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct>${entries}</Stmt></BkToCstmrStmt></Document>`
const read = (document: string) => readAll(readCamt(bytesOf(document)))

describe('an entry', () => {
  it('of an old version and of a new one says the same', async () => {
    const old = await read(statement(entry({ rest: `<NtryDtls>${part('30.00', 'TEXT')}</NtryDtls>` })))
    const rest = `<NtryDtls>${part('30.00', 'TEXT').replace('<Nm>PSP</Nm>', '<Pty><Nm>PSP</Nm></Pty>')}</NtryDtls>`
    expect(await read(statement(entry({ status: '<Sts><Cd>BOOK</Cd></Sts>', rest })))).toEqual(old)
    expect(old.movements).toMatchObject([
      { act: 'credit', cents: 3000, sender: 'PSP', text: 'TEXT', trn: 'R1', madeAt: '2025-07-16T05:00:00' },
    ])
  })

  it.each([
    ['is pending', entry({ status: '<Sts>PDNG</Sts>' })],
    ['is a payment', entry({ direction: 'DBIT' })],
  ])('that %s is passed over', async (_, ntry) => {
    expect(await read(statement(ntry))).toEqual({ movements: [], faults: [], pages: [], passed: 1 })
  })

  it('that takes a credit back is a storno', async () => {
    const all = await read(statement(entry({ direction: 'DBIT', rest: '<RvslInd>true</RvslInd>' })))
    expect(all.movements).toMatchObject([{ act: 'storno', cents: 3000 }])
  })

  it('of several transfers is several credits when they add up', async () => {
    const rest = `<NtryDtls>${part('10.00', 'A')}${part('20.00', 'B')}</NtryDtls>`
    const { movements } = await read(statement(entry({ rest })))
    expect(movements.map(({ cents, text }) => [cents, text])).toEqual([
      [1000, 'A'],
      [2000, 'B'],
    ])
    expect(new Set(movements.map(({ key }) => key)).size).toBe(2)
  })

  it.each(['10.00', ''])(
    'of several transfers that do not add up is one, with all texts (%s)',
    async (amount) => {
      const rest = `<NtryDtls>${part(amount, 'A')}${part('25.00', 'B')}</NtryDtls>`
      const { movements } = await read(statement(entry({ rest })))
      expect(movements.map(({ cents, text }) => [cents, text])).toEqual([[3000, 'A B']])
    },
  )

  it('without details has the text of the entry; without a reference it is known by its content', async () => {
    const { movements } = await read(statement(entry({ ref: '', rest: '<AddtlNtryInf>NOTE</AddtlNtryInf>' })))
    expect(movements).toMatchObject([{ text: 'NOTE', trn: null, isKeyedByContent: true }])
  })

  it('with an instant is of the day in Rome', async () => {
    const ntry = entry().replace('<Dt>2025-07-15</Dt>', '<DtTm>2025-07-14T22:30:00Z</DtTm>')
    expect((await read(statement(ntry))).movements).toMatchObject([{ bookedOn: '2025-07-15' }])
  })

  it.each([
    [entry().replace('EUR', 'USD'), 'currency', 'Amt/Ccy'],
    [entry({ amount: 'ten' }), 'amount', 'Amt'],
    [entry().replace(/<BookgDt>.*<\/BookgDt>/, ''), 'missing', 'BookgDt/Dt'],
    [entry({ direction: 'UP' }), 'kind', 'CdtDbtInd'],
  ])('that cannot be read is listed: %s', async (ntry, code, field) => {
    const all = await read(statement(ntry + entry({ ref: 'R2' })))
    expect(all.faults.map((fault) => [fault.code, fault.field])).toEqual([[code, field]])
    expect(all.movements).toHaveLength(1)
  })
})

it('statements in the envelope of CBI are read', async () => {
  const document = statement(entry())
    .replaceAll('Document>', 'CBIDlyStmtReqLogMsg>')
    .replace(/<(\/?)(\w)/g, '<$1c:$2')
  expect((await read(document)).movements).toMatchObject([{ account: IBAN }])
})

it('each statement has its own account', async () => {
  const other = statement(entry()).replace(IBAN, 'IT32I9999954321000000000002')
  const both = statement(entry()).replace(
    '</BkToCstmrStmt>',
    `${/<Stmt>.*<\/Stmt>/.exec(other)![0]}</BkToCstmrStmt>`,
  )
  const { movements } = await read(both)
  expect(movements.map(({ account }) => account)).toEqual([IBAN, 'IT32I9999954321000000000002'])
  expect(new Set(movements.map(({ key }) => key)).size).toBe(2)
})

it('a document of something else is refused', async () => {
  expect(await refusalOf(readCamt(bytesOf('<Invoice/>')))).toEqual({ kind: 'not_known' })
})
