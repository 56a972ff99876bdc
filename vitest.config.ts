import { defineConfig } from 'vitest/config'

const shared = { environment: 'node', pool: 'forks' } as const

/** Where .ci/run wants the counts of this run. */
const report = process.env['MYPAY_TEST_REPORT']

export default defineConfig({
  test: {
    // Servers share the machine with the tests: more workers only make time limits fail.
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'rules',
          include: ['domain', 'contracts', 'templates', 'simulator', 'tools'].map(
            (folder) => `${folder}/**/*.test.ts`,
          ),
          testTimeout: 20_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: ['db', 'services', 'workflows', 'activities', 'api', 'workers', 'bench', 'test'].map(
            (folder) => `${folder}/**/*.test.ts`,
          ),
          globalSetup: 'test/setup/servers.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
