import type { World } from '../tools/world.ts'

interface Fault {
  strike(world: World): Promise<void> | void
  heal(world: World): Promise<void> | void
}

const wire = (name: keyof World['gates'], mode: 'refuse' | 'freeze' | 'lose_answer'): Fault => ({
  strike: ({ gates }) => gates[name].set(mode),
  heal: ({ gates }) => {
    gates[name].set('pass')
    // Connections are closed, because messages that were half sent before the freeze are useless.
    if (mode === 'freeze') gates[name].cut()
  },
})

const part = (name: 'worker' | 'flows' | 'api', how: 'kill' | 'stop'): Fault => ({
  strike: (world) => world[name][how](),
  heal: (world) => world[name].start(),
})

const server = (name: 'postgres' | 'temporal', how: 'crash' | 'stop'): Fault => ({
  strike: (world) => world[name][how](),
  heal: (world) => world[name].start(),
})

const frozen = (name: 'worker' | 'flows' | 'api' | 'temporal'): Fault => ({
  strike: (world) => world[name].freeze(),
  heal: (world) => world[name].thaw(),
})

/** Faults of all our processes, servers and connections, each in every way that it can fail. */
const FAULTS = {
  'worker-kill': part('worker', 'kill'),
  'worker-stop': part('worker', 'stop'),
  'worker-freeze': frozen('worker'),
  'api-kill': part('api', 'kill'),
  'api-stop': part('api', 'stop'),
  'api-freeze': frozen('api'),
  'postgres-kill': server('postgres', 'crash'),
  'postgres-stop': server('postgres', 'stop'),
  'postgres-freeze': wire('database', 'freeze'),
  'postgres-answers-lost': wire('database', 'lose_answer'),
  'temporal-kill': server('temporal', 'crash'),
  'temporal-stop': server('temporal', 'stop'),
  'temporal-freeze': frozen('temporal'),
  'temporal-answers-lost': wire('temporal', 'lose_answer'),
  'node-away': wire('node', 'refuse'),
  'node-answers-lost': wire('node', 'lose_answer'),
  'our-answers-lost': wire('nodePort', 'lose_answer'),
  'mail-away': wire('smtp', 'refuse'),
} satisfies Record<string, Fault>

/** Faults of the worker of files. They are drawn separately, so that a seed has the same effect on payments as before them. */
const FILE_FAULTS = {
  'flows-kill': part('flows', 'kill'),
  'flows-stop': part('flows', 'stop'),
  'flows-freeze': frozen('flows'),
} satisfies Record<string, Fault>

export const ALL_FAULTS = { ...FAULTS, ...FILE_FAULTS }

export type FaultName = keyof typeof ALL_FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]
export const FILE_FAULT_NAMES = Object.keys(FILE_FAULTS) as FaultName[]
