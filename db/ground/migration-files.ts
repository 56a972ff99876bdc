import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Knex } from 'knex'

/**
 * The migrations of a folder, named without their file ending. knex's own source stores the ending in its table, and would take the
 * .js file of a build for another migration than the .ts file it comes from.
 */
export class MigrationFiles implements Knex.MigrationSource<string> {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async getMigrations(): Promise<string[]> {
    const files = await readdir(this.folder)
    return files.filter((file) => /^\d+_\d+_\w+\.(ts|js)$/.test(file)).sort()
  }

  getMigrationName(file: string): string {
    return file.replace(/\.(ts|js)$/, '')
  }

  async getMigration(file: string): Promise<Knex.Migration> {
    return import(pathToFileURL(join(this.folder, file)).href)
  }
}
