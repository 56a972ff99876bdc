import { mayLink } from '../../../domain/reporting/decision.ts'
import type {
  AskedTransfer,
  Decision,
  IuvFacts,
  KnownRow,
  MovedReceipt,
} from '../../../domain/reporting/iuv-facts.ts'
import { byReceipt, receipt, row } from '../../reconciliation/given.ts'
import type { Event } from '../explore.ts'
import { judge, normalise, shareOf, type World } from './world.ts'

type Step = [name: string, happen: (world: World) => World]

/** `full`: each event is judged at once, or only after what comes next. `judged`: at once, with fewer flows, because that goes deeper. */
export type Breadth = 'full' | 'judged'

/** Everything that can happen next. */
export const eventsOf = (world: World, breadth: Breadth): Event<World>[] => [
  ...stepsOf(world, breadth).map(([name, happen]) => ({
    name,
    apply: (before: World) => normalise(judge({ ...happen(before), judged: null })),
  })),
  ...(breadth === 'judged' ? [] : stepsOf(world, breadth)).map(([name, happen]) => ({
    name: `${name}, not judged yet`,
    apply: (before: World) => normalise({ ...happen(before), judged: null }),
  })),
]

const stepsOf = (world: World, breadth: Breadth): Step[] => [
  ...publishes(world, breadth),
  ...[receives, attempts, decides, takesBack, takesOff].flatMap((source) => source(world)),
]

type Code = Parameters<typeof row>[1]

/** What a flow may list of the IUV: codes of the payments A and B. A flow that is published again is its next revision. */
const CONTENTS: Record<
  Breadth,
  Record<string, readonly (readonly (readonly [iur: string, code: Code])[])[]>
> = {
  full: {
    F1: [
      [],
      [['A', 0]],
      [['A', 8]],
      [['A', 9]],
      [
        ['A', 9],
        ['A', 3],
      ],
      [
        ['A', 9],
        ['B', 9],
      ],
    ],
    F2: [[['A', 9]], [['B', 9]]],
  },
  judged: {
    F1: [
      [],
      [['A', 0]],
      [['A', 9]],
      [
        ['A', 9],
        ['A', 3],
      ],
    ],
    F2: [[['B', 8]]],
  },
}

function publishes({ flows }: World, breadth: Breadth): Step[] {
  return Object.entries(CONTENTS[breadth]).flatMap(([flowId, contents]) =>
    contents
      .filter((rows) => rows.length > 0 || flows[flowId] !== undefined)
      .map((rows): Step => {
        const told = rows.map(([iur, code]) => `${iur} with code ${code}`).join(' and ')
        return [`${flowId} lists ${told || 'nothing'}`, (world) => published(world, flowId, rows)]
      }),
  )
}

function published(world: World, flowId: string, rows: readonly (readonly [string, Code])[]): World {
  const revision = (world.flows[flowId] ?? 0) + 1
  const older = world.facts.rows.map((one) => (one.flowId === flowId ? { ...one, isCurrent: false } : one))
  const newer = rows.map(([iur, code], at) =>
    row(`r${at}`, code, { id: `${flowId}.${revision}.${at}`, flowId, iur }),
  )
  const withoutReceipt = rows.filter(([, code]) => code >= 8).map(([iur]) => iur)
  return {
    ...changed(world, { rows: [...older, ...newer] }),
    flows: { ...world.flows, [flowId]: revision },
    withoutReceipt: [...new Set([...world.withoutReceipt, ...withoutReceipt])].sort(),
  }
}

/** The receipt of payment A or B is stored, and settles the due in the same turn or later; the second one is on the work list. */
function receives({ facts: { receipts } }: World): Step[] {
  return ['A', 'B'].flatMap((iur): Step[] => {
    const id = `t${iur}`
    const isStored = receipts.some((one) => one.id === id)
    const settles: Step = [`the receipt of ${iur} settles`, (world) => settledBy(stored(world, iur), id)]
    if (isStored) return receipts.some(isSettling) ? [] : [settles]
    return [[`the receipt of ${iur} is stored`, (world) => stored(world, iur)], settles]
  })
}

const stored = (world: World, iur: string): World => {
  const others = world.facts.receipts.filter(({ id }) => id !== `t${iur}`)
  return changed(world, { receipts: [...others, receipt(`t${iur}`, { iur, shareId: null })] })
}

const isSettling = ({ items }: MovedReceipt): boolean => items.some(({ shareId }) => shareId === 's1')

/** As domain/payment/settle.ts does: a row gives way, another receipt does not, and a cancelled due stays so. */
function settledBy(world: World, id: string): World {
  const share = shareOf(world)
  const { receipts } = world.facts
  if (share.dueState === 'cancelled' || share.proof?.by === 'receipt') return world
  return changed(world, {
    ...asked(share, { proof: byReceipt(id), dueState: 'paid', isHeld: false }),
    receipts: receipts.map((one) =>
      one.id === id ? { ...one, items: one.items.map((item) => ({ ...item, shareId: 's1' })) } : one,
    ),
  })
}

function attempts(world: World): Step[] {
  const share = shareOf(world)
  const becomes = (name: string, given: Partial<AskedTransfer>): Step => [
    name,
    (before) => changed(before, asked(shareOf(before), given)),
  ]
  if (share.isHeld) return [becomes('the attempt ends', { isHeld: false, dueState: 'payable' })]
  if (share.proof !== null || share.dueState !== 'payable') return []
  return [
    becomes('an attempt begins', { isHeld: true, dueState: 'paying' }),
    becomes('the due is cancelled', { dueState: 'cancelled' }),
  ]
}

/** A person sees a row that is judged, and decides about it; money that settles the due is tied to no other. */
function decides({ facts: { rows, decisions }, judged, other }: World): Step[] {
  if (!judged) return []
  return judged.flatMap(({ rowId, class: seen, places }) => {
    const seenRow = rows.find(({ id }) => id === rowId)
    if (!seenRow?.isCurrent || decisions.some((one) => isAbout(one, seenRow, rows))) return []
    const kinds: Decision['kind'][] = ['accepted', 'refunded']
    const { importoCents } = seenRow
    if (other === null && mayLink({ class: seen, importoCents, placedCents: places.placed }))
      kinds.push('linked')
    return kinds.map((kind): Step => [
      `a person decides: ${kind} about ${rowId}`,
      (world) => ({
        ...changed(world, { decisions: [...world.facts.decisions, decisionOf(world, kind, rowId, seen)] }),
        decided: world.decided + 1,
        other: kind === 'linked' ? rowId : world.other,
      }),
    ])
  })
}

const isAbout = ({ rowId }: Decision, { iur }: KnownRow, rows: readonly KnownRow[]): boolean =>
  rows.find(({ id }) => id === rowId)?.iur === iur

const decisionOf = (
  { decided }: World,
  kind: Decision['kind'],
  rowId: string,
  seen: Decision['seen'],
): Decision => ({
  kind,
  rowId,
  seen,
  decidedAt: `2026-04-0${decided + 1}T08:00:00Z`,
  isPaying: kind === 'linked',
})

function takesBack({ facts: { decisions } }: World): Step[] {
  return decisions.map(({ rowId, kind }): Step => [
    `a person takes the decision about ${rowId} back`,
    (world) => ({
      ...changed(world, { decisions: world.facts.decisions.filter((one) => one.rowId !== rowId) }),
      other: kind === 'linked' ? null : world.other,
    }),
  ])
}

/** A person makes a due payable again that a row settles, and later says that the money goes back. */
function takesOff(world: World): Step[] {
  const { proof } = shareOf(world)
  const open = world.facts.rows.filter(({ withdrawn }) => withdrawn === 'open')
  const returns = open.map(({ id }): Step => [
    `a person returns the money of ${id}`,
    (before) => changed(before, withRow(before.facts, id, { withdrawn: 'returned' })),
  ])
  if (proof?.by !== 'row') return returns
  const { rowId } = proof
  const off: Step = [
    `a person takes the money of ${rowId} off the due`,
    (before) =>
      changed(before, {
        ...asked(shareOf(before), { proof: null, dueState: 'payable' }),
        ...withRow(before.facts, rowId, { withdrawn: 'open' }),
      }),
  ]
  return [...returns, off]
}

const changed = (world: World, given: Partial<IuvFacts>): World => ({
  ...world,
  facts: { ...world.facts, ...given },
})

const asked = (share: AskedTransfer, given: Partial<AskedTransfer>): Pick<IuvFacts, 'transfers'> => ({
  transfers: [{ ...share, ...given }],
})

const withRow = ({ rows }: IuvFacts, id: string, given: Partial<KnownRow>): Pick<IuvFacts, 'rows'> => ({
  rows: rows.map((one) => (one.id === id ? { ...one, ...given } : one)),
})
