import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'
import { problemText } from '../../api/upload/problem-text.ts'
import { takeFlow } from '../../api/upload/take-flow.ts'
import { writeMeasured } from '../../services/file-store.ts'
import type { Flow } from '../../db/flow/flow.ts'
import { inEveryHeader, renamed, tampered } from './hostile-zips.ts'
import { aFlowFixture, loadFlow, outcomeOf } from './world.ts'
import { zipOf } from './zip.ts'

let fixture: Awaited<ReturnType<typeof aFlowFixture>>
beforeAll(async () => {
  fixture = await aFlowFixture()
})
afterAll(() => fixture.drop())

const sample = (path: string): string =>
  readFileSync(new URL(`../fixtures/flows/${path}`, import.meta.url), 'utf8')
const HEADER = sample('import/C_Q999-CUP202501-1_1.csv').split('\n')[0]!
const row = (iud: string, importo = '24.50'): string =>
  `${iud};;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;${importo};;LUCE_VOTIVA;;Luce;9/0114100TS/LV;I`

type Zip = Record<string, string | Buffer>

/** Uploads an archive; returns the id of the flow, or the text of the refusal. */
async function take(name: string, content: Zip | Buffer): Promise<{ flowId: string } | string> {
  const { db, files, world } = fixture
  const bytes = Buffer.isBuffer(content) ? content : await zipOf(content)
  const key = `uploads/${randomUUID()}.zip`
  const source = files.path(`sent-${randomUUID()}`)
  writeFileSync(await files.prepare(source.slice(files.path('x').length - 1)), bytes)
  const measured = await writeMeasured(createReadStream(source), await files.prepare(key))
  const sender = { ...world, requestToken: null, wantsNotices: false }
  const taken = await takeFlow({ db, files, limits: UPLOAD_LIMITS }, { name, key, ...measured }, sender)
  expect(existsSync(files.path(key))).toBe(false)
  return taken.kind === 'taken' ? taken : problemText(taken, world.codIpa, name)
}

async function load(name: string, content: Zip): Promise<Flow> {
  const taken = await take(name, content)
  if (typeof taken === 'string') throw new Error(taken)
  return loadFlow(fixture, taken.flowId)
}

let count = 0
/** A base name; each call gives another one. */
const aBase = (): string => `C_Q999-UP${++count}-1_1`

describe('the name and what is in the archive', () => {
  it.each<[string, (base: string, csv: string) => [name: string, zip: Zip]]>([
    ['.CSV in capitals', (base, csv) => [`${base}.zip`, { [`${base}.CSV`]: csv }]],
    ['.ZIP in capitals', (base, csv) => [`${base}.ZIP`, { [`${base}.csv`]: csv }]],
    [
      'a name in small letters inside',
      (base, csv) => [`${base}.zip`, { [`${base.toLowerCase()}.csv`]: csv }],
    ],
    ['a second download', (base, csv) => [`${base} (1).zip`, { [`${base}.csv`]: csv }]],
    ['a second download of another browser', (base, csv) => [`${base}(12).zip`, { [`${base}.csv`]: csv }]],
    ['a copy', (base, csv) => [`${base} - Copia.zip`, { [`${base}.csv`]: csv }]],
    ['a second copy, also inside', (base, csv) => [`${base} - Copia (2).zip`, { [`${base} (1).csv`]: csv }]],
    ['a copy of a Mac', (base, csv) => [`${base} copia 2.zip`, { [`${base}.csv`]: csv }]],
    ['a second name of a Mac', (base, csv) => [`${base} 2.zip`, { [`${base} 2.csv`]: csv }]],
    [
      'what a Mac adds',
      (base, csv) => [
        `${base}.zip`,
        {
          [`${base}.csv`]: csv,
          '__MACOSX/': '',
          [`__MACOSX/._${base}.csv`]: 'x',
          '.DS_Store': 'x',
          [`._${base}.csv`]: 'x',
        },
      ],
    ],
    [
      'what Windows adds',
      (base, csv) => [`${base}.zip`, { 'Thumbs.db': 'x', 'desktop.ini': 'x', [`${base}.csv`]: csv }],
    ],
  ])('%s is taken under the name itself', async (_, make) => {
    const base = aBase()
    const [name, zip] = make(base, `${HEADER}\n${row(base)}\n`)
    expect((await load(name, zip)).baseName).toBe(base)
  })

  it.each<[string, (base: string) => [name: string, zip: Zip | Promise<Buffer>], string]>([
    [
      'another CSV beside it',
      (base) => [`${base}.zip`, { [`${base}.csv`]: 'x', 'elenco.csv': 'y' }],
      'anche “elenco.csv”',
    ],
    [
      'a text beside it',
      (base) => [`${base}.zip`, { [`${base}.csv`]: 'x', 'leggimi.txt': 'y' }],
      'c’è “leggimi.txt”',
    ],
    ['a text instead of it', (base) => [`${base}.zip`, { 'leggimi.txt': 'y' }], 'c’è “leggimi.txt”'],
    ['nothing', (base) => [`${base}.zip`, {}], 'nessun CSV'],
    [
      'nothing but what a Mac adds',
      (base) => [`${base}.zip`, { '__MACOSX/._x.csv': 'y', '.DS_Store': 'x' }],
      'nessun CSV',
    ],
    ['a zip in it', (base) => [`${base}.zip`, { [`${base}.zip`]: 'y' }], 'un altro archivio, “C_Q999-'],
    ['a folder', (base) => [`${base}.zip`, { [`flussi/${base}.csv`]: 'x' }], '“flussi/C_Q999-'],
    [
      'a folder as Windows writes it',
      (base) => [`${base}.zip`, renamed(`flussi!${base}.csv`, (name) => name.replace('!', '\\'))],
      '“flussi\\C_Q999-',
    ],
    [
      'an empty folder',
      (base) => [`${base}.zip`, { 'flussi/': '', [`${base}.csv`]: 'x' }],
      '“flussi/” è in una cartella',
    ],
    [
      'a path that leaves',
      (base) => [`${base}.zip`, renamed(`aa!${base}.csv`, (name) => name.replace('aa!', '../'))],
      'esce dalla cartella',
    ],
    [
      'a path that leaves later',
      (base) => [`${base}.zip`, renamed(`a!aa!${base}.csv`, (name) => name.replace('a!aa!', 'a/../'))],
      'esce dalla cartella',
    ],
    [
      'a path that leaves as Windows writes it',
      (base) => [`${base}.zip`, renamed(`aa!${base}.csv`, (name) => name.replace('aa!', '..\\'))],
      '“..\\C_Q999-',
    ],
    [
      'a path that leaves by way of a companion',
      (base) => [
        `${base}.zip`,
        renamed('__MACOSX!aa!x', (name) => name.replaceAll('!', '/').replace('aa', '..')),
      ],
      'esce dalla cartella',
    ],
    [
      'an absolute path',
      (base) => [`${base}.zip`, renamed(`!${base}.csv`, (name) => name.replace('!', '/'))],
      '“/C_Q999-',
    ],
    [
      'a drive',
      (base) => [`${base}.zip`, renamed(`c!!${base}.csv`, (name) => name.replace('c!!', 'C:\\'))],
      'percorso assoluto',
    ],
    [
      'a drive without folder',
      (base) => [`${base}.zip`, renamed(`c!${base}.csv`, (name) => name.replace('c!', 'C:'))],
      'percorso assoluto',
    ],
    [
      'a share',
      (base) => [`${base}.zip`, renamed(`!!s!${base}.csv`, (name) => name.replaceAll('!', '\\'))],
      'percorso assoluto',
    ],
    [
      'a zip renamed, its CSV right',
      (base) => ['C_Q999-RINOMINATO-1_1.zip', { [`${base}.csv`]: 'x' }],
      'ma lo zip si chiama C_Q999-RINOMINATO-1_1.zip',
    ],
    [
      'a CSV that begins as the zip',
      (base) => [`${base}.zip`, { [`${base}0.csv`]: 'x' }],
      'si chiama “C_Q999-',
    ],
    [
      'a file of rejected rows',
      (base) => [`${base}_SCARTI.zip`, { [`${base}_SCARTI.csv`]: 'x' }],
      'con un altro IUF: C_Q999-<nuovo IUF>-1_1.zip',
    ],
    [
      'a file of rejected rows, downloaded twice',
      (base) => [`${base}_SCARTI (1).zip`, { [`${base}_SCARTI.csv`]: 'x' }],
      'un file di esito',
    ],
    ['an IUV file', (base) => [`${base}_IUV.zip`, { [`${base}_IUV.csv`]: 'x' }], 'un file di esito'],
    ['a zip with a password', (base) => [`${base}.zip`, encrypted(`${base}.csv`, 1)], 'protetto da password'],
    [
      'a zip with a strong password',
      (base) => [`${base}.zip`, encrypted(`${base}.csv`, 0x41)],
      'protetto da password',
    ],
  ])('%s is refused and named', async (_, make, words) => {
    const [name, zip] = make(aBase())
    expect(await take(name, await zip)).toContain(words)
    expect(readdirSync(fixture.files.path('uploads'))).toEqual([])
  })
})

const encrypted = (name: string, flags: number): Promise<Buffer> =>
  tampered(name, (zip) =>
    inEveryHeader(zip, (at, isCentral) => {
      const place = at + (isCentral ? 8 : 6)
      zip.writeUInt16LE(zip.readUInt16LE(place) | flags, place)
    }),
  )

describe('the header line', () => {
  const names = HEADER.split(';')

  it.each<[string, string]>([
    ['in quotes', names.map((name) => `"${name}"`).join(';')],
    ['with blanks around names and quotes', names.map((name) => ` "${name}" `).join(';')],
    ['in capitals, after a mark', `\uFEFF${HEADER.toUpperCase()}`],
    ['after a mark, in quotes', `\uFEFF${names.map((name) => `"${name}"`).join(';')}`],
    ['with CR', `${HEADER}\r`],
    ['after blank lines', `\n \r\n${HEADER}`],
  ])('%s is read as rows are', async (_, header) => {
    const base = aBase()
    const flow = await load(`${base}.zip`, { [`${base}.csv`]: `${header}\n${row(base)}\n` })
    expect([flow.rowsLoaded, flow.rowsRejected]).toEqual([1, 0])
  })

  it('with a `;` at its end allows one at the end of rows too, and outcome files have neither', async () => {
    const base = aBase()
    const lines = [
      `${HEADER};`,
      `${row(`${base}-1`)};`,
      row(`${base}-2`),
      `${row(`${base}-3`, 'x')};`,
      `${row(`${base}-4`)};x`,
    ]
    const flow = await load(`${base}.zip`, { [`${base}.csv`]: lines.join('\n') })
    expect([flow.rowsLoaded, flow.rowsRejected]).toEqual([2, 2])
    const text = async (kind: 'IUV' | 'SCARTI'): Promise<string[]> =>
      (await outcomeOf(fixture, flow.id, kind))!.get(`${base}_${kind}.csv`)!.toString().split('\n')
    expect((await text('IUV'))[0]).toBe(HEADER)
    expect(await text('SCARTI')).toEqual([
      `${HEADER};cod_rifiuto;de_rifiuto`,
      `${row(`${base}-3`, 'x')};PAA_IMPORT_SINTASSI_CSV;|IMPORTO_DOVUTO NON CONFROME: x`,
      `${row(`${base}-4`)};x;PAA_IMPORT_SINTASSI_CSV;|Too many columns`,
      '',
    ])
  })

  it.each([
    ['a quote left open', `"${HEADER}`],
    ['text after a quote', HEADER.replace('IUD', '"IUD"x')],
    ['a zero byte', `\0${HEADER}`],
  ])('with %s cannot be read', async (_, header) => {
    const base = aBase()
    expect(await take(`${base}.zip`, { [`${base}.csv`]: `${header}\n` })).toContain('non si legge')
  })

  it('of another kind is refused with the text that was found, on one line and shortened', async () => {
    const base = aBase()
    const problem = await take(`${base}.zip`, { [`${base}.csv`]: `I\x07UD,${'x'.repeat(5_000)}\n` })
    expect(problem).toContain('nella colonna 1 è atteso “IUD”, c’è “I·UD,xxx')
    expect((problem as string).length).toBeLessThan(400)
  })
})

describe('a file of rejected rows that comes back', () => {
  it('corrected, under a new IUF, is loaded; a row that is still wrong is rejected with its new reason only', async () => {
    const base = aBase()
    const rows = [
      row(`${base}-1`, '1"2;'.replace(';', '')),
      row(`${base}-2`, '"3;4"'),
      row(`${base}-3`, 'x'),
      `"${row(`${base}-4`)}`,
    ]
    const first = await load(`${base}.zip`, { [`${base}.csv`]: [HEADER, ...rows].join('\n') })
    expect(first.rowsRejected).toBe(4)
    const rejects = (await outcomeOf(fixture, first.id, 'SCARTI'))!.get(`${base}_SCARTI.csv`)!.toString()
    const again = aBase()
    // The wrong values are corrected in place; the columns with the reasons behind them stay, with their quotes.
    const corrected = rejects
      .replace(';1"2;', ';12.00;')
      .replace(';"3;4";', ';34.00;')
      .replace(`"${base}-4`, `${base}-4`)
    const second = await load(`${again}.zip`, { [`${again}.csv`]: corrected })
    expect([second.rowsLoaded, second.rowsRejected]).toEqual([3, 1])
    const left = (await outcomeOf(fixture, second.id, 'SCARTI'))!.get(`${again}_SCARTI.csv`)!.toString()
    expect(left).toBe(
      `${HEADER};cod_rifiuto;de_rifiuto\n${row(`${base}-3`, 'x')};PAA_IMPORT_SINTASSI_CSV;|IMPORTO_DOVUTO NON CONFROME: x\n`,
    )
    const loaded = (await outcomeOf(fixture, second.id, 'IUV'))!.get(`${again}_IUV.csv`)!.toString()
    expect(loaded.split('\n')[0]).toBe(HEADER)
  })

  it.each(['ERRORI202501-1_3', 'ERRORI202502-1_4', 'ERRORI202503-1_0'])(
    'uncorrected, %s gives the same reasons of form again',
    async (name) => {
      const csv = sample(`import-errors/C_Q999-${name}_SCARTI.csv`)
      const base = `C_Q999-INDIETRO${++count}-${name.split('-')[1]}`
      const flow = await load(`${base}.zip`, { [`${base}.csv`]: csv })
      const left = (await outcomeOf(fixture, flow.id, 'SCARTI'))!.get(`${base}_SCARTI.csv`)!.toString()
      expect(left.split('\n')[0]).toBe(csv.split('\n')[0])
      const ofForm = csv.split('\n').filter((line) => line.includes(';PAA_IMPORT_SINTASSI_CSV;'))
      expect(ofForm.length).toBeGreaterThan(1)
      expect(left.split('\n')).toEqual(expect.arrayContaining(ofForm))
    },
  )
})
