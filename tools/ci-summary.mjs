// Prints what failed and then `N passed, N failed` over vitest's JSON reports. Arguments: the failed checks, joined by commas, then the reports.
import { existsSync, readFileSync } from 'node:fs'

const [failedChecks, ...files] = process.argv.slice(2)
const reports = files.filter(existsSync).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const sum = (name) => reports.reduce((total, report) => total + report[name], 0)

const checks = failedChecks === '' ? [] : failedChecks.split(',')
const tests = reports
  .flatMap((report) => report.testResults)
  .flatMap(({ name: file, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (status === 'failed' && failed.length === 0) return [`${file}: ${message}`]
    return failed.map((test) => `${file}: ${test.fullName}`)
  })
for (const what of [...checks.map((name) => `check: ${name}`), ...tests])
  process.stdout.write(`failed ${what}\n`)

const passed = sum('numPassedTests')
// A test file that does not load, or a lint error, counts as no failed test. It must not look like a success, so it counts 1.
const failed = Math.max(sum('numFailedTests'), checks.length > 0 ? 1 : 0)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
