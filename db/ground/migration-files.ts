import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Knex } from 'knex'

/** knex's own source keeps file endings in its table; ours are .ts from sources and .js from a build. */
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
    return (await import(pathToFileURL(join(this.folder, file)).href)) as Knex.Migration
  }
}
