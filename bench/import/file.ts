import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Knex } from 'knex'
import { flowFiles, type FileStore } from '../../services/file-store.ts'
import { findFlow, insertFlow, type Flow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import type { Processes } from '../../workflows/processes.ts'

/** An ente and the services that its files need. */
export interface FlowTarget {
  db: Knex
  files: FileStore
  processes: Processes
  enteId: string
}

/** Counts the enti made so far in this process. */
let enti = 0

/** Inserts an ente with one type of due, which may send files; returns its id. */
export async function insertFlowEnte(db: Knex): Promise<string> {
  const number = enti++
  const [{ id }] = (await db('ente')
    .insert({
      cod_ipa: `C_Q${900 + number}`,
      codice_fiscale: String(99999900014 - number),
      name: 'Comune di Borgo Fittizio',
      state: 'ESERCIZIO',
      adhesion: ['flows'],
      segregation_code: '12',
      iban: 'IT61H9999912345000000000001',
    })
    .returning('id')) as [{ id: string }]
  const dueType = { code: 'LUCE', name: 'Luce', dati_specifici_riscossione: '9/0114100TS/' }
  await db('due_type').insert(dueType).onConflict().ignore()
  await db('ente_due_type').insert({ ...dueType, ente_id: id, due_on_binding: true, form: '{}' })
  return id
}

const HEADER =
  'IUD;codIuv;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;civicoPagatore;' +
  'capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;importoDovuto;' +
  'commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;bilancio;flgGeneraIuv;azione'

/** A file of version 1_3 whose rows ask for an IUV; one row in a hundred is wrong. */
export function csvOf(
  rows: number,
  { action = 'I', prefix = 'R', iuvs }: { action?: 'I' | 'M'; prefix?: string; iuvs?: Iuvs } = {},
): string {
  const lines = [HEADER]
  for (let n = 0; n < rows; n++) {
    const code = n % 100 === 99 ? 'BNCCHR85H52M999X' : 'BNCCHR85H52M999M'
    const iud = `${prefix}-${n}`
    lines.push(
      `${iud};${iuvs?.get(iud) ?? ''};F;${code};Bianchi Chiara;Via dei Tigli;12/A;99010;Borgo Fittizio;VE;IT;` +
        `chiara.bianchi@example.org;2099-09-30;24.50;;LUCE;;Canone luce votiva 2026 loculo ${n};9/0114100TS/LUCE;;true;${action}`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** IUV by IUD, for rows that repeat a due without changing it. */
export type Iuvs = ReadonlyMap<string, string>

let sent = 0

/** Stores a file as its upload would and starts its process; returns the id of the flow. */
export async function sendFile({ db, files, processes, enteId }: FlowTarget, csv: string): Promise<string> {
  const flowId = uuidv7()
  const iuf = `BENCH${++sent}`
  await writeFile(await files.prepare(flowFiles(flowId).csv), csv)
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
  await processes.wakeImport({ flowId, enteId })
  return flowId
}

const LOOK_MS = 100

/** Resolves with the flow when it is loaded; calls `onLook` at each look before. */
export async function whenLoaded(
  db: Knex,
  flowId: string,
  onLook?: (flow: Flow) => Promise<void> | void,
): Promise<Flow> {
  for (;;) {
    await pause(LOOK_MS)
    const flow = (await findFlow(db, flowId))!
    if (flow.state === 'loaded') return flow
    if (flow.state === 'refused') throw new Error(`refused: ${flow.errorCode} ${flow.errorDetails.join()}`)
    await onLook?.(flow)
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
