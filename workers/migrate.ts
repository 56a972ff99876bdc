import { createDb } from '../db/ground/connection.ts'
import { migrate } from '../db/ground/migrate.ts'
import { grantUse } from '../db/ground/role.ts'
import { seedDemo } from '../services/ente/seed-demo.ts'
import { createLog } from './clients.ts'
import { configOrExit } from './config.ts'

const config = configOrExit(process.env)
const log = createLog(config, 'migrate')
const db = createDb({ url: config.DATABASE_URL, pool: 2, name: 'mypay-migrate', log })
await migrate(db)
if (config.DATABASE_ROLE !== undefined) await grantUse(db, config.DATABASE_ROLE)
// Demo enti are for trying the product. Production gets none, so that a region's own configuration stays untouched.
if (!config.isProduction) await seedDemo(db)
await db.destroy()
log.info('schema up to date')
