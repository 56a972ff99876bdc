import { describe, expect, it } from 'vitest'
import type { DueState } from '../states.ts'
import { decideRow, learn, type Decision, type KnownDue, type KnownDues, type RowToDecide } from './decide.ts'
import { rejectOf, STATE_REJECTS, type Reject } from '../wire/flow-reject.ts'
import { STATE_ERRORS, type StateError } from './reason.ts'
import type { FlowAction, FlowDue, FlowSecondary } from './values.ts'
import { cents } from '../money.ts'
import { aFlowDueType } from './testing/due-type.ts'

const TODAY = '2026-03-31'
const IUV = '12010000000003168'
const OTHER = '12010000000004178'

const BINDING = aFlowDueType({ dueOnBinding: true })
const PRINTED = aFlowDueType({ printDueOn: true })
/** A type of the ente that the sender of the row may not use. */
const FORBIDDEN = aFlowDueType({ id: 'f', code: 'VIETATO' })
const GRANTED = new Set(['MENSA', 'ALTRO'])

interface Given {
  action?: FlowAction
  due?: Partial<FlowDue>
  hash?: string
  /** The due that the IUD of the row already has. */
  there?: Partial<KnownDue>
  /** IUVs of other dues. */
  taken?: readonly string[]
}

function rowOf({ action = 'I', due = {}, hash = 'new' }: Given): RowToDecide {
  return {
    action,
    contentHash: hash,
    codIpa: 'C_Q999',
    today: TODAY,
    due: {
      iud: 'X-1',
      iuv: undefined,
      dueType: aFlowDueType(),
      pagatore: {
        tipo: 'F',
        codice: 'BNCCHR85H52M999M',
        anagrafica: 'Bianchi Chiara',
      } as FlowDue['pagatore'],
      dueOn: undefined,
      importo: cents(2450),
      commissione: undefined,
      tipoVersamento: 'ALL',
      causale: 'Mensa',
      datiSpecifici: '9/0107101TS/MENSA',
      bilancio: undefined,
      generatesIuv: false,
      secondary: undefined,
      ...due,
    },
  }
}

function knownOf({ there, taken = [] }: Given): KnownDues {
  const one: KnownDue = {
    id: 'd1',
    iuv: undefined,
    state: 'payable',
    dueTypeCode: 'MENSA',
    contentHash: 'old',
    hasUsedSecondary: false,
    ...there,
  }
  return {
    byIud: new Map(there === undefined ? [] : [['X-1', one]]),
    iuvs: new Set([...taken, ...(there?.iuv === undefined ? [] : [there.iuv])]),
    doneInFlow: new Set(),
    granted: GRANTED,
  }
}

const decide = (given: Given): Decision => decideRow(rowOf(given), knownOf(given))
/** The code and text that the outcome file has for a refused row. */
const rejectIn = (decision: Decision): Reject | undefined =>
  decision.kind === 'reject' ? rejectOf([decision.reason]) : undefined

const refusal = (error: StateError): Decision => ({ kind: 'reject', reason: { kind: 'state', error } })

const isRefused = (decision: Decision): boolean => decision.kind === 'reject'

interface Case {
  code: string
  text: string
  accepted: readonly Given[]
  refused: readonly Given[]
}

/** Stage D, row by row of docs/field/files.md#stage-d: values just accepted beside values just refused. */
const CASES: Record<Exclude<StateError, 'iudTwiceInFlow' | 'azione'>, Case> = {
  notAllowed: {
    code: '|PAA_IMPORT_OPERATORE_NO_PERMESSI',
    text: "|L'operatore non ha i permessi per questo tipo dovuto e ente",
    accepted: [{}],
    refused: [
      { due: { dueType: FORBIDDEN } },
      { action: 'M', there: {}, due: { dueType: FORBIDDEN } },
      { action: 'A', there: {}, due: { dueType: FORBIDDEN } },
    ],
  },
  dueOnRequired: {
    code: '|PAA_IMPORT_DATA_SCADENZA_PAGAMENTO_OBBLIGATORIA',
    text: '|dataScadenzaPagamento deve essere valorizzata per questo tipo dovuto',
    accepted: [
      {},
      { due: { dueType: PRINTED, dueOn: '2000-01-01' } },
      // A cancel row needs no due date.
      { action: 'A', there: {}, due: { dueType: PRINTED } },
    ],
    refused: [
      { due: { dueType: PRINTED } },
      { due: { dueType: BINDING } },
      { action: 'M', there: {}, due: { dueType: PRINTED } },
    ],
  },
  dueOnPast: {
    code: '|PAA_IMPORT_DATA_SCADENZA_PAGAMENTO_OBBLIGATORIA',
    text: '|dataScadenzaPagamento deve essere maggiore uguale alla data attuale per questo tipo dovuto',
    accepted: [
      { due: { dueType: BINDING, dueOn: TODAY } },
      { due: { dueOn: '2026-03-30' } },
      { action: 'A', there: {}, due: { dueType: BINDING, dueOn: '2026-03-30' } },
    ],
    refused: [
      { due: { dueType: BINDING, dueOn: '2026-03-30' } },
      { action: 'M', there: {}, due: { dueType: BINDING, dueOn: '2026-03-30' } },
    ],
  },
  iudTaken: {
    code: '|PAA_IMPORT_IUD_DUPLICATO',
    text: '|IUD attivo presente nel database, non si accettano dovuti duplicati',
    accepted: [{}],
    refused: [{ there: {} }, { there: { state: 'paying' } }, { there: { state: 'paid' } }],
  },
  iuvTaken: {
    code: '|PAA_IMPORT_IUV_DUPLICATO',
    text: '|IUV attivo presente nel database, non si accettano dovuti duplicati',
    accepted: [
      { due: { iuv: IUV } },
      { due: { iuv: IUV }, taken: [OTHER] },
      { action: 'M', there: {}, due: { iuv: IUV } },
      { action: 'M', there: { iuv: IUV }, due: { iuv: IUV } },
      { action: 'A', there: {}, due: { iuv: IUV }, taken: [IUV] },
    ],
    refused: [
      { due: { iuv: IUV }, taken: [IUV] },
      { action: 'M', there: {}, due: { iuv: IUV }, taken: [IUV] },
    ],
  },
  notPayable: {
    code: '|PAA_IMPORT_DOVUTO_NON_PRESENTE',
    text: '|Dovuto non presente o in pagamento nel database, impossibile modificarlo',
    accepted: [
      { action: 'M', there: {} },
      { action: 'A', there: {} },
    ],
    refused: [
      { action: 'M', there: { state: 'paying' } },
      { action: 'A', there: { state: 'paying' } },
    ],
  },
  dueTypeChanged: {
    code: '|PAA_IMPORT_TIPO_DOVUTO_NON_MODIFICABILE',
    text: '|Non è possibile modificare il tipo dovuto di un dovuto',
    accepted: [
      { action: 'M', there: {} },
      { action: 'A', there: { dueTypeCode: 'ALTRO' } },
    ],
    refused: [{ action: 'M', there: { dueTypeCode: 'ALTRO' } }],
  },
  iuvChanged: {
    code: '|PAA_IMPORT_IUV_DUPLICATO',
    text: '|Non è possibile modificare il codice iuv di un dovuto',
    accepted: [
      { action: 'M', there: { iuv: IUV }, due: { iuv: IUV } },
      { action: 'A', there: { iuv: IUV }, due: { iuv: OTHER } },
    ],
    refused: [{ action: 'M', there: { iuv: IUV }, due: { iuv: OTHER } }],
  },
  iuvDropped: {
    code: '|PAA_IMPORT_IUV_NO_NULLABLE',
    text: '|Non è possibile azzerare il codice iuv di un dovuto',
    accepted: [
      { action: 'M', there: {} },
      { action: 'A', there: { iuv: IUV } },
    ],
    refused: [{ action: 'M', there: { iuv: IUV } }],
  },
}

describe.each(Object.entries(CASES))('%s', (_, { code, text, accepted, refused }) => {
  it('is reported for values just refused, and not for values just accepted', () => {
    for (const given of accepted) expect([given, isRefused(decide(given))]).toEqual([given, false])
    for (const given of refused) expect([given, rejectIn(decide(given))]).toEqual([given, { code, text }])
    expect(refused.length).toBeGreaterThan(0)
  })
})

it('each error of the catalogue has a case, except those of stage B, which need no dues', () => {
  expect([...Object.keys(CASES), 'iudTwiceInFlow', 'azione'].sort()).toEqual([...STATE_ERRORS].sort())
  expect(STATE_REJECTS.iudTwiceInFlow).toEqual({
    code: 'PAA_IMPORT_IUD_DUPLICATO',
    text: "Errore IUD duplicato all''interno dello stesso flusso",
  })
  expect(STATE_REJECTS.azione).toEqual({
    code: 'PAA_IMPORT_SINTASSI_CSV_AZIONE',
    text: "Errore sintassi CSV campo azione. Per maggiori informazioni fare riferimento al manuale 'Integrazione Ente'",
  })
})

describe('an IUD that is not there', () => {
  const text =
    '|CODICE PAA_IMPORT_ERROR DESCRIZIONE Dovuto non trovato per IUD [X-1] e codice IPA Ente [C_Q999]'

  it.each(['M', 'A'] as const)('is the first error of a row %s', (action) => {
    const reject = { code: 'PAA_IMPORT_ERROR', text }
    expect(rejectIn(decide({ action }))).toEqual(reject)
    expect(rejectIn(decide({ action, there: { state: 'paid' } }))).toEqual(reject)
    expect(rejectIn(decide({ action, due: { dueType: FORBIDDEN } }))).toEqual(reject)
  })

  it('has a text of at most 512 characters', () => {
    const reason = { kind: 'state', error: 'notFound', iud: 'x'.repeat(35), codIpa: 'y'.repeat(600) } as const
    expect(rejectOf([reason]).text).toHaveLength(512)
  })
})

describe('a due of a type that the sender may not use', () => {
  const HIDDEN: readonly Partial<KnownDue>[] = (['payable', 'paying', 'paid'] as const).flatMap((state) =>
    [undefined, IUV].map((iuv) => ({ state, iuv, dueTypeCode: FORBIDDEN.code, contentHash: 'new' })),
  )
  const ROWS: readonly Given[] = [
    {},
    { due: { iuv: IUV } },
    { due: { iuv: OTHER } },
    { due: { dueType: FORBIDDEN } },
    { due: { dueType: PRINTED } },
    { due: { dueType: BINDING, dueOn: '2026-03-30' } },
    { hash: 'old' },
  ]

  it.each(['M', 'A'] as const)('is reported to a row %s as missing, whatever type the row has', (action) => {
    for (const there of HIDDEN)
      for (const row of ROWS) expect(decide({ ...row, action, there })).toEqual(decide({ ...row, action }))
  })

  it('keeps its IUD and IUV: a new due with one of them gets the same error as for any taken number', () => {
    for (const there of HIDDEN) {
      expect(decide({ there })).toEqual(refusal('iudTaken'))
      expect(decide({ there })).toEqual(decide({ there: { ...there, dueTypeCode: 'MENSA' } }))
    }
    expect(decide({ due: { iuv: IUV }, taken: [IUV] })).toEqual(refusal('iuvTaken'))
  })
})

/** Outcome by action and by the state of the existing due, as in docs/field/files.md#stage-d. */
const BY_STATE: [state: DueState | undefined, I: string, M: string, A: string][] = [
  [undefined, 'insert', 'PAA_IMPORT_ERROR', 'PAA_IMPORT_ERROR'],
  ['payable', '|PAA_IMPORT_IUD_DUPLICATO', 'change', 'cancel'],
  [
    'paying',
    '|PAA_IMPORT_IUD_DUPLICATO',
    '|PAA_IMPORT_DOVUTO_NON_PRESENTE',
    '|PAA_IMPORT_DOVUTO_NON_PRESENTE',
  ],
  ['paid', '|PAA_IMPORT_IUD_DUPLICATO', 'PAA_IMPORT_ERROR', 'PAA_IMPORT_ERROR'],
]

it.each(BY_STATE)('a due that is %s: I %s, M %s, A %s', (state, ...expected) => {
  const there = state === undefined ? {} : { there: { state } }
  const found = (['I', 'M', 'A'] as const).map((action) => {
    const decision = decide({ action, ...there })
    return rejectIn(decision)?.code ?? decision.kind
  })
  expect(found).toEqual(expected)
})

/** Only the first error of a row counts, in the order of docs/field/files.md#stage-d. */
it('of several errors only the first of the list is reported', () => {
  const worst: Given = {
    action: 'M',
    there: { state: 'paying', dueTypeCode: 'ALTRO', iuv: IUV },
    due: { iuv: OTHER, dueType: { ...FORBIDDEN, dueOnBinding: true }, dueOn: '2026-03-30' },
  }
  const order: [fix: (given: Given) => void, then: StateError][] = [
    [() => undefined, 'notAllowed'],
    [(given) => (given.due!.dueType = BINDING), 'dueOnPast'],
    [(given) => (given.due!.dueOn = TODAY), 'notPayable'],
    [(given) => (given.there!.state = 'payable'), 'dueTypeChanged'],
    [(given) => (given.there!.dueTypeCode = 'MENSA'), 'iuvChanged'],
  ]
  for (const [fix, then] of order) {
    fix(worst)
    expect(decide(worst)).toEqual(refusal(then))
  }
  expect(decide({ due: { dueType: BINDING, iuv: IUV }, there: {}, taken: [IUV] })).toEqual(
    refusal('dueOnRequired'),
  )
  expect(decide({ due: { iuv: IUV }, there: {}, taken: [IUV] })).toEqual(refusal('iudTaken'))
})

describe('a change', () => {
  const secondary = { domain: '99999900022' } as FlowSecondary

  it('with every value equal does not touch the due, unless it brings an IUV', () => {
    expect(decide({ action: 'M', there: {}, hash: 'old' })).toEqual({ kind: 'unchanged', iuv: undefined })
    expect(decide({ action: 'M', there: {}, hash: 'old', due: { iuv: IUV } })).toEqual({
      kind: 'change',
      dueId: 'd1',
      iuv: IUV,
    })
    expect(decide({ action: 'M', there: { contentHash: undefined }, hash: 'old' }).kind).toBe('change')
  })

  it('that drops a second beneficiary named in a payment document makes a new due', () => {
    expect(decide({ action: 'M', there: { hasUsedSecondary: true } }).kind).toBe('replace')
    expect(decide({ action: 'M', there: { hasUsedSecondary: true }, due: { secondary } }).kind).toBe('change')
    expect(decide({ action: 'M', there: { hasUsedSecondary: false } }).kind).toBe('change')
  })
})

describe('the rows that follow', () => {
  it('are decided with what accepted rows did, and without rejected rows', () => {
    const known = knownOf({ there: { iuv: IUV } })
    const refused = rowOf({ due: { iuv: OTHER } })
    learn(known, refused, decideRow(refused, known))
    expect([known.doneInFlow.size, known.iuvs.has(OTHER)]).toEqual([0, false])

    const cancelling = rowOf({ action: 'A', due: { iuv: OTHER } })
    learn(known, cancelling, decideRow(cancelling, known))
    expect([known.byIud.size, known.iuvs.has(IUV), known.iuvs.has(OTHER)]).toEqual([0, false, false])
    expect(known.doneInFlow.has('X-1')).toBe(true)

    const inserting = rowOf({ due: { iud: 'X-2', iuv: IUV } })
    learn(known, inserting, decideRow(inserting, known))
    expect(decideRow(rowOf({ due: { iud: 'X-3', iuv: IUV } }), known)).toEqual(refusal('iuvTaken'))
  })
})
