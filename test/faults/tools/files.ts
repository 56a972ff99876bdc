import { createHash, randomInt, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFileStore, flowFiles, type FileStore } from '../../../services/file-store.ts'
import type { OutcomeFile } from '../../../domain/flow/import-state.ts'
import type { FlowState } from '../../../domain/states.ts'
import { aFlowWorld, unzip, type FlowWorld } from '../../flows/world.ts'
import { flowZip } from '../../flows/zip.ts'
import { signInAs } from '../../setup/session.ts'
import { createVisitor, type Page, type Visitor } from '../../setup/visitor.ts'
import { waitUntil } from '../../setup/wait.ts'
import { rawRequest } from './release.ts'
import type { World } from './world.ts'

export const HEADER =
  'IUD;codIuv;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;civicoPagatore;' +
  'capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;importoDovuto;' +
  'commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;bilancio;flgGeneraIuv;azione'

const WRONG_CODE = 'BNCCHR85H52M999X'

/** A row of version 1_3 that asks for an IUV. */
export const row = (iud: string, { cents = 2450, code = 'BNCCHR85H52M999M', causale = 'Luce votiva' } = {}) =>
  `${iud};;F;${code};Bianchi Chiara;Via dei Tigli;12/A;99010;Borgo Fittizio;VE;IT;chiara.bianchi@example.org;2099-09-30;` +
  `${(cents / 100).toFixed(2)};;LUCE_VOTIVA;;${causale};9/0114100TS/LV;;true;I`

/** A file of `rows` rows, each with another amount; one in a hundred is wrong. */
export const csvOf = (rows: number, prefix = 'R'): string =>
  `${[HEADER, ...Array.from({ length: rows }, (_, n) => row(`${prefix}-${n}`, rowOf(n)))].join('\n')}\n`

const rowOf = (n: number) => ({ cents: 1_000 + n, ...(n % 100 === 99 ? { code: WRONG_CODE } : {}) })

export interface FileEnte extends FlowWorld {
  operator: Visitor
  /** Address of its page of files. */
  path: string
}

let enti = 0

/** Makes an ente with a signed-in operator. All such enti are alike, so that the same file makes the same dues at each. */
export async function aFileEnte(world: World): Promise<FileEnte> {
  const codIpa = `C_F${++enti}`
  const codiceFiscale = String(randomInt(10_000_000_000, 99_999_999_999))
  const ente = await aFlowWorld(world.db, { codIpa, codiceFiscale })
  return { ...ente, operator: await anOperator(world, ente), path: `/operatore/${codIpa}/flussi` }
}

/** Signs in an operator of the ente. */
async function anOperator(world: World, { operatorId }: FlowWorld): Promise<Visitor> {
  const { codice_fiscale: codiceFiscale } = (await world
    .db('operator')
    .first('codice_fiscale')
    .where({ id: operatorId })) as { codice_fiscale: string }
  const person = { codiceFiscale, anagrafica: 'Olga Operatrice', email: 'olga@example.org' }
  return signInAs(world.db, createVisitor(world.urls.public), person)
}

/** Signs in another operator with the same grants. */
export async function aColleague(world: World, ente: FileEnte): Promise<Visitor> {
  const colleague = { codice_fiscale: `U${randomUUID().slice(0, 15)}`, name: 'Ugo Operatore' }
  const [{ id }] = (await world.db('operator').insert(colleague).returning('id')) as [{ id: string }]
  for (const [table, columns] of [
    ['operator_grant', 'ente_id, role'],
    ['operator_due_type', 'ente_id, ente_due_type_id'],
  ] as const)
    await world.db.raw(
      `insert into ${table} (operator_id, ${columns}) select ?, ${columns} from ${table} where operator_id = ?`,
      [id, ente.operatorId],
    )
  return anOperator(world, { ...ente, operatorId: id })
}

export const baseName = ({ codIpa }: FlowWorld, iuf: string): string => `${codIpa}-${iuf}-1_3`

/** Uploads as a browser does; returns the page. */
export async function upload(
  { operator, path }: FileEnte,
  zip: { name: string; bytes: Buffer },
  fields: Record<string, string> = {},
): Promise<Page> {
  return operator.upload(await operator.get(path), path, zip, fields)
}

/** Uploads a file and expects that it is accepted; returns its id. */
export async function sendFile(
  ente: FileEnte,
  iuf: string,
  csv: string | Buffer,
  fields: Record<string, string> = {},
): Promise<string> {
  const page = await upload(ente, await flowZip(baseName(ente, iuf), csv), fields)
  if (page.status !== 303) throw new Error(`not taken: ${page.status} ${page.html.slice(0, 2_000)}`)
  return new URL(page.location!).pathname.split('/').at(-1)!
}

/** The bytes of the upload request. */
export async function rawUpload(
  { path }: FileEnte,
  operator: Visitor,
  { name, bytes }: { name: string; bytes: Buffer },
): Promise<Buffer> {
  const { html } = await operator.get(path)
  const body = new FormData()
  body.append('_csrf', /name="_csrf" value="([^"]+)"/.exec(html)![1]!)
  body.append('file', new Blob([new Uint8Array(bytes)], { type: 'application/zip' }), name)
  const encoded = new Response(body)
  const content = Buffer.from(await encoded.arrayBuffer())
  const headers = {
    cookie: operator.cookie(),
    'content-type': encoded.headers.get('content-type')!,
    'content-length': String(content.length),
  }
  return Buffer.concat([Buffer.from(rawRequest({ path, headers })), content])
}

export const storeOf = ({ folder }: World): FileStore => createFileStore(join(folder, 'files'))

export interface FlowRow {
  state: FlowState
  version: number
  rows_read: number
  rows_loaded: number
  rows_unchanged: number
  rows_rejected: number
  notices_printed: number
}

export async function flowOf(world: World, flowId: string): Promise<FlowRow> {
  return (await world.db('flow').first().where({ id: flowId })) as FlowRow
}

/** Waits until the flow fulfils `isSo`; while the database is away it waits too. */
export const flowWhen = (
  world: World,
  flowId: string,
  isSo: (flow: FlowRow) => boolean,
  ms = 60_000,
): Promise<FlowRow> =>
  waitUntil(async () => {
    const flow = await flowOf(world, flowId).catch(() => undefined)
    return flow && isSo(flow) ? flow : undefined
  }, ms)

export const loaded = (world: World, flowId: string, ms?: number): Promise<FlowRow> =>
  flowWhen(world, flowId, ({ state }) => state === 'loaded', ms)

export interface ImportResult {
  state: FlowState
  counts: number[]
  /** Digest of the dues in order: IUD, IUV, cents, state, row. */
  dues: string
  /** Digests of the contents of the outcome files. */
  accepted: string | undefined
  rejected: string | undefined
}

/** The result of an import, which can be compared with that of the same file at another ente. */
export async function resultOf(world: World, flowId: string): Promise<ImportResult> {
  const { state, rows_read, rows_loaded, rows_rejected, rows_unchanged } = await flowOf(world, flowId)
  const { rows } = await world.db.raw<{ rows: { dues: string }[] }>(
    `select md5(string_agg(concat_ws('|', iud, iuv, importo_cents, state, flow_row), ',' order by iud)) as dues
     from due where flow_id = ?`,
    [flowId],
  )
  return {
    state,
    counts: [rows_read, rows_loaded, rows_rejected, rows_unchanged],
    dues: rows[0]!.dues,
    accepted: await digestInside(world, flowId, 'IUV'),
    rejected: await digestInside(world, flowId, 'SCARTI'),
  }
}

/** Imports a file at an ente without a fault. */
export async function importCalmly(world: World, ente: FileEnte, csv: string): Promise<ImportResult> {
  const flowId = await sendFile(ente, 'CALM', csv)
  await loaded(world, flowId)
  return resultOf(world, flowId)
}

async function digestInside(
  world: World,
  flowId: string,
  kind: Exclude<OutcomeFile, 'AVVISI_PDF'>,
): Promise<string | undefined> {
  const path = storeOf(world).path(flowFiles(flowId).outcome(kind))
  if (!existsSync(path)) return undefined
  const [content] = (await unzip(readFileSync(path))).values()
  return createHash('sha256').update(content!).digest('hex')
}

/** Waits until no stored file is left that nothing leads to. */
export const nothingLeftBehind = (world: World): Promise<boolean> =>
  waitUntil(async () => (await leftBehind(world)).length === 0)

/** Names of stored files that nothing leads to. An import or export under way has some. */
export async function leftBehind(world: World): Promise<string[]> {
  const known = new Set((await world.db('flow').pluck('id')) as string[])
  const root = join(world.folder, 'files')
  const all = existsSync(root) ? (readdirSync(root, { recursive: true }) as string[]) : []
  return all.filter((name) => isLeft(name, known)).sort()
}

function isLeft(name: string, known: ReadonlySet<string>): boolean {
  const [folder, id = '', kind] = name.split('/')
  if (name.endsWith('.part')) return true
  if (folder === 'uploads') return id !== ''
  return folder === 'flows' && id !== '' && (!known.has(id) || kind === 'loaded' || kind === 'notices')
}

export interface Progress {
  status: number
  /** Rows read, percent, then every count on the page. */
  numbers: number[]
}

/** Reloads the page of a file without a pause, like an impatient person; `stop` returns what the page showed. */
export function watchProgress({ operator, path }: FileEnte, flowId: string): { stop(): Promise<Progress[]> } {
  const seen: Progress[] = []
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const page = await operator.get(`${path}/${flowId}`).catch(() => undefined)
      if (page) seen.push({ status: page.status, numbers: page.status === 200 ? numbersOf(page.html) : [] })
    }
  })()
  return {
    async stop() {
      isOver = true
      await watching
      return seen
    },
  }
}

const numbersOf = (html: string): number[] =>
  [/Righe lette: ([\d.]+)/g, /progress id="avanzamento"[^>]* value="(\d+)"/g, /<dd>([\d.]+)<\/dd>/g].flatMap(
    (pattern) => [...html.matchAll(pattern)].map(([, digits]) => Number(digits!.replaceAll('.', ''))),
  )

/** Descriptions of all numbers that became smaller from one page to the next. */
export function steppedBack(seen: readonly Progress[]): string[] {
  const pages = seen.filter(({ status }) => status === 200)
  return pages.flatMap(({ numbers }, at) =>
    numbers.flatMap((number, place) => {
      const before = pages[at - 1]?.numbers
      // Pages are compared only when they have as many numbers: a file that waits for its turn shows fewer.
      return before?.length === numbers.length && number < before[place]!
        ? [`number ${place}: ${before[place]} -> ${number}`]
        : []
    }),
  )
}
