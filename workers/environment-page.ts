import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { keysOf } from '../domain/table.ts'
import { keySchema } from './keys.ts'
import { limitSchema } from './limits.ts'
import { fileVariables } from './variables/files.ts'
import { nodePortVariables, nodeVariables } from './variables/node.ts'
import { reportingVariables } from './variables/reporting.ts'
import { ownerVariables } from './variables/owner.ts'
import { pageVariables } from './variables/pages.ts'
import { databaseVariables, mailVariables, temporalVariables } from './variables/parts.ts'
import { processVariables } from './variables/process.ts'
import { signInVariables } from './variables/sign-in.ts'

export const ENVIRONMENT_PAGE = fileURLToPath(new URL('../docs/environment.md', import.meta.url))

/** Variables by the heading of the page that lists them. */
export const GROUPS = {
  PostgreSQL: databaseVariables,
  Temporal: temporalVariables,
  'The pagoPA node': nodeVariables,
  'The port that the node calls': nodePortVariables,
  'Reporting flows': reportingVariables,
  Mail: mailVariables,
  Pages: pageVariables,
  'Header and footer': ownerVariables,
  'Sign-in': signInVariables,
  Keys: keySchema,
  Files: fileVariables,
  'What a stranger may ask': limitSchema,
  'The process': processVariables,
}

/** The part of the JSON Schema of a group that the page uses, with the metadata of the variables. */
const GroupSchema = z.object({
  properties: z.record(
    z.string(),
    z.object({
      description: z.string(),
      default: z.union([z.string(), z.number()]).optional(),
      required: z.string().optional(),
    }),
  ),
  required: z.array(z.string()).optional(),
})

const INTRO = `# Environment variables

Drawn by \`node --import tsx workers/environment-page.ts\` from the schema of the configuration (\`workers/environment.ts\`); a test fails when
this page is stale.

\`npm start\` sets the variables of the parts that it embeds, so it needs none; a part whose address is given is not embedded. An empty
variable counts as not set. A process that finds a fault lists all of them and ends.
`

const NOTES: Partial<Record<keyof typeof GROUPS, string>> = {
  Keys: 'A key has 32 characters or more: make each with `openssl rand -hex 32`. How to change one is in [security](security.md#what-is-left-to-the-installation).',
  'What a stranger may ask':
    'What a client is, and who may do more, is in [architecture](architecture.md#what-a-stranger-may-ask).',
}

/** Text of docs/environment.md. */
export function environmentPage(): string {
  return [INTRO, ...keysOf(GROUPS).map(section)].join('\n')
}

function section(title: keyof typeof GROUPS): string {
  const { properties, required = [] } = GroupSchema.parse(
    z.toJSONSchema(z.object(GROUPS[title]), { io: 'input' }),
  )
  const rows = Object.entries(properties).map(([name, variable]) => [
    `\`${name}\``,
    variable.description,
    defaultOf(variable),
    required.includes(name) ? 'always' : (variable.required ?? ''),
  ])
  const note = NOTES[title] === undefined ? '' : `${NOTES[title]}\n\n`
  return `## ${title}\n\n${note}${table([['Variable', 'What it is', 'Default', 'Required'], ...rows])}\n`
}

const defaultOf = ({ default: value }: { default?: string | number | undefined }): string =>
  value === undefined || value === '' ? '' : `\`${value}\``

/** Pads columns like the formatter, so that formatting the page changes nothing. */
function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  const [head, ...body] = rows
  return [line(head!), rule, ...body.map(line)].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ENVIRONMENT_PAGE, environmentPage())
