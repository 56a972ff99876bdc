import { defineConfig } from 'vitest/config'

const shared = { environment: 'node', pool: 'forks' } as const

const FAULTS = 'test/faults/**/*.test.ts'
/** They say how fast the product answers under a fault: alone, or another test is what they measure. */
const TIMED = ['exports', 'file-requests'].map((name) => `test/faults/${name}.test.ts`)

/** Where .ci/run wants the counts of this run. */
const report = process.env['MYPAY_TEST_REPORT']

const system = { ...shared, testTimeout: 30_000, hookTimeout: 60_000 } as const

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'rules',
          // Servers share the machine with the tests: more workers only make time limits fail.
          maxWorkers: 2,
          include: ['domain', 'contracts', 'templates', 'simulator', 'tools'].map(
            (folder) => `${folder}/**/*.test.ts`,
          ),
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...system,
          name: 'system',
          globalSetup: 'test/setup/servers.ts',
          include: ['db', 'services', 'workflows', 'activities', 'api', 'workers', 'bench', 'test'].map(
            (folder) => `${folder}/**/*.test.ts`,
          ),
          exclude: [FAULTS],
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...system,
          name: 'faults',
          include: [FAULTS],
          exclude: TIMED,
          maxWorkers: 2,
          // Each starts the whole product: after the others, not beside them.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...system,
          name: 'timed',
          include: TIMED,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
