import { isCopyOf } from '../../domain/flow/name.ts'

/** Why an entry of an archive cannot be the wanted CSV file. */
export type EntryProblem =
  'leaves_folder' | 'absolute_path' | 'in_folder' | 'nested_archive' | 'other_entry' | 'link' | 'encrypted'

export interface ArchiveEntry {
  name: string
  isEncrypted: boolean
  isLink: boolean
}

/** Files that operating systems add to an archive by themselves. Source: docs/field/files.md#limits. */
const COMPANIONS = /^__MACOSX(\/|$)|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i

/** The name with slashes, because Windows writes backslashes. */
const parted = (name: string): string => name.replaceAll('\\', '/')

/** True for a file that an operating system has added; it is ignored. */
export const isCompanion = (name: string): boolean =>
  !parted(name).split('/').includes('..') && COMPANIONS.test(parted(name))

const isCsv = (name: string): boolean => /\.csv$/i.test(name)

/** The first rule that applies names the problem, so the most telling problems come first. */
const RULES: [EntryProblem, (entry: ArchiveEntry) => boolean][] = [
  ['absolute_path', ({ name }) => /^(\/|[a-z]:)/i.test(parted(name))],
  ['leaves_folder', ({ name }) => parted(name).split('/').includes('..')],
  ['in_folder', ({ name }) => parted(name).includes('/')],
  ['link', ({ isLink }) => isLink],
  ['nested_archive', ({ name }) => /\.(zip|7z|rar|gz|tgz|tar|bz2|xz)$/i.test(name)],
  ['other_entry', ({ name }) => !isCsv(name)],
  ['encrypted', ({ isEncrypted }) => isEncrypted],
]

/** Why an entry cannot be the wanted CSV file; undefined when it can. */
export const problemOfEntry = (entry: ArchiveEntry): EntryProblem | undefined =>
  RULES.find(([, applies]) => applies(entry))?.[0]

/** True when a CSV file is named `base`. Upper case in `.csv` and the number that browsers add to a second download are ignored. */
export const hasName = (name: string, base: string): boolean =>
  isCsv(name) && isCopyOf(name.slice(0, -'.csv'.length), base)
