import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { environment: 'node', pool: 'forks', include: ['api/operator/due-problems.test.ts', 'templates/help-topics.test.ts', 'templates/language.test.ts', 'templates/styles.test.ts', 'tools/imports.test.ts', 'domain/**/*.test.ts'] } })
