import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Ids of the features that the field expects of such a system. Missing ids belong to other generations or other systems. */
const IN_SCOPE = [
  ...ids('C', [1, 15], [20, 21], [23, 25], [27, 33], [35, 38], [40, 40], [42, 44], [47, 47]),
  ...ids('O', [1, 7], [10, 11], [13, 13], [20, 33], [35, 35], [38, 40]),
  ...ids('A', [1, 10], [13, 18]),
  ...ids('N', [7, 7]),
]

const ROOT = new URL('../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

interface Feature {
  row: string
  shownBy: { file: string; test: string }[]
}

/** Rows of docs/features.md: `| C1 | what | file › test<br>file › test |`. */
const features: Feature[] = [...read('docs/features.md').matchAll(/^\| (\w\d+) +\|.*\| (.+?) +\|$/gm)].map(
  ([, row, cell]) => ({
    row: row!,
    shownBy: cell!.split('<br>').map((one) => {
      const [file = '', test = ''] = one.split(' › ').map((part) => part.trim().replace(/^`|`$/g, ''))
      return { file, test }
    }),
  }),
)

it('lists every feature in scope once', () => {
  expect(features.map(({ row }) => row).sort()).toEqual([...IN_SCOPE].sort())
})

it.each(features)('$row is shown by tests that exist', ({ shownBy }) => {
  expect(shownBy.length).toBeGreaterThan(0)
  for (const { file, test } of shownBy) {
    expect(existsSync(new URL(file, ROOT)), file).toBe(true)
    const quoted = [`'${test.replaceAll("'", "\\'")}'`, `\`${test}\``, `"${test}"`]
    expect(
      quoted.some((name) => read(file).includes(name)),
      `${file} has no test "${test}"`,
    ).toBe(true)
  }
})

function ids(letter: string, ...ranges: [from: number, to: number][]): string[] {
  return ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`),
  )
}
