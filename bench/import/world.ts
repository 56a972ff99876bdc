import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import type { Knex } from 'knex'
import { createDb } from '../../db/connection.ts'
import { createFileStore, flowFiles, type FileStore } from '../../db/file-store.ts'
import { insertFlow } from '../../db/flow.ts'
import { migrate } from '../../db/migrate.ts'
import { uuidv7 } from '../../db/uuid.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { startTemporal } from '../../tools/embedded/temporal.ts'
import { createProcesses, type Processes } from '../../workflows/start.ts'
import { environment } from '../world/environment.ts'
import { createProgram, type Program } from '../world/program.ts'

export interface ImportWorld {
  db: Knex
  files: FileStore
  processes: Processes
  /** Of PostgreSQL's own files: it may run as another user. */
  folder: string
  flows: Program
  enteId: string
  close(): Promise<void>
}

/** PostgreSQL and Temporal as `npm start` has them, both workers, one ente with one type. */
export async function startImportWorld(): Promise<ImportWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-bench-'))
  await chmod(folder, 0o777) // PostgreSQL may run as another user
  const log = (part: string): string => join(folder, `${part}.log`)
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    logFile: log('postgres'),
  })
  const temporal = await startTemporal({
    port: await freePort(),
    dbFile: join(folder, 'temporal.db'),
    logFile: log('temporal'),
  })
  const db = createDb({ url: postgres.url, pool: 4, name: 'bench' })
  await migrate(db)
  const env = environment({
    folder,
    database: postgres.url,
    temporal: temporal.address,
    simulatorPort: await freePort(),
    smtpPort: await freePort(),
    publicPort: await freePort(),
    nodePort: await freePort(),
  })
  const worker = async (name: string, queues: string): Promise<Program> => {
    const port = await freePort()
    return createProgram({
      name,
      entry: 'workers/worker.js',
      env: { ...env, ADMIN_PORT: String(port), WORKER_QUEUES: queues },
      logFile: log(name),
      readyUrl: `http://127.0.0.1:${port}/readyz`,
    })
  }
  const programs = [await worker('payments', 'payments,nodo,mail'), await worker('flows', 'flows')] as const
  await Promise.all(programs.map((program) => program.start()))
  const connection = await Connection.connect({ address: temporal.address })
  return {
    db,
    files: createFileStore(join(folder, 'files')),
    processes: createProcesses(new Client({ connection })),
    folder,
    flows: programs[1],
    enteId: await insertEnte(db),
    async close() {
      await Promise.all(programs.map((program) => program.stop()))
      await Promise.all([db.destroy(), connection.close()])
      await Promise.all([postgres.stop(), temporal.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function insertEnte(db: Knex): Promise<string> {
  const [{ id }] = (await db('ente')
    .insert({
      cod_ipa: 'C_Q999',
      codice_fiscale: '99999900014',
      name: 'Comune di Borgo Fittizio',
      state: 'ESERCIZIO',
      adhesion: ['flows'],
      segregation_code: '12',
      iban: 'IT61H9999912345000000000001',
    })
    .returning('id')) as [{ id: string }]
  await db('tipo_dovuto').insert({ code: 'LUCE', name: 'Luce', dati_specifici_riscossione: '9/0114100TS/' })
  await db('ente_tipo_dovuto').insert({
    ente_id: id,
    code: 'LUCE',
    name: 'Luce',
    due_on_binding: true,
    dati_specifici_riscossione: '9/0114100TS/',
    form: '{}',
  })
  return id
}

const HEADER =
  'IUD;codIuv;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;civicoPagatore;' +
  'capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;importoDovuto;' +
  'commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;bilancio;flgGeneraIuv;azione'

/** A file of version 1_3: valid rows that ask for a number, one in a hundred wrong. `iuvs` are those of rows that change nothing. */
export function csvOf(rows: number, action: 'I' | 'M', iuvs: ReadonlyMap<string, string>): string {
  const lines = [HEADER]
  for (let n = 0; n < rows; n++) {
    const code = n % 100 === 99 ? 'BNCCHR85H52M999X' : 'BNCCHR85H52M999M'
    const iud = `R-${n}`
    lines.push(
      `${iud};${iuvs.get(iud) ?? ''};F;${code};Bianchi Chiara;Via dei Tigli;12/A;99010;Borgo Fittizio;VE;IT;` +
        `chiara.bianchi@example.org;2099-09-30;24.50;;LUCE;;Canone luce votiva 2026 loculo ${n};9/0114100TS/LUCE;;true;${action}`,
    )
  }
  return `${lines.join('\n')}\n`
}

let files = 0

/** A file as it is after its upload; its process is told. */
export async function sendFile(world: ImportWorld, csv: string): Promise<string> {
  const { db, enteId, processes } = world
  const flowId = uuidv7()
  const iuf = `BENCH${++files}`
  await writeFile(await world.files.prepare(flowFiles(flowId).csv), csv)
  await insertFlow(db, {
    id: flowId,
    enteId,
    baseName: `C_Q999-${iuf}-1_3`,
    iuf,
    format: '1_3',
    operatorId: null,
    requestToken: null,
    sha256: createHash('sha256').update(flowId).digest(),
    zipBytes: csv.length,
    csvBytes: Buffer.byteLength(csv),
    wantsNotices: false,
    header: HEADER,
    firstByte: HEADER.length + 1,
  })
  await processes.tellImport({ flowId, enteId })
  return flowId
}
