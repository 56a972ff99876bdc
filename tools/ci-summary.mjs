// Prints `N passed, N failed` over vitest's JSON reports. Arguments: 1 when some check failed, then the reports.
import { existsSync, readFileSync } from 'node:fs'

const [someCheckFailed, ...files] = process.argv.slice(2)
const reports = files.filter(existsSync).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const sum = (name) => reports.reduce((total, report) => total + report[name], 0)

const passed = sum('numPassedTests')
// A test file that does not load, or a lint error, counts as no failed test. It must not look like a success, so it counts 1.
const failed = Math.max(sum('numFailedTests'), someCheckFailed === '1' ? 1 : 0)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
