import { statfs } from 'node:fs/promises'
import { hasSpace } from '../db/ground/errors.ts'

/** With less free space an operator's archive may not fit beside the files that are being written. */
const FREE_BYTES = 64 * 1024 ** 2

/** Checks for the admin port: there is space for our files, and PostgreSQL refused no row for lack of space lately. */
export const spaceChecks = (folder: string): Record<string, () => Promise<boolean>> => ({
  disk: async () => (await freeBytes(folder)) >= FREE_BYTES,
  database_space: () => Promise.resolve(hasSpace()),
})

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
