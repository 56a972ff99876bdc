import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { environment: 'node', pool: 'forks', include: ['api/operator/due-problems.test.ts', 'templates/*.test.ts', 'tools/*.test.ts'] } })
