import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import pino from 'pino'
import express, { type RequestHandler } from 'express'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { problems } from '../../api/middleware/problems.ts'
import { supportRouter } from '../../api/support/router.ts'
import { noticeNumber } from '../../domain/iuv.ts'
import { operatorCode } from '../../templates/format.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import { createProcesses } from '../../workflows/processes.ts'
import { attemptIdsOf, stateOf, US } from '../setup/begun.ts'
import { aCart, aDue, anEnte } from '../setup/builders.ts'
import { ELENA, enterAsElena, SARA } from '../setup/operators.ts'
import { mailsTo } from '../setup/mailbox.ts'
import { buildRtFor, envelopeFor } from '../setup/rt.ts'
import { signIn } from '../setup/session.ts'
import { SIGN_IN } from '../../api/access/sign-in-rules.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

let stack: Stack
let cartId: string
let support: Visitor

beforeAll(async () => {
  stack = await startStack()
  cartId = await begin(await aDue(stack.db, await anEnte(stack.db), { progressive: 77 }))
  support = await enterAsElena(stack.db, createVisitor(stack.publicUrl))
})
afterAll(() => stack.close())

async function begin(dueId: string): Promise<string> {
  const id = await aCart(stack.db, [dueId])
  await stack.processes.begin(id, { nonce: randomUUID(), replicaConfirmed: false }, 20_000)
  return id
}

const page = (id = cartId): Promise<Page> => support.get(`/supporto/pagamenti/${id}`)
const text = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ')
const notes = (kind: string): Promise<{ data: Record<string, unknown> }[]> =>
  stack.db('event').select('data').where({ entity_id: cartId, kind }).orderBy('id')

const elenaId = async (): Promise<string> =>
  ((await stack.db('operator').first('id').where({ codice_fiscale: ELENA.codiceFiscale })) as { id: string })
    .id

const traces = async (): Promise<number> =>
  (await stack.db('event').where({ kind: 'accessed' }).whereRaw(`data ->> 'what' = 'receipt'`)).length

async function settle(id: string): Promise<void> {
  const [attemptId] = await attemptIdsOf(stack.db, id)
  const reply = await answerRt(stack.db, US, (await buildRtFor(stack.db, attemptId!)).envelope)
  await stack.processes.receiptArrived(id, { receiptId: reply.tell!.receiptId })
  await waitUntil(async () => (await stateOf(stack.db, 'cart', id)) === 'paid')
}

it('finds payments whose accepted receipt differs from the RPT, and shows the difference on the timeline', async () => {
  const id = await begin(await aDue(stack.db, await anEnte(stack.db), { progressive: 78 }))
  const [attemptId] = await attemptIdsOf(stack.db, id)
  const { key, xml } = await buildRtFor(stack.db, attemptId!)
  const odd = envelopeFor(key, xml.replace('>Chiara Bianchi<', '>C. Bianchi<'))
  expect((await answerRt(stack.db, US, odd)).outcome).toBe('OK')
  const found = await support.get('/supporto?nota=payer_name')
  expect(found.html).toContain(`/supporto/pagamenti/${id}`)
  expect((await support.get('/supporto?nota=payee_code')).html).not.toContain(`/supporto/pagamenti/${id}`)
  expect(text((await page(id)).html)).toContain(
    'La ricevuta è accettata, con differenze dalla RPT: altro nome del pagatore (payer_name)',
  )
})

type Deps = Parameters<typeof supportRouter>[0]

/** Opens pages of support without the rest of the application, signed in as Elena, with other processes or settings. */
async function askInside(
  { processes = stack.processes, config }: { processes?: Deps['processes']; config: Partial<Deps['config']> },
  paths: readonly string[],
): Promise<{ status: number; html: string }[]> {
  const app = express()
  app.locals['isTest'] = true
  const inside = ((req, _res, next) => {
    Object.assign(req, {
      session: { citizen: ELENA, level: SIGN_IN.staffLevel },
      id: '1',
      log: { error() {} },
    })
    next()
  }) as RequestHandler
  app.use(
    inside,
    supportRouter({
      db: stack.db,
      processes,
      config: { signIn: SIGN_IN, ...config } as Deps['config'],
      log: pino({ level: 'silent' }),
    }),
    problems,
  )
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const answers = await Promise.all(paths.map((path) => fetch(base + path)))
  const read = await Promise.all(answers.map(async (one) => ({ status: one.status, html: await one.text() })))
  server.close()
  return read
}

describe('access to support', () => {
  const path = () => `/supporto/pagamenti/${cartId}`

  it('leads a stranger to the sign-in, and an administrator of the region from there to the payment', async () => {
    const visitor = createVisitor(stack.publicUrl)
    expect((await visitor.get(path())).location).toBe(
      `${stack.publicUrl}/accedi?${new URLSearchParams({ da: path(), livello: '2' }).toString()}`,
    )
    const shown = await signIn(visitor, 'elena', path())
    expect([shown.url, shown.status]).toEqual([stack.publicUrl + path(), 200])
    expect((await visitor.get('/operatore')).html).toContain('href="/supporto"')
  })

  it('does not exist for administrators of an ente, and is refused to citizens', async () => {
    const { id: enteId } = (await stack.db('ente').first('id')) as { id: string }
    const [{ id }] = (await stack
      .db('operator')
      .insert({ codice_fiscale: SARA.codiceFiscale, name: SARA.anagrafica })
      .returning('id')) as [{ id: string }]
    await stack.db('operator_grant').insert({ operator_id: id, ente_id: enteId, role: 'admin' })
    const [sara, chiara] = [createVisitor(stack.publicUrl), createVisitor(stack.publicUrl)]
    expect((await signIn(sara, 'sara', path())).status).toBe(404)
    expect((await sara.get('/admin')).html).not.toContain('href="/supporto"')
    expect((await signIn(chiara, 'chiara', path())).status).toBe(403)
  })

  it('ends at once for a person who is no longer active', async () => {
    const elena = await enterAsElena(stack.db, createVisitor(stack.publicUrl))
    const isActive = (active: boolean) =>
      stack.db('operator').where({ codice_fiscale: ELENA.codiceFiscale }).update({ active })
    await isActive(false)
    expect((await elena.get('/supporto')).status).toBe(403)
    await isActive(true)
    expect((await elena.get('/supporto')).status).toBe(200)
  })
})

describe('without the engine', () => {
  it('the page still shows the state in the tables, and leads to the console of the engine', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' })
    const processes = createProcesses(new Client({ connection, namespace: 'default' }))
    const config = { temporalUi: 'http://localhost:8233' }
    const [answer] = await askInside({ processes, config }, [`/supporto/pagamenti/${cartId}`])
    await connection.close()
    expect(answer!.status).toBe(200)
    expect(text(answer!.html)).toContain('In corso: l’esito non è ancora noto')
    expect(text(answer!.html)).toContain('il motore dei pagamenti non risponde')
    expect(answer!.html).toContain(
      `href="http://localhost:8233/namespaces/default/workflows/pay-cart%3A${cartId}"`,
    )
  })
})

describe('lists of processes in the Temporal UI', () => {
  const namespace = () => stack.client.options.namespace
  const idsFor = async (query: string): Promise<string[]> => {
    const ids: string[] = []
    for await (const { workflowId } of stack.client.workflow.list({ query })) ids.push(workflowId)
    return ids
  }

  /** The queries of the links on the page, in order. */
  async function queries(config: Partial<Deps['config']>): Promise<string[]> {
    const [answer] = await askInside({ config }, ['/supporto'])
    // The renderer escapes the equals sign too.
    const html = answer!.html.replaceAll('&#x3D;', '=')
    const links = [...html.matchAll(/href="(http:\/\/localhost:8233[^"]+)"/g)].map(
      ([, href]) => new URL(href!),
    )
    expect(new Set(links.map(({ pathname }) => pathname))).toEqual(
      new Set([`/namespaces/${namespace()}/workflows`].slice(0, links.length)),
    )
    return links.map(({ searchParams }) => searchParams.get('query')!)
  }

  it('are linked with queries that the server answers: attention, older than an hour, broken', async () => {
    const id = await begin(await aDue(stack.db, await anEnte(stack.db), { progressive: 79 }))
    const handle = stack.client.workflow.getHandle(PAY_CART.id(id))
    const at = (hours: number) => ({
      temporalUi: 'http://localhost:8233',
      clock: () => new Date(Date.now() + hours * 3_600_000).toISOString(),
    })
    const [attention, young] = (await queries(at(0))) as [string, string]
    const [, old, broken] = (await queries(at(2))) as [string, string, string]
    await waitUntil(async () => (await idsFor(old)).includes(handle.workflowId))
    expect(await idsFor(young)).not.toContain(handle.workflowId)
    expect(await idsFor(attention)).not.toContain(handle.workflowId)
    expect(await idsFor(broken)).not.toContain(handle.workflowId)
    await stack.db('anomaly').insert({ kind: 'late_while_paying', cart_id: id, unplaced_cents: 1050 })
    await stack.processes.askOutcome(id, { nonce: randomUUID(), deadlineMs: 8_000 })
    await waitUntil(async () => (await idsFor(attention)).includes(handle.workflowId))
    await handle.terminate('by mistake')
    await waitUntil(async () => (await idsFor(broken)).includes(handle.workflowId))
    expect(await idsFor(old)).not.toContain(handle.workflowId)
  })

  it('are absent where there is no such UI', async () => {
    expect(await queries({})).toEqual([])
    const [answer] = await askInside({ config: {} }, ['/supporto'])
    expect(answer!.html).not.toContain('Processi in Temporal')
  })
})

describe('search', () => {
  it('finds the payment by cart id, IUV, IUD and notice number, and says when there is none', async () => {
    const due = (await stack
      .db('due')
      .first('iud', 'iuv')
      .whereIn('id', stack.db('cart_item').select('due_id').where({ cart_id: cartId }))) as {
      iud: string
      iuv: string
    }
    for (const q of [cartId, due.iuv, due.iud, noticeNumber(due.iuv), ` ${due.iud} `]) {
      const found = await support.get(`/supporto?q=${encodeURIComponent(q)}`)
      expect(found.html).toContain(`href="/supporto/pagamenti/${cartId}"`)
    }
    for (const q of ['NIENTE', randomUUID(), "' or 1=1 --", '%'])
      expect((await support.get(`/supporto?q=${encodeURIComponent(q)}`)).html).toContain('Nessun pagamento')
  })
})

describe('the page of a payment', () => {
  it('an unknown or malformed id is a 404', async () => {
    expect((await page(randomUUID())).status).toBe(404)
    expect((await page('x')).status).toBe(404)
  })

  it('says the state, why it waits, the next look, and names nobody', async () => {
    const { html } = await page()
    const seen = text(html)
    expect(seen).toContain('In corso: l’esito non è ancora noto')
    expect(seen).toContain('mandato alla pagina di pagamento e non è ancora tornato')
    expect(seen).toMatch(/Prossimo controllo \d\d\/\d\d\/\d{4} \d\d:\d\d/)
    expect(seen).toContain('accettato dal nodo (tentativi: 1)')
    expect(seen).toContain('C. B. BNC************M')
    expect(seen).toContain('Carrello: Carrello aperto: nulla è stato inviato → In corso')
    expect(html).not.toMatch(/Chiara|Bianchi|BNCCHR85H52M999M|chiara@/)
  })

  it('shows each message with persons masked, and gives its exact bytes leaving a trace', async () => {
    const attempt = (await stack
      .db('attempt')
      .join('rpt', 'rpt.attempt_id', 'id')
      .first('id', 'document')
      .where({ cart_id: cartId })) as {
      id: string
      document: Buffer
    }
    const path = `/supporto/pagamenti/${cartId}/xml/rpt/${attempt.id}`
    expect((await page()).html).toContain(`href="${path}"`)
    const shown = await support.get(path)
    expect(shown.html).toContain('identificativoUnivocoVersamento')
    expect(shown.html).not.toMatch(/Chiara|BNCCHR85H52M999M|chiara@/)
    const answer = await fetch(`${stack.publicUrl}${path}/originale`, {
      headers: { cookie: support.cookie() },
    })
    expect(answer.headers.get('content-disposition')).toContain('attachment')
    expect(answer.headers.get('content-type')).toBe('application/octet-stream')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(attempt.document)
    const enti = await stack
      .db('cart_item as i')
      .join('due as d', 'd.id', 'i.due_id')
      .where({ 'i.cart_id': cartId })
      .pluck('d.ente_id')
    expect((await notes('accessed')).at(-1)).toEqual({
      data: {
        by: 'Elena Conti',
        byId: await elenaId(),
        what: 'document',
        detail: `rpt ${attempt.id}`,
        enti,
      },
    })
    const message = /href="([^"]*\/xml\/richiesta\/[^"]*)"/.exec((await page()).html)
    expect((await support.get(message![1]!)).html).toContain('nodoInviaCarrelloRPT')
  })

  it('a document of another cart is not found', async () => {
    const other = await begin(await aDue(stack.db, await anEnte(stack.db)))
    const [attemptId] = await attemptIdsOf(stack.db, other)
    expect((await support.get(`/supporto/pagamenti/${cartId}/xml/rpt/${attemptId}`)).status).toBe(404)
  })

  it('"Chiedi ora l’esito" asks the node, shows the answer and writes down who asked', async () => {
    const answer = await support.submit(await page(), '/chiedi')
    expect([answer.status, answer.location]).toEqual([303, `${stack.publicUrl}/supporto/pagamenti/${cartId}`])
    expect(await notes('support_asked')).toEqual([
      {
        data: {
          by: 'Elena Conti',
          byId: await elenaId(),
          result: { kind: 'asked', state: 'requested', attention: null },
        },
      },
    ])
    expect(text((await page()).html)).toContain(
      `Il supporto ha chiesto l’esito al nodo, Elena Conti (${operatorCode(await elenaId())}): In corso`,
    )
    expect(
      await stack.db('journal').where({ cart_id: cartId, operation: 'nodoChiediStatoRPT' }),
    ).toHaveLength(1)
  })

  it('once paid it waits for nothing, shows the receipt and offers no question', async () => {
    await settle(cartId)
    const { html } = await page()
    expect(text(html)).toContain('Non attende nulla: l’esito è definitivo.')
    expect(text(html)).toContain('decide l’esito')
    expect(html).not.toContain('/chiedi"')
    await waitUntil(async () => text((await page()).html).includes('è partita il'))
    const paid = await page()
    expect(paid.html).toContain('c***@e***.org')
    expect(text(paid.html)).toMatch(
      /Che cosa dire al cittadino .* La e-mail con la ricevuta è partita il .* verso c\*\*\*@e\*\*\*\.org: può essere nella posta indesiderata\. Chi entra con “Accedi” ritrova la ricevuta/,
    )
    const pdf = /href="([^"]+\/ricevute\/[^"]+\.pdf)"/.exec(paid.html)![1]!
    const before = await traces()
    const { status, bytes } = await support.download(pdf)
    expect([status, bytes.subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    expect((await traces()) - before).toBe(1)
    const other = await begin(await aDue(stack.db, await anEnte(stack.db), { progressive: 79 }))
    expect((await support.download(pdf.replace(cartId, other))).status).toBe(404)
  })

  it('a mail about a payment that failed is not called a receipt, and nobody is told of a receipt', async () => {
    const id = await begin(await aDue(stack.db, await anEnte(stack.db), { progressive: 80 }))
    const [attemptId] = await attemptIdsOf(stack.db, id)
    const reply = await answerRt(
      stack.db,
      US,
      (await buildRtFor(stack.db, attemptId!, { outcome: 1 })).envelope,
    )
    await stack.processes.receiptArrived(id, { receiptId: reply.tell!.receiptId })
    await waitUntil(async () => / inviata /.test(text((await page(id)).html)))
    const { html } = await page(id)
    expect(text(html)).toContain('esito: pagamento non riuscito')
    expect(text(html)).not.toContain('La e-mail con la ricevuta è partita')
  })

  it('shows anomalies with their cents, and asks a refused mail again once', async () => {
    const mail = (await stack.db('email').first('id', 'receipt_id').where({ cart_id: cartId })) as {
      id: string
      receipt_id: string
    }
    await stack.db('email').insert({
      kind: 'receipt',
      receipt_id: mail.receipt_id,
      cart_id: cartId,
      address: 'altro@example.org',
      message_id: '<altro@localhost>',
      claimed_by: 'nobody',
    })
    const failed = () => stack.db('email').where({ address: 'altro@example.org' })
    await failed().update({ state: 'failed', last_answer: 'DOUBT' })
    await stack.db('anomaly').insert({ kind: 'duplicate', cart_id: cartId, unplaced_cents: 123_456 })
    const before = await page()
    expect(text(before.html)).toContain('denaro arrivato due volte')
    expect(text(before.html)).toContain('1.234,56 €')
    expect(text(before.html)).toContain('forse arrivata')
    const { id } = (await failed().first('id')) as { id: string }
    await support.submit(before, `/mail/${id}`)
    await waitUntil(async () => ((await failed().first('state')) as { state: string }).state === 'sent')
    await support.submit(before, `/mail/${id}`)
    expect(await notes('mail_again')).toEqual([
      { data: { by: 'Elena Conti', byId: await elenaId(), mailId: id } },
    ])
  })
})

describe('a receipt mail that was sent', () => {
  let id: string
  let due: { id: string; href: string }

  beforeAll(async () => {
    const dueId = await aDue(stack.db, await anEnte(stack.db), { progressive: 91 })
    id = await begin(dueId)
    await settle(id)
    const mail = () => stack.db('email').where({ cart_id: id, state: 'sent' })
    await waitUntil(async () => (await mail()).length > 0)
    const { cod_ipa: codIpa } = (await stack
      .db('due')
      .join('ente', 'ente.id', 'due.ente_id')
      .where({ 'due.id': dueId })
      .first('cod_ipa')) as { cod_ipa: string }
    due = { id: dueId, href: `/operatore/${codIpa}/dovuti/${dueId}` }
  })

  interface Sent {
    id: string
    state: string
    message_id: string
    address: string
  }
  const theMail = async (): Promise<Sent> =>
    (await stack.db('email').where({ cart_id: id, kind: 'receipt' }).orderBy('id').first()) as Sent
  const makeOlder = async (minutes: number): Promise<void> => {
    await stack
      .db('email')
      .where({ cart_id: id })
      .update({ sent_at: stack.db.raw(`now() - ? * interval '1 minute'`, [minutes]) })
  }
  /** Presses the button of a page, and waits until the mail has left under another Message-ID than before. */
  async function pressed(href: string): Promise<Sent> {
    await makeOlder(11)
    const before = await theMail()
    const shown = await support.get(href)
    const done = await support.submit(shown, `/mail/${before.id}`)
    expect([done.status, text((await support.get(done.location!)).html)]).toEqual([
      303,
      expect.stringContaining('La mail parte di nuovo'),
    ])
    await waitUntil(async () => (await theMail()).state === 'sent')
    const after = await theMail()
    expect(after.message_id).not.toBe(before.message_id)
    // The same page sent a second time sends nothing, because the mail has just left.
    const again = await support.submit(shown, `/mail/${before.id}`)
    expect(text((await support.get(again.location!)).html)).toContain(
      'si può inviare di nuovo dopo 10 minuti',
    )
    return after
  }

  it('is sent again by support and by an operator, under another Message-ID, at most three times a day', async () => {
    const payment = `/supporto/pagamenti/${id}`
    const sent = [await theMail(), await pressed(payment), await pressed(due.href), await pressed(payment)]
    expect(new Set(sent.map(({ message_id: messageId }) => messageId)).size).toBe(4)
    await waitUntil(async () => (await mailsTo(stack.simulator.url, sent[0]!.address)).length >= 4)
    await makeOlder(11)
    for (const href of [payment, due.href]) {
      const shown = text((await support.get(href)).html)
      expect([href, shown]).toEqual([href, expect.stringContaining('già partita di nuovo 3 volte')])
    }
    const events = (await stack
      .db('event')
      .select('entity', 'data')
      .whereIn('entity_id', [id, due.id])
      .where({ kind: 'mail_again' })
      .orderBy('id')) as { entity: string; data: { by: string; mailId: string } }[]
    expect(events.map(({ entity, data }) => [entity, data.by, data.mailId])).toEqual(
      ['cart', 'due', 'cart'].map((entity) => [entity, 'Elena Conti', sent[0]!.id]),
    )
    expect(text((await page(id)).html)).toContain('E-mail con la ricevuta chiesta di nuovo, Elena Conti')
  })

  it('never becomes pending without the person who asked', async () => {
    const { id: mailId } = await theMail()
    const row = () => stack.db('email').where({ id: mailId })
    await expect(row().update({ state: 'pending' })).rejects.toThrow(/STATE_MOVE_REFUSED/)
    await expect(row().update({ state: 'pending', message_id: '<x.again9@localhost>' })).rejects.toThrow(
      /STATE_MOVE_REFUSED/,
    )
    expect((await theMail()).state).toBe('sent')
  })
})
