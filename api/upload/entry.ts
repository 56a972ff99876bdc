import { isCopyOf } from '../../domain/flow/name.ts'

/** What an entry of an archive is, when it is not the one that is wanted. */
export type EntryProblem =
  'leaves_folder' | 'absolute_path' | 'in_folder' | 'nested_archive' | 'other_entry' | 'link' | 'encrypted'

export interface ArchiveEntry {
  name: string
  isEncrypted: boolean
  isLink: boolean
}

/** What systems put beside a file without being asked. Source: docs/field/files.md#limits. */
const COMPANIONS = /^__MACOSX(\/|$)|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i

/** Windows writes its own separator. */
const parted = (name: string): string => name.replaceAll('\\', '/')

export const isCompanion = (name: string): boolean =>
  !parted(name).split('/').includes('..') && COMPANIONS.test(parted(name))

export const isCsv = (name: string): boolean => /\.csv$/i.test(name)

/** In this order: what says most about an entry comes first. */
const RULES: [EntryProblem, (entry: ArchiveEntry) => boolean][] = [
  ['absolute_path', ({ name }) => /^(\/|[a-z]:)/i.test(parted(name))],
  ['leaves_folder', ({ name }) => parted(name).split('/').includes('..')],
  ['in_folder', ({ name }) => parted(name).includes('/')],
  ['link', ({ isLink }) => isLink],
  ['nested_archive', ({ name }) => /\.(zip|7z|rar|gz|tgz|tar|bz2|xz)$/i.test(name)],
  ['other_entry', ({ name }) => !isCsv(name)],
  ['encrypted', ({ isEncrypted }) => isEncrypted],
]

export const problemOfEntry = (entry: ArchiveEntry): EntryProblem | undefined =>
  RULES.find(([, applies]) => applies(entry))?.[0]

/** Whether a file has the name that is wanted; capital letters and the number of a second download do not matter. */
export const hasName = (name: string, base: string): boolean =>
  isCsv(name) && isCopyOf(name.slice(0, -'.csv'.length), base)
