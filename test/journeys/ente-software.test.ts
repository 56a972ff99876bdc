import { readFileSync } from 'node:fs'
import { createClientAsync, type Client } from 'soap'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedPassword } from '../../services/ente/passwords.ts'
import { aFlowWorld, unzip } from '../flows/world.ts'
import { flowZip } from '../flows/zip.ts'
import { SERVICE } from '../setup/software.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { waitUntil } from '../setup/wait.ts'

const PASSWORD = 'dei-test-12345'
const BASE = 'C_Q999-ERRORI202501-1_3'
const CSV = readFileSync(new URL(`../fixtures/flows/import-errors/${BASE}.csv`, import.meta.url))

let stack: Stack
let software: Client

beforeAll(async () => {
  stack = await startStack()
  const { enteId } = await aFlowWorld(stack.db)
  await seedPassword(stack.db, { enteId, password: PASSWORD })
  // Like a supplier: the client comes from the WSDL that we serve and calls the address in it.
  software = await createClientAsync(`${stack.publicUrl}${SERVICE}?wsdl`)
  software.addSoapHeader({ 'h:intestazionePPT': { codIpaEnte: 'C_Q999' } }, '', '', '')
})
afterAll(() => stack.close())

type Answer = Record<string, string>
async function call(operation: string, ask: Answer): Promise<Answer> {
  const [answer] = (await software[`${operation}Async`]({ password: PASSWORD, ...ask })) as [Answer]
  return answer
}
const askState = (requestToken: string): Promise<Answer> =>
  call('paaSILChiediStatoImportFlusso', {
    requestToken,
    password: PASSWORD,
    fileScarti: 'true',
    fileIUV: 'true',
    fileAvvisi: 'true',
  })

async function upload(permission: Answer): Promise<Response> {
  const { name, bytes } = await flowZip(BASE, CSV)
  const body = new FormData()
  body.append('authorizationToken', permission['authorizationToken']!)
  body.append('file', new Blob([new Uint8Array(bytes)]), name)
  return fetch(permission['uploadUrl']!, { method: 'POST', body })
}

it('software asks for a token, sends a file, follows it to its end and gets its outcome files by their links', async () => {
  const permission = await call('paaSILAutorizzaImportFlusso', {})
  expect(permission).toEqual({
    uploadUrl: `${stack.publicUrl}/public/mybox/uploadFlusso`,
    authorizationToken: expect.stringMatching(/^[\w-]+\.[\w-]+$/),
    requestToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
    importPath: '/IMPORT',
  })
  const requestToken = permission['requestToken']!
  expect(await askState(requestToken)).toMatchObject({ fault: { faultCode: 'PAA_REQUEST_TOKEN_NON_VALIDO' } })

  expect((await upload(permission)).status).toBe(200)
  expect((await upload(permission)).status).toBe(403)
  const states = new Set<string>()
  const done = await waitUntil(async () => {
    const answer = await askState(requestToken)
    states.add(answer['stato']!)
    return answer['stato'] === 'IMPORT_ESEGUITO' ? answer : undefined
  })
  expect(['LOAD_IMPORT', 'IMPORT_IN_ELAB', 'IMPORT_ESEGUITO']).toEqual(expect.arrayContaining([...states]))

  for (const [element, kind, row] of [
    // One file has the IUV that the platform gave, the other the reason of the reject.
    ['urlFileIUV', 'IUV', /^E-0001;12\d{15};F;/m],
    ['urlFileScarti', 'SCARTI', /COD_IUV TROPPO GRANDE$/m],
  ] as const) {
    const url = new URL(done[element]!)
    const answer = await fetch(url)
    expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename=${BASE}_${kind}.zip`,
    ])
    const files = await unzip(Buffer.from(await answer.arrayBuffer()))
    expect(files.get(`${BASE}_${kind}.csv`)!.toString()).toMatch(row)
    const other = kind === 'IUV' ? 'SCARTI' : 'IUV'
    expect((await fetch(url.href.replace(`${kind}.zip`, `${other}.zip`))).status).toBe(403)
    expect((await fetch(url.origin + url.pathname)).status).toBe(403)
  }
})

it('files are linked only when they are asked for', async () => {
  const flow = (await stack.db('flow').first('request_token').where({ base_name: BASE })) as {
    request_token: string
  }
  const answer = await call('paaSILChiediStatoImportFlusso', {
    requestToken: flow.request_token,
    password: PASSWORD,
    fileIUV: 'false',
  })
  expect(answer).toEqual({ stato: 'IMPORT_ESEGUITO' })
})
