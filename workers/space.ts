import { statfs } from 'node:fs/promises'
import { hasSpace } from '../db/ground/errors.ts'

/** With less no archive of an operator fits beside what is being written. */
const FREE_BYTES = 64 * 1024 ** 2

/** Checks of the admin port: place for our files, and none of our rows refused for want of it. */
export const spaceChecks = (folder: string): Record<string, () => Promise<boolean>> => ({
  disk: async () => (await freeBytes(folder)) >= FREE_BYTES,
  database_space: () => Promise.resolve(hasSpace()),
})

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
