import { writeFileSync } from 'node:fs'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCancelFlowActivities } from '../../activities/cancel-flow/index.ts'
import { createExportFlowActivities } from '../../activities/export-flow/index.ts'
import { bookExport } from '../../db/export/export.ts'
import { flowFiles } from '../../services/file-store.ts'
import { aFlow, loadFlow } from '../flows/world.ts'
import { anAct } from '../setup/bulk.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { CODE, ELENA, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { changeSession, signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const KEPT = 'LUCE_VOTIVA'
const LOST = 'MENSA_SCOLASTICA'
const DUE_ON = '2020-01-31'

let site: Site
let enteId: string
let operatorId: string
let paolo: Visitor
let sara: Visitor
/** Files and exports of Paolo: one with dues of both types, one with the type that he keeps. */
let flows: { both: string; kept: string }
let exports: { both: string; kept: string }
/** An act on dues of both types. */
let actId: string

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000, heartbeatMs: 50 })
  enteId = await idOf('ente', { cod_ipa: CODE })
  operatorId = await idOf('operator', { codice_fiscale: PAOLO.codiceFiscale })
  sara = await signInAs(site.db, site.visitor(), SARA)
  flows = { both: await aLoadedFlow([KEPT, LOST]), kept: await aLoadedFlow([KEPT]) }
  await site.db('ente_due_type').where({ ente_id: enteId }).update({ due_on_binding: true })
  const ids: string[] = []
  for (const [code, progressive] of [
    [KEPT, 810_001],
    [LOST, 810_002],
  ] as const)
    ids.push(...(await newDues(site.db, [progressive], { code, values: () => ({ due_on: DUE_ON }) })))
  const by = { id: operatorId, name: PAOLO.anagrafica }
  actId = await anAct(site.db, { kind: 'export', ids, enteId, by })
  exports = { both: await anExport([KEPT, LOST]), kept: await anExport([KEPT]) }
})
afterAll(() => site.close())

beforeEach(async () => {
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
})
afterEach(async () => {
  await site.db('operator').where({ id: operatorId }).update({ active: true })
  await site
    .db('operator_grant')
    .insert({ operator_id: operatorId, ente_id: enteId, role: 'operator' })
    .onConflict(['operator_id', 'ente_id'])
    .merge({ role: 'operator' })
  await site.db.raw(
    `insert into operator_due_type (operator_id, ente_id, ente_due_type_id)
     select ?, ente_id, id from ente_due_type where ente_id = ? and code = any (?) on conflict do nothing`,
    [operatorId, enteId, [KEPT, LOST]],
  )
})

async function idOf(table: string, where: Record<string, string>): Promise<string> {
  return ((await site.db(table).first('id').where(where)) as { id: string }).id
}

const HEADER =
  'IUD;codIuv;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;civicoPagatore;' +
  'capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;importoDovuto;' +
  'commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;bilancio;flgGeneraIuv;azione'

let files = 0
/** A loaded flow with a due of each of these types, a rejected row, and notices. */
async function aLoadedFlow(codes: readonly string[]): Promise<string> {
  const base = `${CODE}-PERSI${++files}-1_3`
  const row = (iud: string, code: string, azione = 'I') =>
    `${iud};;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;IT;;2099-12-31;24.50;;${code};;Causale;9/0114100TS/X;;true;${azione}`
  const rows = codes.map((code) => row(`P-${files}-${code}`, code))
  const csv = [HEADER, ...rows, row(`P-${files}-X`, KEPT, 'X')].join('\n')
  const fixture = { db: site.db, files: site.files, world: { enteId, operatorId, codIpa: CODE } }
  const id = await aFlow(fixture, { base, csv, wantsNotices: true })
  writeFileSync(await site.files.prepare(flowFiles(id).zip), 'zip')
  const flow = await loadFlow(fixture, id)
  expect(flow).toMatchObject({ rowsLoaded: codes.length, rowsRejected: 1, noticesPrinted: codes.length })
  return id
}

async function anExport(dueTypes: string[]): Promise<string> {
  const id = await bookExport(site.db, { kind: 'expired', enteId, operatorId, dueOn: DUE_ON, dueTypes })
  const { writeExport } = createExportFlowActivities({
    db: site.db,
    files: site.files,
    mailHost: 'localhost',
  })
  await new MockActivityEnvironment().run(writeExport, { exportId: id })
  const { rows } = (await site.db('export').first('rows').where({ id })) as { rows: number }
  expect(rows).toBe(dueTypes.length)
  return id
}

const loseType = (): Promise<unknown> =>
  site
    .db('operator_due_type')
    .where({ operator_id: operatorId })
    .whereIn('ente_due_type_id', site.db('ente_due_type').select('id').where({ ente_id: enteId, code: LOST }))
    .delete()
const loseEnte = (): Promise<unknown> =>
  site.db('operator_grant').where({ operator_id: operatorId, ente_id: enteId }).delete()

const FLOWS = `/operatore/${CODE}/flussi`
const EXPORTS = `/operatore/${CODE}/esportazioni`

const downloadsOf = (id: string): string[] =>
  ['originale', 'iuv', 'scarti', 'scarti-con-rimedi', 'scarti-con-rimedi.xlsx', 'avvisi'].map(
    (kind) => `${FLOWS}/${id}/file/${kind}`,
  )
const statusesOf = (visitor: Visitor, paths: readonly string[]): Promise<number[]> =>
  Promise.all(paths.map(async (path) => (await visitor.download(path)).status))

describe('a file or export with a type that its operator lost', () => {
  const all = () => [
    `${FLOWS}/${flows.both}`,
    ...downloadsOf(flows.both),
    `${FLOWS}/${flows.kept}`,
    ...downloadsOf(flows.kept),
    `${EXPORTS}/${exports.both}.zip`,
    `${EXPORTS}/${exports.kept}.zip`,
  ]
  const filled = (status: number, times: number): number[] => Array.from({ length: times }, () => status)

  it('can be opened before and not after, and still by administrators', async () => {
    expect(await statusesOf(paolo, all())).toEqual(filled(200, 16))
    await loseType()
    const after = [...filled(404, 7), ...filled(200, 7), 404, 200]
    expect(await statusesOf(paolo, all())).toEqual(after)
    expect(await statusesOf(sara, all())).toEqual(filled(200, 16))
    const [list, booked] = [await paolo.get(FLOWS), await paolo.get(EXPORTS)]
    expect([list.html.includes(flows.both), list.html.includes(flows.kept)]).toEqual([false, true])
    expect([booked.html.includes(exports.both), booked.html.includes(exports.kept)]).toEqual([false, true])
  })

  it('needs the session, the ente and the person: when one of them ends, all of it is closed', async () => {
    await loseEnte()
    expect(new Set(await statusesOf(paolo, all()))).toEqual(new Set([403]))
    await site.db('operator').where({ id: operatorId }).update({ active: false })
    expect(new Set(await statusesOf(paolo, all()))).toEqual(new Set([403]))
    expect(new Set(await statusesOf(site.visitor(), all()))).toEqual(new Set([303]))
  })

  it('cannot be opened from a due of a type that stayed', async () => {
    const due = await idOf('due', { flow_id: flows.both, iud: 'P-1-LUCE_VOTIVA' })
    const page = `/operatore/${CODE}/dovuti/${due}`
    const link = `href="${FLOWS}/${flows.both}"`
    expect((await paolo.get(page)).html).toContain(link)
    await loseType()
    expect((await paolo.get(page)).html).not.toContain(link)
    expect((await sara.get(page)).html).toContain(link)
  })

  it('cannot be cancelled, paused, resumed, loaded or corrected by the operator, and none of its dues changes', async () => {
    const flowId = await aLoadedFlow([KEPT, LOST])
    const states = () =>
      site.db('due').where({ flow_id: flowId }).orderBy('iud').pluck('state') as Promise<string[]>
    const form = await paolo.get(`${FLOWS}/${flows.kept}`)
    await loseType()
    const told = site.processes.told.length
    for (const action of ['annulla', 'conferma-annulla', 'sospendi', 'riprendi', 'carica', 'correzione']) {
      const html = form.html.replace(
        /action="[^"]*conferma-annulla"/,
        `action="${FLOWS}/${flowId}/${action}"`,
      )
      expect((await paolo.submit({ ...form, html }, `/${flowId}/${action}`)).status).toBe(404)
    }
    expect(site.processes.told.length).toBe(told)
    expect(await states()).toEqual(['payable', 'payable'])
    const confirm = await sara.submit(await sara.get(`${FLOWS}/${flowId}`), '/conferma-annulla')
    expect((await sara.submit(confirm, '/annulla', { perche: 'Per prova' })).status).toBe(303)
    const { cancelSlice } = createCancelFlowActivities(site)
    const slice = () => new MockActivityEnvironment().run(cancelSlice, { flowId, sliceMs: 3_000 })
    await waitUntil(async () => ((await slice()) as { isOver: boolean }).isOver)
    expect(await states()).toEqual(['cancelled', 'cancelled'])
  })
})

interface Stream {
  isOver: () => boolean
  beats: () => number
  stop: () => void
}

async function listen(visitor: Visitor, path: string): Promise<Stream> {
  const page = new AbortController()
  const answer = await fetch(site.url + path, { headers: { cookie: visitor.cookie() }, signal: page.signal })
  expect([path, answer.status]).toEqual([path, 200])
  let text = ''
  let isOver = false
  const read = async (): Promise<void> => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) text += part
  }
  void read()
    .catch(() => undefined)
    .finally(() => {
      isOver = true
    })
  const beats = (): number => text.split(/^: /m).length - 1
  return { isOver: () => isOver, beats, stop: () => page.abort() }
}

describe('a stream of news', () => {
  const paths = () => [
    `${FLOWS}/${flows.both}/eventi`,
    `${FLOWS}/${flows.kept}/eventi`,
    `${EXPORTS}/eventi`,
    `/operatore/${CODE}/operazioni/${actId}/eventi`,
  ]
  const signOut = async (): Promise<void> => {
    expect((await paolo.submit(await paolo.get(FLOWS), '/esci')).status).toBe(303)
  }
  const sessionIs = (change: string) => (): Promise<unknown> => {
    const sid = decodeURIComponent(/mypay=s%3A([^.]+)\./.exec(paolo.cookie())![1]!)
    return site.db.raw(change, [sid])
  }

  it.each<[what: string, change: () => Promise<unknown>, over: boolean[]]>([
    ['nothing happens', () => Promise.resolve(), [false, false, false, false]],
    ['a type is taken away that the file holds', loseType, [true, false, false, true]],
    ['the ente is taken away', loseEnte, [true, true, true, true]],
    [
      'the person may work no more',
      () => site.db('operator').where({ id: operatorId }).update({ active: false }),
      [true, true, true, true],
    ],
    ['the person signs out', signOut, [true, true, true, true]],
    [
      'the session runs out',
      sessionIs(`update session set expire = now() - interval '1 second' where sid = ?`),
      [true, true, true, true],
    ],
    ['the session is deleted', sessionIs('delete from session where sid = ?'), [true, true, true, true]],
    [
      'somebody else is in the session',
      () => changeSession(site.db, paolo, { citizen: { ...ELENA, codiceFiscale: 'BNCCHR85H52M999M' } }),
      [true, true, true, true],
    ],
    [
      'an administrator he becomes, who hears of others too',
      () => site.db('operator_grant').where({ operator_id: operatorId }).update({ role: 'admin' }),
      [false, false, true, false],
    ],
    [
      'the ente leaves the files',
      () =>
        site
          .db('ente')
          .where({ id: enteId })
          .update({ adhesion: ['base'] }),
      [true, true, false, false],
    ],
  ])('when %s, ends at the next heartbeat if it must', async (_, change, over) => {
    const streams = await Promise.all(paths().map((path) => listen(paolo, path)))
    // Sara's stream must continue, because the change concerns Paolo only.
    const hers = await listen(sara, `${EXPORTS}/eventi`)
    try {
      await change()
      await waitUntil(() => streams.every(({ isOver }, at) => isOver() === over[at] || !over[at]))
      // Streams that may continue are checked again and continue.
      const [before, beforeHers] = [streams.map(({ beats }) => beats()), hers.beats()]
      await waitUntil(() => hers.beats() > beforeHers + 3)
      await waitUntil(() => streams.every(({ beats }, at) => over[at] || beats() > before[at]! + 3))
      expect(streams.map(({ isOver }) => isOver())).toEqual(over)
      expect(hers.isOver()).toBe(false)
    } finally {
      await site
        .db('ente')
        .where({ id: enteId })
        .update({ adhesion: ['base', 'flows'] })
      for (const { stop } of [...streams, hers]) stop()
    }
  })

  it('ends when its right cannot be checked', async () => {
    const stream = await listen(paolo, `${EXPORTS}/eventi`)
    await site.db.raw('alter table operator_grant rename to operator_grant_gone')
    try {
      await waitUntil(() => stream.isOver())
      expect(stream.isOver()).toBe(true)
    } finally {
      await site.db.raw('alter table operator_grant_gone rename to operator_grant')
    }
  })
})
