import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tellAnomalies } from '../../db/anomaly/tell.ts'
import { mayUseDueType } from '../../db/ente/due-type-access.ts'
import { findPendingMail } from '../../db/mail/email.ts'
import { answerRt } from '../../api/node/answer-rt.ts'
import { composeMail } from '../../activities/mail/compose.ts'
import { aBegunPayment, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, ELENA, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { buildRtFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const ENTE = `/operatore/${CODE}/anomalie`
const REGION = '/supporto/anomalie'

let site: Site
/** Works with some types of the ente. */
let paolo: Visitor
/** Administers the ente. */
let sara: Visitor
/** Administers the region. */
let elena: Visitor
let progressive = 7_000

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
  elena = await signInAs(site.db, site.visitor(), ELENA)
})
afterAll(() => site.close())

/** A due of which the money came twice; returns the id of its anomaly. */
async function paidTwice(code?: string): Promise<string> {
  const [dueId] = await newDues(site.db, [progressive++], code === undefined ? {} : { code })
  const { cartId, attemptIds } = await aBegunPayment(site.db, [dueId!])
  for (const given of [{}, { messageId: 'RIC2', iur: 'IUR2' }]) {
    await answerRt(site.db, US, (await buildRtFor(site.db, attemptIds[0]!, given)).envelope)
    await payCartActivities(site.db).settleCart(askAbout(cartId))
  }
  const row = (await site.db('anomaly').first('id').where({ kind: 'duplicate', cart_id: cartId })) as {
    id: string
  }
  return row.id
}

/** A type of the ente that Paolo may not use. */
async function hiddenType(): Promise<string> {
  const { rows } = await site.db.raw<{ rows: { code: string }[] }>(
    `select t.code from ente_due_type t join ente e on e.id = t.ente_id
     where e.cod_ipa = ? and not ${mayUseDueType('(select id from operator where codice_fiscale = ?)', 't.id')} limit 1`,
    [CODE, PAOLO.codiceFiscale],
  )
  return rows[0]!.code
}

const stateOf = async (id: string): Promise<unknown> =>
  site.db('anomaly').first('state', 'resolution', 'return_reference as reference').where({ id })

/** Submits a form and follows its redirect. */
async function act(
  visitor: Visitor,
  path: string,
  slug: string,
  fields: Record<string, string> = {},
): Promise<Page> {
  const sent = await visitor.submit(await visitor.get(path), slug, fields)
  expect([sent.status, sent.location]).toEqual([303, site.url + path])
  return visitor.get(path)
}

describe('money that came twice', () => {
  it('goes from the list to "restituito": asked by one person, approved by another, noted with its transfer', async () => {
    const id = await paidTwice()
    const list = await paolo.get(ENTE)
    expect(textOf(list)).toContain('Denaro arrivato due volte')
    expect(list.html).toContain(`${ENTE}/${id}`)
    const path = `${ENTE}/${id}`
    const asked = await act(paolo, path, '/da-restituire', { 'motivo-da-restituire': 'pagato due volte' })
    expect(textOf(asked)).toContain('serve l’approvazione di una seconda persona')
    expect(asked.html).not.toContain(`action="${path}/approva"`)
    const approved = await act(sara, path, '/approva')
    expect(textOf(approved)).toContain('ora l’ente fa il bonifico')
    const done = await act(paolo, path, '/restituito', { 'riferimento-restituito': 'CRO 778899' })
    expect(textOf(done)).toContain('Restituito')
    expect(await stateOf(id)).toEqual({ state: 'closed', resolution: 'returned', reference: 'CRO 778899' })
    expect(textOf(done)).toMatch(/Segna da restituire: richiesta · pagato due volte/)
    expect((await paolo.get(ENTE)).html).not.toContain(path)
    expect((await paolo.get(`${ENTE}?mostra=chiuse`)).html).toContain(path)
  })

  it('pays another due of the same payer, and the region may be the second person', async () => {
    const id = await paidTwice()
    const [dueId] = await newDues(site.db, [progressive++])
    const fields = { 'dovuto-attribuisci': dueId!, 'motivo-attribuisci': 'chiesto dal cittadino' }
    await act(paolo, `${ENTE}/${id}`, '/attribuisci', fields)
    await act(elena, `${REGION}/${id}`, '/approva')
    expect(await stateOf(id)).toMatchObject({ state: 'closed', resolution: 'given' })
    expect(await site.db('due').first('state').where({ id: dueId })).toEqual({ state: 'paid' })
  })

  it('the person who asked cannot approve, even by sending the form', async () => {
    const id = await paidTwice()
    const path = `${ENTE}/${id}`
    const asked = await act(paolo, path, '/da-restituire', { 'motivo-da-restituire': 'x' })
    const forged = { ...asked, html: asked.html.replace(`${path}/ritira`, `${path}/approva`) }
    expect((await paolo.submit(forged, '/approva')).status).toBe(403)
    expect(await stateOf(id)).toMatchObject({ state: 'open' })
    const withdrawn = await act(paolo, path, '/ritira')
    expect(textOf(withdrawn)).toContain('Richiesta ritirata')
  })
})

/** The id of the due of an anomaly of a whole attempt. */
async function dueOf(anomalyId: string): Promise<string> {
  const row = (await site
    .db('anomaly as a')
    .join('attempt_item as i', 'i.attempt_id', 'a.attempt_id')
    .first('i.due_id')
    .where({ 'a.id': anomalyId })) as { due_id: string }
  return row.due_id
}

describe('both receipts', () => {
  it('are on the page of the anomaly, with day, PSP, amount and what may be opened', async () => {
    const id = await paidTwice()
    const page = await paolo.get(`${ENTE}/${id}`)
    const rows = [...page.html.matchAll(/<tr><td data-label="Quale">([\s\S]*?)<\/tr>/g)].map(
      ([, row]) => row!,
    )
    expect(rows).toHaveLength(2)
    expect(rows[0]).toContain('Quella che vale')
    expect(rows[1]).toContain('L’altra')
    for (const row of rows)
      for (const text of ['10/01/2026', 'PSP di prova', '18,50 €']) expect(row).toContain(text)
    const pdf = /href="([^"]+\.pdf)"/.exec(rows[0]!)![1]!
    expect((await paolo.download(pdf)).status).toBe(200)
    // Only a receipt that settled an attempt is printed.
    expect(rows[1]).not.toContain('href=')
    const masked = await elena.get(`${REGION}/${id}`)
    const documents = [...masked.html.matchAll(/href="([^"]+\/xml\/rt\/[^"]+)"/g)].map(([, href]) => href!)
    expect(documents).toHaveLength(2)
    for (const href of documents) expect((await elena.get(href)).status).toBe(200)
  })

  it('of two carts, when the second paid a due that the first had paid', async () => {
    const [dueId] = await newDues(site.db, [progressive++])
    const begun = [await aBegunPayment(site.db, [dueId!])]
    // The first attempt was given up, and a second one began; both are paid.
    await site.db('cart').where({ id: begun[0]!.cartId }).update({ state: 'timed_out' })
    await site.db('cart_item').where({ cart_id: begun[0]!.cartId }).update({ live: false })
    await site.db('due').where({ id: dueId }).update({ state: 'payable' })
    begun.push(await aBegunPayment(site.db, [dueId!]))
    for (const { cartId, attemptIds } of begun.toReversed()) {
      await answerRt(
        site.db,
        US,
        (await buildRtFor(site.db, attemptIds[0]!, { iur: cartId.slice(0, 8) })).envelope,
      )
      await payCartActivities(site.db).settleCart(askAbout(cartId))
    }
    const { id } = (await site.db('anomaly').first('id').where({ kind: 'duplicate', due_id: dueId })) as {
      id: string
    }
    const page = await paolo.get(`${ENTE}/${id}`)
    const hrefs = [...page.html.matchAll(/href="([^"]+\/ricevute\/[^"]+\.pdf)"/g)].map(([, href]) => href!)
    expect(new Set(hrefs).size).toBe(2)
    for (const href of hrefs) expect((await paolo.download(href)).status).toBe(200)
  })
})

describe('the page of the due and of the payment say what became of the money', () => {
  it('that is to be returned, and then when and by which transfer it went back', async () => {
    const id = await paidTwice()
    const due = `/operatore/${CODE}/dovuti/${await dueOf(id)}`
    const { cart_id: cartId } = (await site.db('anomaly').first('cart_id').where({ id })) as {
      cart_id: string
    }
    const pages = async (): Promise<string[]> => [
      textOf(await paolo.get(due)),
      textOf(await elena.get(`/supporto/pagamenti/${cartId}`)),
    ]
    for (const text of await pages()) expect(text).not.toContain('arrivati due volte sono')
    const path = `${ENTE}/${id}`
    await act(paolo, path, '/da-restituire', { 'motivo-da-restituire': 'pagato due volte' })
    await act(sara, path, '/approva')
    for (const text of await pages())
      expect(text).toContain('I 18,50 € arrivati due volte sono da restituire: manca il bonifico.')
    await act(paolo, path, '/restituito', { 'riferimento-restituito': 'CRO <b>12</b>' })
    for (const text of await pages())
      expect(text).toMatch(
        /I 18,50 € arrivati due volte sono stati restituiti il \d\d\/\d\d\/\d{4}, riferimento CRO/,
      )
    expect((await paolo.get(due)).html).toContain(`href="${path}"`)
    expect((await paolo.get(due)).html).not.toContain('<b>12</b>')
  })

  it('that paid another due', async () => {
    const id = await paidTwice()
    const [other] = await newDues(site.db, [progressive++])
    const fields = { 'dovuto-attribuisci': other!, 'motivo-attribuisci': 'x' }
    await act(paolo, `${ENTE}/${id}`, '/attribuisci', fields)
    await act(sara, `${ENTE}/${id}`, '/approva')
    const page = await paolo.get(`/operatore/${CODE}/dovuti/${await dueOf(id)}`)
    expect(textOf(page)).toContain('Il denaro di troppo ha pagato un altro dovuto il')
  })
})

describe('mails about a request', () => {
  const told = async (id: string): Promise<string[]> =>
    site
      .db('email as m')
      .join('event as e', 'e.id', 'm.event_id')
      .where({ 'e.entity_id': id, 'm.kind': 'change' })
      .orderBy('m.address')
      .pluck('m.address')
  const REASON = { 'motivo-da-restituire': 'lo chiede Chiara Bianchi' }

  it('go at once to those who may approve it, once to each, and never to the person who asked', async () => {
    const id = await paidTwice()
    const old = await paolo.get(`${ENTE}/${id}`)
    await act(paolo, `${ENTE}/${id}`, '/da-restituire', REASON)
    await paolo.submit(old, '/da-restituire', REASON)
    const addresses = await told(id)
    expect(addresses).toContain('sara.gallo@example.org')
    expect(addresses).not.toContain('paolo.ferri@example.org')
    expect(addresses).not.toContain('elena.conti@example.org')
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  it('name the act and the money, and neither the payer nor the reason', async () => {
    const id = await paidTwice()
    await act(paolo, `${ENTE}/${id}`, '/da-restituire', REASON)
    const { mail } = (await site
      .db('email as m')
      .join('event as e', 'e.id', 'm.event_id')
      .first('m.id as mail')
      .where({ 'e.entity_id': id, 'm.address': 'sara.gallo@example.org' })) as { mail: string }
    const pending = (await findPendingMail(site.db, mail))!
    const deps = { publicUrl: 'https://pagamenti.example', linkKeys: ['x'], isTest: true }
    const { subject, text } = await composeMail(deps as never, pending)
    expect(subject).toContain("Comune di Pieve Sant'Elmo: una richiesta aspetta la tua approvazione")
    expect(text).toContain('Segnare il denaro «da restituire»')
    expect(text).toContain('18,50 €')
    expect(text).toContain(`https://pagamenti.example${ENTE}/${id}`)
    expect(JSON.stringify([subject, text])).not.toMatch(/Chiara|Bianchi|BNCCHR/)
  })

  it('of a type that an operator may not use go to others only, and to the region where the ente has nobody else', async () => {
    const id = await paidTwice(await hiddenType())
    await act(sara, `${ENTE}/${id}`, '/da-restituire', REASON)
    const addresses = await told(id)
    expect(addresses).not.toContain('paolo.ferri@example.org')
    const others = await site
      .db('operator_grant as g')
      .join('operator as o', 'o.id', 'g.operator_id')
      .where({ 'g.role': 'admin', 'o.active': true })
      .whereNot({ 'o.codice_fiscale': SARA.codiceFiscale })
      .where('g.ente_id', site.db('ente').select('id').where({ cod_ipa: CODE }))
    if (others.length === 0) expect(addresses.length).toBeGreaterThan(0)
    else expect(addresses).toHaveLength(others.length)
  })
})

describe('the forms', () => {
  it('a blank reason names its field and keeps what was typed', async () => {
    const id = await paidTwice()
    const [dueId] = await newDues(site.db, [progressive++])
    const page = await paolo.get(`${ENTE}/${id}`)
    const refused = await paolo.submit(page, '/attribuisci', { 'dovuto-attribuisci': dueId! })
    expect(refused.status).toBe(422)
    expect(refused.html).toContain('href="#motivo-attribuisci"')
    expect(textOf(refused)).toContain('Scrivi il motivo.')
    expect(refused.html).toContain(`<option value="${dueId}" selected>`)
  })

  it('a form of an anomaly that somebody has worked meanwhile changes nothing and says so', async () => {
    const id = await paidTwice()
    const path = `${ENTE}/${id}`
    const old = await paolo.get(path)
    await act(sara, path, '/da-restituire', { 'motivo-da-restituire': 'x' })
    const sent = await paolo.submit(old, '/da-restituire', { 'motivo-da-restituire': 'y' })
    expect(sent.status).toBe(303)
    expect(textOf(await paolo.get(path))).toContain('intanto qualcosa è cambiato')
  })

  it('a due that does not exist is no recipient', async () => {
    const id = await paidTwice()
    const fields = { 'dovuto-attribuisci': 'x', 'motivo-attribuisci': 'x' }
    await newDues(site.db, [progressive++])
    expect((await paolo.submit(await paolo.get(`${ENTE}/${id}`), '/attribuisci', fields)).status).toBe(422)
  })
})

describe('who sees what', () => {
  it('an operator sees anomalies of his types only, the administrator all of the ente', async () => {
    const id = await paidTwice(await hiddenType())
    expect((await paolo.get(ENTE)).html).not.toContain(id)
    expect((await paolo.get(`${ENTE}/${id}`)).status).toBe(404)
    expect((await sara.get(ENTE)).html).toContain(id)
    expect((await elena.get(REGION)).html).toContain(id)
  })

  it('support sees the person masked, and every look is in the register of accesses', async () => {
    const id = await paidTwice()
    const page = await elena.get(`${REGION}/${id}`)
    expect(textOf(page)).toContain('C. B. BNC************M')
    expect(textOf(page)).not.toContain('Chiara Bianchi')
    expect(textOf(await sara.get(`${ENTE}/${id}`))).toContain('Chiara Bianchi')
    const looks = await site.db('event').where({ entity: 'anomaly', entity_id: id, kind: 'accessed' })
    expect(looks).toHaveLength(2)
  })

  it('the list is filtered by kind, day and amount', async () => {
    const id = await paidTwice()
    const has = async (query: string): Promise<boolean> =>
      (await elena.get(`${REGION}?${query}`)).html.includes(id)
    expect(await has('tipo=duplicate')).toBe(true)
    expect(await has('tipo=amount_differs')).toBe(false)
    expect(await has('min=18,50&max=18,50')).toBe(true)
    expect(await has('min=18,51')).toBe(false)
    expect(await has('al=2020-01-01')).toBe(false)
    expect((await elena.get(`${REGION}?tipo=altro`)).status).toBe(422)
  })
})

describe('mails about new anomalies', () => {
  const tell = (): Promise<void> => tellAnomalies(site.db, { mailHost: 'localhost', dailyHour: 0 })
  const mails = (): Promise<{ address: string; facts: unknown }[]> =>
    site.db('email').select('address', 'facts').where({ kind: 'anomalies' }).orderBy('created_at')

  it('go to those who asked for them, once for each anomaly, with what each may see', async () => {
    await tell()
    expect(await mails()).toEqual([])
    expect(textOf(await act(paolo, ENTE, '/mail'))).toContain('D’ora in poi ricevi una mail')
    await paidTwice()
    await paidTwice(await hiddenType())
    await Promise.all([tell(), tell(), tell()])
    const facts = [{ kind: 'duplicate', count: 1, cents: 1850 }]
    expect(await mails()).toEqual([{ address: 'paolo.ferri@example.org', facts }])
    const [{ id }] = (await site.db('email').select('id').where({ kind: 'anomalies' })) as [{ id: string }]
    expect(await findPendingMail(site.db, id)).toMatchObject({
      content: { kind: 'anomalies', anomalies: { codIpa: CODE, kinds: facts } },
    })
    expect(textOf(await act(paolo, ENTE, '/mail'))).toContain('Non ricevi più mail')
    await paidTwice()
    await tell()
    expect(await mails()).toHaveLength(1)
  })

  it('without money, one a day', async () => {
    await tell()
    await act(sara, ENTE, '/mail')
    const before = (await mails()).length
    for (const count of [1, 1]) {
      const due = await paidTwice()
      await site.db('anomaly').where({ id: due }).update({ unplaced_cents: 0, told_at: null })
      await tell()
      expect(await mails()).toHaveLength(before + count)
    }
  })
})

describe('"Da guardare"', () => {
  it('counts what is open, each count with its list', async () => {
    const id = await paidTwice()
    const home = await elena.get('/supporto')
    expect(textOf(home)).toMatch(/\d+ Anomalie aperte/)
    expect(home.html).toContain('href="/supporto/anomalie"')
    for (const queue of ['senza-esito', 'mail-rifiutate', 'file-fermi', 'processi-in-ritardo']) {
      expect(home.html).toContain(`href="/supporto/da-guardare/${queue}"`)
      expect((await elena.get(`/supporto/da-guardare/${queue}`)).status).toBe(200)
    }
    expect((await elena.get('/supporto/da-guardare/altro')).status).toBe(404)
    expect(id).toBeDefined()
  })
})
