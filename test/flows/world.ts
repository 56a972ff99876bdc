import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import { fromBuffer, type ZipFile } from 'yauzl'
import { createImportFlowActivities, type ImportDeps } from '../../activities/import-flow/index.ts'
import { flowFiles, type FileStore } from '../../services/file-store.ts'
import { findFlow, insertFlow, type Flow, type NewFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import type { ImportStatus } from '../../workflows/import-flow/contract.ts'
import type { FlowFormat } from '../../domain/flow/columns.ts'
import type { Reason } from '../../domain/flow/reason.ts'
import { rejectOf } from '../../domain/wire/flow-reject.ts'
import { testDatabase } from '../setup/database.ts'
import { testFiles } from '../setup/files.ts'

/** Types of due that the sample files use. Source: docs/field/files.md#samples. */
const TIPI: [code: string, taxonomy: string, flags: string][] = [
  ['LUCE_VOTIVA', '9/0114100TS/', 'binding print'],
  ['CONCESSIONE_CIMITERIALE', '9/0114100TS/', 'binding print'],
  ['CONTRIBUTO_COSTRUZIONE', '9/0105102TS/', 'binding print'],
  ['COSAP_TOSAP', '9/0101107TS/', 'binding print'],
  ['DIRITTI_VARI', '9/0105107TS/', 'anonymous'],
  ['MENSA_SCOLASTICA', '9/0107101TS/', 'binding print'],
  ['RETTA_ASILO_NIDO', '9/0107100TS/', 'binding print'],
  ['TRASPORTO_SCOLASTICO', '9/0107102SP/', 'binding print'],
  ['UTILIZZO_LOCALI', '9/0105100SP/', ''],
  ['VERBALE_AMMINISTRATIVO', '9/0102105SA/', 'print'],
  ['VIOLAZIONE_CDS', '9/0102100SA/', ''],
  ['TIPO_SPENTO', '9/0115105AP/', 'binding print off'],
  ['TIPO_SENZA_PERMESSO', '9/0115105AP/', 'forbidden'],
  ['MARCA_BOLLO_DIGITALE', '9/0115105AP/', ''],
]

export interface FlowWorld {
  enteId: string
  operatorId: string
  codIpa: string
}

export async function aFlowWorld(
  db: Knex,
  given: { codIpa?: string; codiceFiscale?: string } = {},
): Promise<FlowWorld> {
  const codIpa = given.codIpa ?? 'C_Q999'
  const [ente] = (await db('ente')
    .insert({
      cod_ipa: codIpa,
      codice_fiscale: given.codiceFiscale ?? '99999900014',
      name: 'Comune di Borgo Fittizio',
      state: 'ESERCIZIO',
      adhesion: ['base', 'flows'],
      segregation_code: '12',
      application_code: '12',
      iban: 'IT61H9999912345000000000001',
      email: 'ente@example.org',
      indirizzo: 'Piazza del Municipio',
      civico: '1',
      cap: '99010',
      localita: 'Borgo Fittizio',
      provincia: 'VE',
      nazione: 'IT',
    })
    .returning('id')) as { id: string }[]
  const enteId = ente!.id
  const [operator] = (await db('operator')
    .insert({
      codice_fiscale: `T${randomUUID().slice(0, 15)}`,
      name: 'Olga Operatrice',
    })
    .returning('id')) as { id: string }[]
  const operatorId = operator!.id
  await db('operator_grant').insert({
    operator_id: operatorId,
    ente_id: enteId,
    role: 'operator',
    email: 'olga@example.org',
  })
  for (const dueType of TIPI) await insertDueType(db, { enteId, operatorId }, dueType)
  return { enteId, operatorId, codIpa }
}

async function insertDueType(
  db: Knex,
  { enteId, operatorId }: { enteId: string; operatorId: string },
  [code, taxonomy, flags]: (typeof TIPI)[number],
): Promise<void> {
  const has = (flag: string) => flags.split(' ').includes(flag)
  await db('due_type')
    .insert({ code, name: code, dati_specifici_riscossione: taxonomy })
    .onConflict('code')
    .ignore()
  const [dueType] = (await db('ente_due_type')
    .insert({
      ente_id: enteId,
      code,
      name: code,
      active: !has('off'),
      due_on_binding: has('binding'),
      print_due_on: has('print'),
      anonymous_payer: has('anonymous'),
      dati_specifici_riscossione: taxonomy,
      form: '{}',
    })
    .returning('id')) as { id: string }[]
  if (!has('forbidden'))
    await db('operator_due_type').insert({
      operator_id: operatorId,
      ente_id: enteId,
      ente_due_type_id: dueType!.id,
    })
}

export interface FlowFixture {
  db: Knex
  files: FileStore
  world: FlowWorld
}

/** A new database with the ente of the sample files, and a file store. */
export async function aFlowFixture(): Promise<FlowFixture & { drop(): Promise<void> }> {
  const { db, drop } = await testDatabase()
  return { db, files: testFiles(), world: await aFlowWorld(db), drop }
}

/** Stores a file as its upload would; uploads have tests of their own. Returns the id of the flow. */
export async function aFlow(
  { db, files, world }: FlowFixture,
  { base, csv, ...given }: { base: string; csv: Buffer | string } & Partial<NewFlow>,
): Promise<string> {
  const bytes = Buffer.from(csv)
  const id = uuidv7()
  const [, iuf = '', format = ''] = base.split('-')
  const headerEnd = bytes.indexOf(10) + 1
  writeFileSync(await files.prepare(flowFiles(id).csv), bytes)
  const twin = await insertFlow(db, {
    id,
    enteId: world.enteId,
    baseName: base,
    iuf,
    format: format as FlowFormat,
    operatorId: world.operatorId,
    requestToken: null,
    sha256: createHash('sha256').update(id).digest(),
    zipBytes: bytes.length,
    csvBytes: bytes.length,
    wantsNotices: false,
    header: bytes.subarray(0, headerEnd).toString().trim(),
    firstByte: headerEnd,
    ...given,
  })
  if (twin) throw new Error(`twin: ${twin}`)
  return id
}

/** Runs the activities of an import to its end, without the workflow. */
export async function loadFlow(
  fixture: FlowFixture,
  flowId: string,
  given: Partial<ImportDeps> & { sliceMs?: number } = {},
): Promise<Flow> {
  const { advanceImport } = createImportFlowActivities({
    db: fixture.db,
    files: fixture.files,
    publicUrl: 'http://localhost:3000',
    isTest: true,
    mailHost: 'localhost',
    ...given,
  })
  const environment = new MockActivityEnvironment()
  for (let step = 0; step < 1_000; step++) {
    const ask = { flowId, sliceMs: given.sliceMs ?? 3_000 }
    const { next } = (await environment.run(advanceImport, ask)) as ImportStatus
    if (next === 'over') return (await findFlow(fixture.db, flowId))!
  }
  throw new Error('the flow does not end')
}

/** Content of an outcome archive by the names of the files in it; undefined when there is none. */
export async function outcomeOf(
  { files }: FlowFixture,
  flowId: string,
  kind: 'IUV' | 'SCARTI' | 'AVVISI_PDF',
): Promise<Map<string, Buffer> | undefined> {
  const path = files.path(flowFiles(flowId).outcome(kind))
  return existsSync(path) ? unzip(readFileSync(path)) : undefined
}

export async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: false }, (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  const found = new Map<string, Buffer>()
  const reading: Promise<void>[] = []
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: { fileName: string }) => {
      reading.push(
        new Promise((done, fail) =>
          zip.openReadStream(entry as never, (error, stream) => {
            if (error) return fail(error)
            const parts: Buffer[] = []
            stream.on('data', (part: Buffer) => parts.push(part))
            stream.on('error', fail)
            stream.on('end', () => {
              found.set(entry.fileName, Buffer.concat(parts))
              done()
            })
          }),
        ),
      )
    })
    zip.on('end', resolve).on('error', reject)
  })
  await Promise.all(reading)
  return found
}

export interface RejectedRow {
  row: number
  code: string
  text: string
}

/** The rejected rows of a file in their order, with the code and text that the outcome file has. */
export async function rejectsOf(db: Knex, flowId: string): Promise<RejectedRow[]> {
  const rows = (await db('flow_reject')
    .select('row', 'reasons')
    .where({ flow_id: flowId })
    .orderBy('row')) as {
    row: number
    reasons: Reason[]
  }[]
  return rows.map(({ row, reasons }) => ({ row, ...rejectOf(reasons) }))
}
