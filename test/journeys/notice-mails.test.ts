import { randomUUID } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mayUseDueType } from '../../db/ente/due-type-access.ts'
import { bookBirths } from '../../db/mail/notice-book.ts'
import { sendNotice } from '../../services/due/send-notice.ts'
import { releaseNotices } from '../../db/mail/notice-release.ts'
import { bookReminders } from '../../db/mail/reminders.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { PATIENCE } from '../../workflows/processes.ts'
import { sweepOnce } from '../../workers/sweep.ts'
import { anEnte, aDue as aDueOf } from '../setup/builders.ts'
import { aBegunPayment } from '../setup/begun.ts'
import { textOf } from '../setup/citizen-site.ts'
import { newDues, PAOLO, SARA } from '../setup/operators.ts'
import { sendRow } from '../setup/due-ways.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const DUES = '/operatore/C_X902/dovuti'
const LOG = '/operatore/C_X902/avvisi-email'

let stack: Stack
let paolo: Visitor
let paoloId: string
let dueTypeId: string
let drawn = 80_000

beforeAll(async () => {
  stack = await startStack({ seed: true, patience: { ...PATIENCE, mail: { initial: 300, max: 300 } } })
  paolo = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
  const person = await stack.db('operator').first('id').where({ codice_fiscale: PAOLO.codiceFiscale })
  paoloId = (person as { id: string }).id
  const dueType = await stack
    .db('ente_due_type as t')
    .join('ente as e', 'e.id', 't.ente_id')
    .first('t.id')
    .where({ 'e.cod_ipa': 'C_X902', 't.code': 'LUCE_VOTIVA' })
  dueTypeId = (dueType as { id: string }).id
})
afterAll(() => stack.close())
beforeEach(async () => {
  await setType({ mail_notice: true, mail_reminder: true, mail_reminder_days: 7 })
  stack.simulator.behave({ clear: true })
})

const setType = (values: object) => stack.db('ente_due_type').where({ id: dueTypeId }).update(values)
const today = romeDay(new Date().toISOString())

interface Made {
  dueId: string
  address: string
}

/** A payable due with an address of its own. */
async function aDue(given: { dueOn?: string; address?: string | null } = {}): Promise<Made> {
  const address = given.address === undefined ? `d.${randomUUID()}@example.org` : given.address
  const pagatore = { tipo: 'F', codice: 'BNCCHR85H52M999M', anagrafica: 'Chiara Bianchi' }
  const [dueId] = await newDues(stack.db, [(drawn += 1)], {
    values: () => ({
      due_on: given.dueOn ?? addDays(today, 30),
      pagatore: JSON.stringify(address === null ? pagatore : { ...pagatore, email: address }),
    }),
  })
  return { dueId: dueId!, address: address ?? '' }
}

/** A due whose notice is booked, as a file books it. */
async function aBorn(given: Parameters<typeof aDue>[0] = {}): Promise<Made> {
  const due = await aDue(given)
  await bookBirths(stack.db, [due.dueId])
  return due
}

const hurry = () => stack.db('notice_pace').update({ next_at: stack.db.fn.now() })
const sweep = () =>
  sweepOnce({ ...stack, log: pino({ level: 'silent' }), grace: { receipt: 999, check: 999, mail: 0 } })
const release = () =>
  hurry().then(() => releaseNotices(stack.db, { perMinute: 6_000, mailHost: '127.0.0.1' }))

interface Log {
  kind: string
  outcome: string
  reason: string | null
}
const logOf = ({ dueId }: Made): Promise<Log[]> =>
  stack.db('notice_mail').select('kind', 'outcome', 'reason').where({ due_id: dueId }).orderBy('id')
const arrived = ({ address }: Made) =>
  stack.simulator.state(0, Number.MAX_SAFE_INTEGER).mails.filter(({ to }) => to.includes(address))

/** Lets the notices out and waits for the end of the mails of this due. */
async function sent(due: Made): Promise<Log[]> {
  await hurry()
  await sweep()
  return waitUntil(async () => {
    const log = await logOf(due)
    return log.every(({ outcome }) => outcome !== 'waiting' && outcome !== 'pending') && log
  })
}

/** The newest mail to this address, as it came. */
async function sourceOf({ address }: Made): Promise<string> {
  const list = await (await fetch(`${stack.simulator.url}/posta`)).text()
  const row = list.split('<tr').find((part) => part.includes(address))!
  const path = /href="(\/posta\/[^"]+)"/.exec(row)![1]!
  return (await fetch(`${stack.simulator.url}${path}/sorgente`)).text()
}

/** Links of a mail, from its plain text. */
async function linksOf(due: Made): Promise<{ open: string; page: string; stop: string }> {
  const source = (await sourceOf(due)).replace(/=\r?\n/g, '').replaceAll('=3D', '=')
  const one = (end: RegExp) =>
    new RegExp(`http://127\\.0\\.0\\.1:\\d+/avvisi-email/[0-9a-f-]{36}${end.source}`).exec(source)![0]
  return {
    open: one(/\/apri\?[\w=&-]+/),
    page: one(/\?[\w=&-]+/),
    stop: /^List-Unsubscribe:\s*<([^>]+)>/im.exec(await sourceOf(due))![1]!,
  }
}

const oneClick = (url: string, body = 'List-Unsubscribe=One-Click') =>
  fetch(url, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' })

describe('a due that is born', () => {
  const csv = { tipoDovuto: 'LUCE_VOTIVA', azione: 'I', codIuv: '', flgGeneraIuv: 'true' } as const

  it('by a file of its type is told by mail once, with a link to the notice and one that stops', async () => {
    const due = { dueId: '', address: `file.${randomUUID()}@example.org` }
    const senders = { db: stack.db, files: stack.files, operatorId: paoloId }
    const row = { ...csv, IUD: `NOT-${randomUUID().slice(0, 8)}`, mailPagatore: due.address }
    expect(await sendRow(senders, row)).toContain('"rowsLoaded":1')
    const found = await stack.db('due').first('id').where({ iud: row.IUD })
    due.dueId = (found as { id: string }).id
    expect(await sent(due)).toEqual([{ kind: 'born', outcome: 'sent', reason: null }])
    await Promise.all([sweep(), sweep()])
    expect(arrived(due)).toHaveLength(1)
    const source = await sourceOf(due)
    expect(source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m)
    expect(source).toMatch(/^Message-ID: <notice\./im)
    // Whoever reads the mailbox learns nothing about the person.
    expect(source).not.toMatch(/Bianchi|BNCCHR85H52M999M/)

    const { open } = await linksOf(due)
    const reader = createVisitor(stack.publicUrl)
    const opened = await reader.get(open)
    expect(opened.location).toMatch(/\/avviso\/esito$/)
    expect(textOf(await reader.get(opened.location!))).toContain('Causale di prima')
  })

  it('of a type that does not send them books nothing', async () => {
    await setType({ mail_notice: false })
    const due = await aBorn()
    expect(await logOf(due)).toEqual([])
  })

  it('without an address books nothing', async () => {
    expect(await logOf(await aBorn({ address: null }))).toEqual([])
  })

  it('and is booked twice is booked once', async () => {
    const due = await aBorn()
    await Promise.all([bookBirths(stack.db, [due.dueId]), bookBirths(stack.db, [due.dueId])])
    expect(await logOf(due)).toHaveLength(1)
    await sent(due)
    expect(arrived(due)).toHaveLength(1)
  })
})

describe('what changes between the booking and the sending', () => {
  const CHANGES: [reason: string, change: (due: Made) => Promise<unknown>][] = [
    ['paid', ({ dueId }) => stack.db('due').where({ id: dueId }).update({ state: 'paid' })],
    ['paying', ({ dueId }) => aBegunPayment(stack.db, [dueId])],
    [
      'cancelled',
      ({ dueId }) =>
        stack.db('due').where({ id: dueId }).update({ state: 'cancelled', cancelled_reason: 'operator' }),
    ],
    ['switched_off', () => setType({ mail_notice: false })],
    ['no_notice', () => setType({ notice_enabled: false })],
    ['no_address', ({ dueId }) => stack.db('due').where({ id: dueId }).update({ pagatore: '{"tipo":"F"}' })],
    [
      'stopped',
      ({ address }) =>
        stack.db.raw('insert into mail_stop (address_hash) values (address_hash(upper(?)))', [address]),
    ],
  ]
  beforeEach(() => setType({ notice_enabled: true }))

  it.each(CHANGES)('%s: the notice is dropped before a mail is made', async (reason, change) => {
    const due = await aBorn()
    await change(due)
    expect(await sent(due)).toEqual([{ kind: 'born', outcome: 'dropped', reason }])
    expect(arrived(due)).toEqual([])
  })

  it.each(CHANGES)('%s: a mail that is made is dropped before it leaves', async (reason, change) => {
    const due = await aBorn()
    const [mail] = await release()
    await change(due)
    await stack.processes.wakeMail(mail!.mailId)
    expect(await waitUntil(async () => (await logOf(due))[0]!.outcome === 'dropped' && logOf(due))).toEqual([
      { kind: 'born', outcome: 'dropped', reason: reason === 'no_address' ? 'no_address' : reason },
    ])
    expect(arrived(due)).toEqual([])
    const { rows } = await stack.db.raw<{ rows: { state: string }[] }>(
      'select state from email where notice_mail_id = (select id from notice_mail where due_id = ?)',
      [due.dueId],
    )
    expect(rows).toEqual([{ state: 'dropped' }])
  })
})

describe('a reminder', () => {
  const remind = () => bookReminders(stack.db, { fromHour: 0, page: 2 })
  /** As if the dues of today had not been read yet. */
  const nextDay = () => stack.db('reminder_round').delete()
  const day = (days: number) => addDays(today, days)
  const isBooked = async (due: Made) => (await logOf(due)).some(({ kind }) => kind === 'reminder')
  beforeEach(async () => {
    await setType({ mail_notice: false })
    await nextDay()
  })

  it.each([
    [8, false],
    [7, true],
    [1, true],
    [0, true],
    [-1, false],
  ])('of a due whose day comes in %i days: %s', async (days, expected) => {
    const due = await aDue({ dueOn: day(days) })
    await remind()
    expect(await isBooked(due)).toBe(expected)
  })

  it('leaves once, however often the round of the day runs, and whoever runs it', async () => {
    const due = await aDue({ dueOn: day(5) })
    await Promise.all([remind(), remind()])
    await nextDay()
    await Promise.all([remind(), remind()])
    expect(await sent(due)).toEqual([{ kind: 'reminder', outcome: 'sent', reason: null }])
    await nextDay()
    await remind()
    await sent(due)
    expect(arrived(due)).toHaveLength(1)
    expect(await sourceOf(due)).toMatch(/Subject:.*Promemoria/)
  })

  it('of every due of the day is booked, however many pages they fill', async () => {
    const dues = await Promise.all([3, 3, 3, 4, 4, 2, 2].map((days) => aDue({ dueOn: day(days) })))
    await remind()
    expect(await Promise.all(dues.map(isBooked))).toEqual(dues.map(() => true))
  })

  it('follows no notice of the last days, because that was one already', async () => {
    await setType({ mail_notice: true })
    const due = await aBorn({ dueOn: day(6) })
    await remind()
    expect(await isBooked(due)).toBe(false)
    await sent(due)
    await nextDay()
    await remind()
    expect(await isBooked(due)).toBe(false)
    // The notice left before the days of the reminder.
    await stack
      .db('notice_mail')
      .where({ due_id: due.dueId })
      .update({ told_at: stack.db.raw(`now() - interval '2 days'`), booked_on: day(-2) })
    await nextDay()
    await remind()
    expect(await isBooked(due)).toBe(true)
  })

  it('is dropped when the due date moves, and the new date has one of its own', async () => {
    const due = await aDue({ dueOn: day(2) })
    await remind()
    await stack
      .db('due')
      .where({ id: due.dueId })
      .update({ due_on: day(7) })
    await sent(due)
    await nextDay()
    await remind()
    expect(await sent(due)).toEqual([
      { kind: 'reminder', outcome: 'dropped', reason: 'changed' },
      { kind: 'reminder', outcome: 'sent', reason: null },
    ])
  })

  it('is not booked for what is paid, being paid or cancelled, of a type without reminders, or without an address', async () => {
    const dues = [
      await aDue({ dueOn: day(3) }),
      await aDue({ dueOn: day(3) }),
      await aDue({ dueOn: day(3), address: null }),
    ]
    await stack.db('due').where({ id: dues[0]!.dueId }).update({ state: 'paid' })
    await aBegunPayment(stack.db, [dues[1]!.dueId])
    await remind()
    expect(await Promise.all(dues.map(isBooked))).toEqual([false, false, false])
    await setType({ mail_reminder: false })
    const due = await aDue({ dueOn: day(3) })
    await nextDay()
    await remind()
    expect(await isBooked(due)).toBe(false)
  })

  it('is not booked before the hour of the day', async () => {
    const due = await aDue({ dueOn: day(3) })
    await bookReminders(stack.db, { fromHour: 24 })
    expect(await isBooked(due)).toBe(false)
  })
})

describe('many notices', () => {
  const MANY = 40
  const dues = async (): Promise<string[]> =>
    newDues(
      stack.db,
      Array.from({ length: MANY }, () => (drawn += 1)),
      {
        values: () => ({
          pagatore: JSON.stringify({
            tipo: 'F',
            codice: 'X',
            anagrafica: 'X',
            email: `m.${randomUUID()}@example.org`,
          }),
        }),
      },
    )
  const waiting = async (): Promise<number> =>
    Number(
      ((await stack.db('notice_mail').where({ outcome: 'waiting' }).count('* as n')) as { n: string }[])[0]!
        .n,
    )
  beforeEach(async () => {
    await release()
    await stack.db('email').where({ kind: 'notice', state: 'pending' }).update({ state: 'failed' })
  })

  it('leave a few at a time, and none while those before wait for the mail server', async () => {
    await bookBirths(stack.db, await dues())
    const slow = { perMinute: 40, mailHost: 'x' }
    await hurry()
    const first = await releaseNotices(stack.db, slow)
    expect(first).toHaveLength(10)
    // The minute is not over: the next sweep lets none out, whichever worker runs it.
    expect(await Promise.all([releaseNotices(stack.db, slow), releaseNotices(stack.db, slow)])).toEqual([
      [],
      [],
    ])
    await hurry()
    expect(await releaseNotices(stack.db, slow)).toHaveLength(10)
    await hurry()
    expect(await releaseNotices(stack.db, slow)).toEqual([])
    expect(await waiting()).toBe(MANY - 20)
    await stack
      .db('email')
      .whereIn(
        'id',
        first.map(({ mailId }) => mailId),
      )
      .update({ state: 'failed' })
    await hurry()
    expect(await releaseNotices(stack.db, slow)).toHaveLength(10)
  })

  it('of one ente do not keep another waiting, and what a person asked for goes first', async () => {
    await bookBirths(stack.db, await dues())
    const other = await anEnte(stack.db)
    await stack.db('ente_due_type').where({ id: other.dueTypeId }).update({ mail_notice: true })
    await bookBirths(stack.db, [await aDueOf(stack.db, other, { progressive: 7 })])
    const asked = await aDue()
    const by = { id: paoloId, name: 'Paolo Ferri' }
    expect(await sendNotice(stack.db, { dueId: asked.dueId, by })).toBe('booked')
    await hurry()
    const mails = await releaseNotices(stack.db, { perMinute: 8, mailHost: 'x' })
    expect(mails).toHaveLength(2)
    expect(mails.map((mail) => mail.enteId)).toContain(other.id)
    expect(await logOf(asked)).toEqual([{ kind: 'asked', outcome: 'pending', reason: null }])
  })

  it('are started behind everything else, in turns of their enti', async () => {
    const due = await aBorn()
    await sent(due)
    const mail = (await stack
      .db('email as m')
      .join('notice_mail as n', 'n.id', 'm.notice_mail_id')
      .first('m.id', 'm.ente_id')
      .where({ 'n.due_id': due.dueId })) as { id: string; ente_id: string }
    const { priority } = await stack.client.workflow.getHandle(`send-mail:${mail.id}`).describe()
    expect(priority).toMatchObject({ priorityKey: 5, fairnessKey: mail.ente_id })
  })
})

describe('a mail server', () => {
  const misbehave = (rule: object): void =>
    stack.simulator.behave({ rules: [{ operation: 'smtp', ...rule }] } as Parameters<
      typeof stack.simulator.behave
    >[0])

  it('that took the mail without saying so gets the same one once more, and never a third', async () => {
    const due = await aBorn()
    misbehave({ kind: 'drop', when: 'after', times: 9, address: due.address })
    await hurry()
    await sweep()
    await waitUntil(() => arrived(due).length === 1)
    await waitUntil(async () => (await logOf(due))[0]!.outcome === 'failed', 40_000)
    const mails = arrived(due)
    expect(mails).toHaveLength(2)
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1)
    expect(textOf(await paolo.get(`${DUES}/${due.dueId}`))).toContain(
      'Avviso per e-mail forse arrivato a d***@e***.org',
    )
  }, 60_000)

  it('gets the mail again when the process died after its claim, and the log says that it was sent', async () => {
    const due = await aBorn()
    await release()
    const { id } = (await stack
      .db('email as m')
      .join('notice_mail as n', 'n.id', 'm.notice_mail_id')
      .first('m.id')
      .where({ 'n.due_id': due.dueId })) as { id: string }
    await stack
      .db('email')
      .where({ id })
      .update({ claimed_by: `send-mail:${id}`, in_doubt: 1, tries: 1, next_try_at: stack.db.raw(`now() - interval '1 second'`) })
    expect(await sent(due)).toEqual([{ kind: 'born', outcome: 'sent', reason: null }])
    expect(arrived(due)).toHaveLength(1)
  })

  it('that may have taken a mail of a due that is paid meanwhile gets no second one, and nobody says that it was not sent', async () => {
    const due = await aBorn()
    misbehave({ kind: 'drop', when: 'after', times: 1, address: due.address })
    await hurry()
    await sweep()
    await waitUntil(() => arrived(due).length === 1)
    await stack.db('due').where({ id: due.dueId }).update({ state: 'paid' })
    await waitUntil(async () => (await logOf(due))[0]!.outcome === 'failed', 40_000)
    expect(arrived(due)).toHaveLength(1)
  }, 60_000)

  it('that refuses the address is told in the log', async () => {
    const due = await aBorn()
    misbehave({ kind: 'refuse', code: 550, times: 1, address: due.address })
    expect(await sent(due)).toEqual([{ kind: 'born', outcome: 'failed', reason: null }])
    const page = await paolo.get(`${DUES}/${due.dueId}`)
    expect(textOf(page)).toContain(
      'Avviso per e-mail non arrivato a d***@e***.org: il server di posta non lo ha accettato (550)',
    )
  })
})

describe('the link that stops them', () => {
  it('stops nothing when it is opened; its button stops one ente, all enti, and starts them again', async () => {
    const due = await aBorn()
    await sent(due)
    const { page } = await linksOf(due)
    const reader = createVisitor(stack.publicUrl)
    const opened = await reader.get(page)
    expect(textOf(opened)).toContain('arrivano a d***@e***.org')
    expect(opened.html).not.toContain(due.address)
    const action = new URL(page).search
    const press = async (scelta: string) => {
      const pressed = await reader.submit(await reader.get(page), action, { scelta })
      expect(pressed.status).toBe(303)
      return textOf(await reader.get(pressed.location!))
    }
    const stops = () => stack.db('mail_stop').whereRaw('address_hash = address_hash(?)', [due.address])
    expect(await stops()).toEqual([])
    expect(await press('ente')).toContain('Hai fermato gli avvisi di Comune di Pieve')
    expect(await press('ente')).toContain('Hai fermato gli avvisi di Comune di Pieve')
    expect(await press('all')).toContain('Hai fermato gli avvisi di tutti gli enti')
    expect(await press('resume')).toContain('scrive a questo indirizzo')
    expect(await stops()).toEqual([])
    expect(await press('altro')).toContain('scrive a questo indirizzo')
  })

  it('is pressed by a mail program with one POST, without cookies, twice if it likes; a GET stops nothing', async () => {
    const due = await aBorn()
    await sent(due)
    const { stop } = await linksOf(due)
    const visited = await fetch(stop, { redirect: 'manual' })
    expect(visited.status).toBe(303)
    const page = await fetch(new URL(visited.headers.get('location')!, stop))
    expect(await page.text()).toContain('scrive a questo indirizzo')
    expect((await oneClick(stop, 'altro=cosa')).status).toBe(422)
    const form = new FormData()
    form.append('List-Unsubscribe', 'One-Click')
    expect((await fetch(stop, { method: 'POST', body: form })).status).toBe(200)
    expect((await oneClick(stop)).status).toBe(200)
    expect(await (await fetch(new URL(visited.headers.get('location')!, stop))).text()).toContain(
      'Hai fermato',
    )
    // The next due of the same person is not told.
    const next = await aBorn({ address: due.address })
    expect(await sent(next)).toEqual([{ kind: 'born', outcome: 'dropped', reason: 'stopped' }])
  })

  it('with any other signature, of another link too, is refused', async () => {
    const due = await aBorn()
    await sent(due)
    const { open, page, stop } = await linksOf(due)
    const reader = createVisitor(stack.publicUrl)
    const swapped = (path: string, from: string) => new URL(path).pathname + new URL(from).search
    for (const path of [
      swapped(page, open),
      swapped(page, stop),
      swapped(open, page),
      new URL(page).pathname,
      `${page}x`,
    ])
      expect([path, (await reader.get(path)).status]).toEqual([path, 403])
    expect((await oneClick(stack.publicUrl + swapped(stop, page))).status).toBe(403)
  })
})

describe('an operator', () => {
  it('sends the notice of a due, once a day, after a question; the page tells what became of it', async () => {
    const due = await aDue()
    const path = `${DUES}/${due.dueId}`
    const question = await paolo.submit(await paolo.get(path), '/conferma-avviso-email')
    expect(textOf(question)).toContain('Parte entro un minuto verso d***@e***.org')
    const done = await paolo.submit(question, '/avviso-email')
    expect(textOf(await paolo.get(done.location!))).toContain('L’avviso parte entro un minuto.')
    const again = await paolo.submit(question, '/avviso-email')
    expect(textOf(await paolo.get(again.location!))).toContain('oggi ne è già partito uno')
    expect(await sent(due)).toEqual([{ kind: 'asked', outcome: 'sent', reason: null }])
    const page = textOf(await paolo.get(path))
    expect(page).toMatch(/Avviso per e-mail chiesto da Paolo Ferri/)
    expect(page).toContain('Avviso chiesto da un operatore inviato per e-mail a d***@e***.org')
    expect(arrived(due)).toHaveLength(1)
  })

  it('two presses at once send one', async () => {
    const { dueId } = await aDue()
    const by = { id: paoloId, name: 'Paolo Ferri' }
    const asked = await Promise.all([1, 2, 3].map(() => sendNotice(stack.db, { dueId, by })))
    expect(asked.sort()).toEqual(['booked', 'today', 'today'])
  })

  it('is not offered it for a due without address, and hears why when the due is paid meanwhile', async () => {
    const { dueId } = await aDue({ address: null })
    expect((await paolo.get(`${DUES}/${dueId}`)).html).not.toContain('conferma-avviso-email')
    const due = await aDue()
    const page = await paolo.get(`${DUES}/${due.dueId}`)
    await stack.db('due').where({ id: due.dueId }).update({ state: 'paid' })
    const asked = await paolo.submit(page, '/conferma-avviso-email')
    expect(textOf(await paolo.get(asked.location!))).toContain('L’avviso non è partito: il dovuto è pagato.')
  })

  it('reads the log of the ente by kind, outcome and day, without names and whole addresses', async () => {
    const dropped = await aBorn()
    await stack.db('due').where({ id: dropped.dueId }).update({ state: 'paid' })
    await sent(dropped)
    const page = await paolo.get(`${LOG}?esito=dropped&tipo=born&dal=${today}&al=${today}`)
    expect(page.html).toContain(dropped.dueId)
    expect(textOf(page)).toContain('non inviato il dovuto è pagato')
    expect(page.html).not.toMatch(/@example\.org|Bianchi/)
    expect((await paolo.get(`${LOG}?esito=sent`)).html).not.toContain(dropped.dueId)
    expect((await paolo.get(`${LOG}?dal=${addDays(today, 1)}`)).html).not.toContain(dropped.dueId)
    expect((await paolo.get(`${LOG}?esito=forse`)).status).toBe(422)
  })

  it('sees in the log only dues of the types that he may use', async () => {
    const { rows } = await stack.db.raw<{ rows: { dueId: string }[] }>(
      `insert into notice_mail (due_id, ente_id, kind) select d.id, d.ente_id, 'born'
       from due d join ente e on e.id = d.ente_id
       where e.cod_ipa = 'C_X902' and not ${mayUseDueType('?', 'd.ente_due_type_id')} limit 1 returning due_id as "dueId"`,
      [paoloId],
    )
    const hidden = rows[0]!.dueId
    const sara = await signInAs(stack.db, createVisitor(stack.publicUrl), SARA)
    expect((await sara.get(LOG)).html).toContain(hidden)
    expect((await paolo.get(LOG)).html).not.toContain(hidden)
  })
})
