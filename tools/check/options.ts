import { accessSync, constants, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { codeOf } from '../../domain/errors.ts'

/** The check did not run, or not to its end. The message is a sentence for the person who called it. */
export class CannotCheck extends Error {}

const address = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be an address like ${example}` })
const orNone = <T extends z.ZodType>(one: T) => z.literal('').or(one)
const healedAt = z.iso.datetime({
  offset: true,
  local: true,
  error: 'must be an instant like 2026-03-31T10:00:00Z',
})

const Options = z.object({
  database: address(/^postgres(ql)?$/, 'postgres://user:password@host:5432/mypay'),
  simulator: orNone(address(/^https?$/, 'http://localhost:3003')),
  temporal: orNone(z.string().regex(/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be HOST:PORT')),
  namespace: z.string().min(1, 'must have a name'),
  grace: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,3})?$/, 'must be a number of seconds, like 60')
    .transform(Number),
  'healed-at': healedAt.optional(),
  log: z.array(
    z.string().superRefine((file, { addIssue }) => {
      const problem = fileProblem(file)
      if (problem) addIssue(`${file} ${problem}`)
    }),
  ),
})
export type Options = z.infer<typeof Options>

/** Returns undefined when no database is given. @throws CannotCheck with a line for each wrong option */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options | undefined {
  const given = parse(args, env)
  if (given.database === '') return undefined
  const parsed = Options.safeParse(given)
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map(({ path, message }) => `--${String(path[0])}: ${message}`)
  throw new CannotCheck([...new Set(lines)].join('\n'))
}

function parse(args: readonly string[], env: NodeJS.ProcessEnv) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        database: { type: 'string', default: env['DATABASE_URL'] ?? '' },
        simulator: { type: 'string', default: env['SIMULATOR_URL'] ?? '' },
        temporal: { type: 'string', default: env['TEMPORAL_ADDRESS'] ?? '' },
        namespace: { type: 'string', default: 'default' },
        grace: { type: 'string', default: '60' },
        'healed-at': { type: 'string' },
        log: { type: 'string', multiple: true, default: [] },
      },
    }).values
  } catch (error) {
    throw new CannotCheck(error instanceof Error ? error.message : String(error))
  }
}

function fileProblem(file: string): string | undefined {
  try {
    if (statSync(file).isDirectory()) return 'is a folder: name the files in it'
    accessSync(file, constants.R_OK)
    return undefined
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'is not there' : 'cannot be read'
  }
}
