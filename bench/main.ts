import { parseArgs } from 'node:util'
import { benchActs, FULL as FULL_ACTS, SHORT as SHORT_ACTS } from './acts/suite.ts'
import { benchDocuments, FULL as FULL_DOCUMENTS, SHORT as SHORT_DOCUMENTS } from './documents/suite.ts'
import { benchExport, FULL as FULL_EXPORT, SHORT as SHORT_EXPORT } from './export/suite.ts'
import { benchImport, FULL as FULL_IMPORT, SHORT as SHORT_IMPORT } from './import/suite.ts'
import { benchPages, FULL as FULL_PAGES, SHORT as SHORT_PAGES } from './pages/suite.ts'
import { benchPayments, FULL, SHORT } from './payments/suite.ts'
import { benchReporting, FULL as FULL_REPORTING, SHORT as SHORT_REPORTING } from './reporting/suite.ts'
import { isShort, targetLine, type Target } from './report.ts'

type Say = (text: string) => void

const SUITES: Record<string, (isFull: boolean, say: Say) => Promise<Target[]>> = {
  payments: (isFull, say) => benchPayments(isFull ? FULL : SHORT, say),
  documents: (isFull, say) => benchDocuments(isFull ? FULL_DOCUMENTS : SHORT_DOCUMENTS, say),
  export: (isFull, say) => benchExport(isFull ? FULL_EXPORT : SHORT_EXPORT, say),
  import: (isFull, say) => benchImport(isFull ? FULL_IMPORT : SHORT_IMPORT, say),
  acts: (isFull, say) => benchActs(isFull ? FULL_ACTS : SHORT_ACTS, say),
  pages: (isFull, say) => benchPages(isFull ? FULL_PAGES : SHORT_PAGES, say),
  reporting: (isFull, say) => benchReporting(isFull ? FULL_REPORTING : SHORT_REPORTING, say),
}

// Entry point of `npm run bench -- payments|pages|documents|import|export|acts|reporting [--full]`. Exits with 1 when a target is missed.
const say: Say = (text) => void process.stdout.write(`${text}\n`)
const { positionals, values } = parseArgs({ allowPositionals: true, options: { full: { type: 'boolean' } } })
const suite = positionals.length === 1 ? SUITES[positionals[0]!] : undefined

if (!suite) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(SUITES).join('|')} [--full]\n`)
  process.exit(2)
}
const targets = await suite(values.full ?? false, say)
for (const target of targets) say(targetLine(target))
process.exit(targets.some(isShort) ? 1 : 0)
