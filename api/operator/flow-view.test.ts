import { describe, expect, it } from 'vitest'
import type { Flow } from '../../db/flow/flow.ts'
import { noFindings } from '../../domain/flow/findings.ts'
import { VALUE_RULES } from '../../domain/wire/flow-reject.ts'
import { valueRemedy } from '../../templates/pages/operator/reject-remedies.ts'
import { flowView, type FlowFacts } from './flow-view.ts'

const FLOW: Flow = {
  id: 'f',
  enteId: 'e',
  baseName: 'C_Q999-PROVA-1_3',
  iuf: 'PROVA',
  format: '1_3',
  state: 'loading',
  isCheck: false,
  checkId: null,
  correctsId: null,
  version: 1,
  operatorId: null,
  wantsNotices: false,
  source: 'zip',
  originalName: null,
  zipBytes: 1,
  csvBytes: 4_000,
  header: 'IUD',
  nextByte: 1_000,
  chunks: 1,
  rowsRead: 25_000,
  rowsLoaded: 25_000,
  rowsChanged: 0,
  rowsCancelled: 0,
  rowsUnchanged: 0,
  rowsRejected: 0,
  findings: null,
  noticesWanted: 0,
  noticesPrinted: 0,
  noticesAfter: '',
  errorCode: null,
  errorDetails: [],
  duesCancelled: 0,
  duesKeptPaid: 0,
  duesKeptPaying: 0,
  cancelledBy: null,
  cancelWhy: null,
  loadingSince: '2026-03-31T10:00:00Z',
  loadingMs: 5_000,
  endedAt: null,
  createdAt: '2026-03-31T09:00:00Z',
}

const viewOf = (flow: Partial<Flow>, facts: Partial<FlowFacts> = {}) =>
  flowView({
    flow: { ...FLOW, ...flow },
    related: [],
    listHref: '/operatore/C_X902/flussi',
    before: 0,
    operatorName: null,
    cancelledByName: null,
    today: undefined,
    rejects: [],
    numbers: null,
    corrected: 0,
    href: '/f',
    duesHref: '/dovuti',
    csrf: 'c',
    now: '2026-03-31T10:00:05Z',
    ...facts,
  })

it('a file says where doubles of other dues were not looked for: loaded above 4 MB, never in a check', () => {
  const said = (csvBytes: number, isCheck = false) =>
    viewOf({ csvBytes, isCheck, findings: { ...noFindings(), rows: 1 } }).notCompared
  expect(said(4 * 1024 ** 2)).toBeNull()
  expect(said(4 * 1024 ** 2 + 1)).toContain('più grande di 4 MB')
  expect(said(5 * 1024 ** 2, true)).toBeNull()
})

it('a file that has written dues leads to them, under its whole name', () => {
  expect(viewOf({ baseName: 'C_X902-A B-1_3' }).dues?.map(({ href }) => href)).toEqual([
    '/dovuti?flusso=C_X902-A+B-1_3',
    '/dovuti?flusso=C_X902-A+B-1_3&vista=archivio',
  ])
  expect(viewOf({ rowsLoaded: 0, rowsChanged: 0 }).dues).toBeNull()
})

describe('the pace of a file', () => {
  it('is the rows per second of loading, without pauses, and the time left at that pace', () => {
    // 25,000 rows and a quarter of the bytes in 5 s before the pause and 5 s after it.
    expect(viewOf({}).progress).toEqual({
      rows: '25.000',
      percent: '25',
      pace: '2.500 righe al secondo, circa 30 secondi alla fine',
    })
    expect(viewOf({ nextByte: 80 }).progress?.pace).toBe('2.500 righe al secondo, circa 8 minuti alla fine')
  })

  it('is not shown before the first row, nor for a file that is not loading', () => {
    expect(viewOf({ rowsRead: 0 }).progress?.pace).toBeNull()
    expect(viewOf({ state: 'paused', loadingSince: null }).progress?.pace).toBeNull()
  })

  it('does not bring the progress to 100 percent while the file is loading', () => {
    expect(viewOf({ nextByte: 4_000 }).progress?.percent).toBe('99')
    expect(viewOf({ nextByte: 4_000, state: 'loaded' }).progress?.percent).toBe('100')
  })
})

it('a queued file shows how many files load before it', () => {
  const waiting = (before: number) => viewOf({ state: 'queued', rowsRead: 0 }, { before }).queue
  expect([0, 1, 3].map(waiting)).toEqual([
    'comincia tra poco',
    'prima finisce un altro flusso di questo ente',
    'prima finiscono altri 3 flussi di questo ente',
  ])
  expect(viewOf({}, { before: 3 }).queue).toBeNull()
})

it('notices have a progress bar of their own when the sender wants notices', () => {
  const printing = { state: 'writing', noticesWanted: 3_000, noticesPrinted: 1_000 } as const
  expect(viewOf({ ...printing, wantsNotices: true }).notices).toEqual({
    printed: '1.000',
    wanted: '3.000',
    percent: '33',
  })
  expect(viewOf(printing).notices).toBeNull()
})

it('a rejected row has its IUD, what to do, and the reason as the file has it', () => {
  const { code, text } = VALUE_RULES.cap
  const [reject] = viewOf(
    { rowsRejected: 1 },
    {
      rejects: [
        {
          row: 1_234,
          number: 1_240,
          reasons: [{ kind: 'value', error: 'cap' }],
          raw: Buffer.from(''),
          facts: { values: { IUD: 'X-1', capPagatore: '30-18' }, dueTypes: [], taken: undefined },
        },
      ],
    },
  ).rejects!
  expect(reject).toEqual({
    row: '1.240',
    iud: 'X-1',
    payer: '',
    code,
    reasons: [text],
    remedies: [`capPagatore: ${valueRemedy('cap')}`],
  })
})
