import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueUploadToken } from '../../api/ente/upload-token.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { flowZip } from '../flows/zip.ts'
import { aFlowWorld } from '../flows/world.ts'
import { saveEnte } from '../setup/administration.ts'
import { askLink, FORM, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { ELENA, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { aCredential } from '../setup/software.ts'
import type { Visitor } from '../setup/visitor.ts'

let site: Site
let elena: Visitor
beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  elena = await signInAs(site.db, site.visitor(), ELENA)
})
afterAll(() => site.close())

/** Elena sets on the page of the ente how it joined. */
async function join(codIpa: string, ...modes: string[]): Promise<void> {
  const all = ['base', 'flows', 'ente_software'].map((mode) => [
    `adhesion.${mode}`,
    String(modes.includes(mode)),
  ])
  const fields = Object.fromEntries(all) as Record<string, string>
  const saved = await saveEnte(elena, `/admin/enti/${codIpa}`, fields)
  expect(saved.status).toBe(303)
}

describe('Base: citizens pay with the forms of the portal', () => {
  const spontaneous = async (): Promise<number[]> => {
    const visitor = site.visitor()
    const landing = '/landing/spontaneo?codIpaEnte=C_X901&codTipo=DIRITTI_VARI'
    const answers = await Promise.all([FORM, landing].map((path) => visitor.get(path)))
    return answers.map(({ status }) => status)
  }
  const listed = async (): Promise<string> => textOf(await site.visitor().get('/enti/C_X901'))

  it('without it nothing can be started: no type in the list, no form, no landing; with it all is back', async () => {
    expect([await spontaneous(), await listed()]).toEqual([
      [200, 303],
      expect.stringContaining('Diritti vari'),
    ])
    await join('C_X901', 'flows')
    expect(await spontaneous()).toEqual([404, 404])
    expect(await listed()).toContain('non ha pagamenti che puoi avviare')
    expect(textOf(await elena.get('/admin/enti/C_X901/tipi'))).toContain('non aderisce a “Base”')
    await join('C_X901', 'base')
    expect([await spontaneous(), await listed()]).toEqual([
      [200, 303],
      expect.stringContaining('Diritti vari'),
    ])
    expect(textOf(await elena.get('/admin/enti/C_X901/tipi'))).not.toContain('non aderisce a “Base”')
  })

  it('a link that was sent before it was switched off makes no due', async () => {
    const citizen = site.visitor()
    const link = await askLink(site, citizen)
    await join('C_X901')
    const dues = () => site.db('due').count('* as n')
    const before = await dues()
    const answer = await citizen.submit(await citizen.get(link), link)
    expect(answer.location).toBeUndefined()
    expect(await dues()).toEqual(before)
    await join('C_X901', 'base')
    expect((await citizen.submit(await citizen.get(link), link)).location).toMatch(/\/carrello$/)
  })

  it('notices of an ente without it are paid as ever', async () => {
    await join('C_X902', 'flows')
    const citizen = site.visitor()
    const found = await citizen.submit(await citizen.get('/avviso'), '/avviso', {
      'codice-avviso': iuv17({ segregationCode: '22', progressive: 1 }),
      'intestatario-codice': 'BNCCHR85H52M999M',
    })
    expect(textOf(await citizen.get(found.location!))).toContain('18,50')
    await join('C_X902', 'base', 'flows')
  })
})

describe('files of dues', () => {
  beforeAll(async () => {
    await aFlowWorld(site.db)
  })
  const csv = readFileSync(new URL('../fixtures/flows/import/C_Q999-CUP202501-1_1.csv', import.meta.url))

  /** Uploads a file as software of the ente; returns the HTTP status. */
  async function send(iuf: string): Promise<number> {
    const { name, bytes } = await flowZip(`C_Q999-${iuf}-1_1`, csv)
    const credential = await aCredential(site.db, 'C_Q999')
    const permission = { codIpa: 'C_Q999', requestToken: randomUUID(), credential }
    const token = issueUploadToken(KEYS.token, permission, new Date().toISOString())
    const body = new FormData()
    body.append('file', new Blob([new Uint8Array(bytes)]), name)
    const answer = await fetch(`${site.url}/mybox/uploadFlusso?authorizationToken=${token}`, {
      method: 'POST',
      body,
    })
    await answer.body?.cancel()
    return answer.status
  }
  const page = async (): Promise<number> => (await elena.get('/operatore/C_Q999/flussi')).status

  it.each<[string, string[], { page: number; upload: number }]>([
    ['Base alone: neither pages nor software', ['base'], { page: 404, upload: 403 }],
    ['Per flussi: pages and software', ['flows'], { page: 200, upload: 200 }],
    ['Iniziato presso l’ente: software alone', ['ente_software'], { page: 404, upload: 200 }],
    ['all together', ['base', 'flows', 'ente_software'], { page: 200, upload: 200 }],
    ['none', [], { page: 404, upload: 403 }],
  ])('%s', async (name, modes, expected) => {
    await join('C_Q999', ...modes)
    expect({ page: await page(), upload: await send(`M${name.length}`) }).toEqual(expected)
  })

  it('only administrators of the region can change how an ente joined', async () => {
    const sara = await signInAs(site.db, site.visitor(), SARA)
    const path = '/admin/enti/C_X902/dati/adesione'
    expect((await sara.get(path)).status).toBe(404)
    const form = await elena.get(path)
    const csrf = /name="_csrf" value="([^"]+)"/.exec(
      (await sara.get('/admin/enti/C_X902/dati/conti')).html,
    )![1]!
    const forged = await sara.submit(form, path, { _csrf: csrf, 'adhesion.flows': 'false' })
    expect(forged.status).toBe(404)
    const row: unknown = await site.db('ente').first('adhesion').where({ cod_ipa: 'C_X902' })
    expect(row).toEqual({ adhesion: ['base', 'flows'] })
  })
})
