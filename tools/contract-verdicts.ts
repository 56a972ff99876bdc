/**
 * Validates every message of the contract tests against the official schemas and stores the verdicts as a fixture, so that
 * the tests need no copy of those schemas. Run it again after changing a sample or a mutation:
 *   node_modules/.bin/tsx tools/contract-verdicts.ts --official <folder with legacy/ and entity/>
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  SCHEMAS,
  casesOf,
  edgeCasesOf,
  sampleFiles,
  typedCasesOf,
  verdictsFile,
} from '../contracts/testing/corpus.ts'
import { officialJudge } from '../contracts/testing/official.ts'

const { values } = parseArgs({ options: { official: { type: 'string' } } })
if (values.official === undefined) throw new Error('--official <folder> is needed')

const isValid = officialJudge(values.official)
const verdicts = new Map<string, boolean>()
for (const { schema, file } of sampleFiles()) {
  for (const { key, bytes } of casesOf(schema, file)) verdicts.set(key, isValid(schema, bytes))
}
for (const schema of SCHEMAS) {
  for (const { key, bytes } of [...edgeCasesOf(schema), ...typedCasesOf(schema)])
    verdicts.set(key, isValid(schema, bytes))
}
const lines = [...verdicts].map(([key, valid]) => `${key}${valid ? 1 : 0}`).sort()
writeFileSync(verdictsFile, `${lines.join('\n')}\n`)
const valid = [...verdicts.values()].filter(Boolean).length
process.stdout.write(`${verdicts.size} messages, ${valid} valid\n`)
