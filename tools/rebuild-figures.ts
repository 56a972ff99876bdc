import { createDb } from '../db/ground/connection.ts'
import { rebuildFigures } from '../db/figures/keep.ts'
import { rebuildReportingWeeks } from '../db/figures/reporting-weeks.ts'

// Entry point of `npm run figures`: builds the figures of the home pages again from the rows of DATABASE_URL, while everything runs.
const url = process.env['DATABASE_URL']
if (url === undefined || url === '') {
  process.stderr.write('DATABASE_URL=postgres://… npm run figures\n')
  process.exit(2)
}
const db = createDb({ url, pool: 1, name: 'mypay-figures' })
await rebuildFigures(db)
await rebuildReportingWeeks(db)
await db.destroy()
process.stdout.write('The figures are built again. npm run check compares them with the rows (I23).\n')
