/** Name of the database that `servers.ts` migrates once. The database of each test file is a copy of it. */
export const TEMPLATE = 'mypay_template'
