import { AppError } from '../domain/errors.ts'
import { CHASE, type Chase } from '../domain/payment/chase.ts'
import { PATIENCE, type Patience } from '../workflows/processes.ts'
import type { Fault } from './keys.ts'
import { schema, type Environment } from './environment.ts'
import { brokenRules } from './production.ts'
import { SWEEP, type SweepPace } from './sweep.ts'

export interface Config extends Environment {
  patience: Patience
  sweep: SweepPace
  isProduction: boolean
}

type Variables = Record<string, string | undefined>

/** @throws CONFIG_INVALID whose details list all faults at once */
export function readConfig(env: Variables): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  const unreadable: Fault[] = (parsed.error?.issues ?? []).map(({ path, message }) => ({
    variable: String(path[0]),
    text: message,
  }))
  const faults = [...unreadable, ...faultsOf(given, unreadable)]
  if (!parsed.success || faults.length > 0)
    throw new AppError('CONFIG_INVALID', {
      faults: faults.map(({ variable, text }) => `${variable}: ${text}`),
    })
  return {
    ...parsed.data,
    ...waitsOf(parsed.data.PATIENCE),
    isProduction: parsed.data.NODE_ENV === 'production',
  }
}

/**
 * Faults of the readable values. Unreadable ones are left out, because they are reported already; the others are checked
 * all the same, so that one start shows every fault.
 */
function faultsOf(given: Variables, unreadable: readonly Fault[]): Fault[] {
  const names = new Set(unreadable.map(({ variable }) => variable))
  const readable = Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name)))
  const env = schema.partial().parse(readable) as Environment
  return brokenRules(env, names)
}

type GivenWaits = Partial<Omit<Patience, 'chase'>> & { chase?: Partial<Chase>; sweep?: Partial<SweepPace> }

function waitsOf(json: string | undefined): Pick<Config, 'patience' | 'sweep'> {
  if (json === undefined) return { patience: PATIENCE, sweep: SWEEP }
  const { sweep, chase, ...given }: GivenWaits = JSON.parse(json)
  return {
    patience: { ...PATIENCE, ...given, chase: { ...CHASE, ...chase } },
    sweep: { ...SWEEP, ...sweep },
  }
}

/** Prints all faults and ends the process, so that a wrong configuration starts nothing. */
export function configOrExit(env: Variables): Config {
  try {
    return readConfig(env)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { faults } = error.details
    const lines = Array.isArray(faults) ? faults.map((fault) => `  - ${fault}\n`) : []
    process.stderr.write(`Configuration is not usable:\n${lines.join('')}`)
    process.exit(1)
  }
}
