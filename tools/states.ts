import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MOVES, type Entity } from '../domain/states.ts'
import { keysOf } from '../domain/table.ts'
import { STATE_WORDS, type Words } from './state-words.ts'

export const STATES_PAGE = fileURLToPath(new URL('../docs/states.md', import.meta.url))

const TITLES: Record<Entity, string> = {
  cart: 'Cart',
  attempt: 'Attempt',
  due: 'Due',
  email: 'E-mail',
  ente: 'Ente',
  flow: 'Flow',
  draft: 'Draft',
  export: 'Export',
  approval: 'Request that needs a second person',
  anomaly: 'Anomaly',
  bulk_act: 'Act on many dues',
  reporting_flow: 'Reporting flow of pagoPA',
  treasury_file: 'Statement of a bank',
  treasury_tie: 'Tie of a credit of the bank',
}

const INTRO = `# States and their allowed moves

Drawn by \`node --import tsx tools/states.ts\` from \`domain/states.ts\`; a test fails when this page is stale.
The table \`state_move\` holds the same rows, and a trigger refuses every other move with \`STATE_MOVE_REFUSED\`.
`

/** Text of docs/states.md: one diagram and one table of states for each entity. */
export function statesPage(): string {
  return [INTRO, ...keysOf(MOVES).map(section)].join('\n')
}

function section(entity: Entity): string {
  const moves: Record<string, readonly string[]> = MOVES[entity]
  const words: Record<string, Words> = STATE_WORDS[entity]
  const rows = Object.keys(moves).map((state) => [
    `\`${state}\``,
    words[state]!.meaning,
    words[state]!.oldCode,
  ])
  return `## ${TITLES[entity]}\n\n${diagram(moves)}\n\n${table([['State', 'Meaning', 'Old code'], ...rows])}\n`
}

function diagram(moves: Record<string, readonly string[]>): string {
  const states = Object.keys(moves)
  const arrows = Object.entries(moves).flatMap(([from, targets]) =>
    targets.map((to) => `  ${node(from)} --> ${node(to)}`),
  )
  const ends = states.filter((state) => moves[state]!.length === 0).map((state) => `  ${node(state)} --> [*]`)
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${node(states[0]!)}`, ...arrows, ...ends, '```'].join(
    '\n',
  )
}

/** Mermaid ends a name at a hyphen, so it becomes an underscore. */
const node = (state: string): string => state.replaceAll('-', '_')

/** Pads columns like the formatter, so that formatting the page changes nothing. */
function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const [head, ...body] = rows
  return [line(head!), rule, ...body.map(line)].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(STATES_PAGE, statesPage())
