import { defineConfig } from 'vitest/config'

const shared = { environment: 'node', pool: 'forks' } as const

const FAULTS = 'test/faults/**/*.test.ts'

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
          // Each starts the whole product and says how fast it answers: alone, or the other test is what is measured.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
