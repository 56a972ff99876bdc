import { expect } from 'vitest'
import type { Knex } from 'knex'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { textOf } from './citizen-site.ts'
import { CODE, newDues } from './operators.ts'
import type { Stack } from './stack.ts'
import type { Visitor } from './visitor.ts'
import { waitUntil } from './wait.ts'

/**
 * A morning of an accountant, played on the simulator at its address: 20 payments of three types at two PSPs, and what the flows of the day after
 * and the bank say about them.
 */
export const MORNING = {
  first: '60000000001',
  second: '70000000002',
  unknownIuv: '22099999999999999',
  unknownCents: 3_300,
  /** What the first revision says of a payment of 45,00. */
  wrongPay: '54.00',
}

const TYPES = [
  { code: 'LUCE_VOTIVA', cents: 1_850, causale: 'Canone luce votiva, lampada' },
  { code: 'COSAP_TOSAP', cents: 4_500, causale: 'Occupazione di suolo pubblico, banco' },
  { code: 'MENSA_SCOLASTICA', cents: 6_020, causale: 'Mensa scolastica di novembre, alunno' },
] as const
const PAYMENTS = 20
const NAMES = ['Chiara Bianchi', 'Luca Esposito', 'Anna Moro', 'Paolo Ricci', 'Maria Teresa Costa']

/** A payment that a PSP took. */
export interface Taken {
  iuv: string
  iur: string
  cents: number
}

export interface Morning {
  domain: string
  today: string
  /** In the order of payment: 14 at the first PSP, then 6 at the second. */
  payments: Taken[]
  /** Those that are not like the others. */
  wrong: Taken
  missing: Taken
  nine: Taken
  flows: { first: string; second: string }
}

const asked = async (url: string, body?: object): Promise<unknown> => {
  const answer = await fetch(url, {
    ...(body
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}),
  })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** A due that a citizen pays. */
interface MorningDue {
  iuv: string
  cents: number
}

/** Inserts the 20 dues, a third of each type. */
async function morningDues(db: Knex): Promise<MorningDue[]> {
  const ids: string[] = []
  for (let n = 0; n < PAYMENTS; n++) {
    const { code, cents, causale } = TYPES[n % TYPES.length]!
    const values = () => ({
      importo_cents: cents,
      causale: `${causale} ${n + 1}`,
      pagatore: JSON.stringify({
        tipo: 'F',
        codice: 'BNCCHR85H52M999M',
        anagrafica: NAMES[n % NAMES.length],
        email: 'chiara@example.org',
      }),
    })
    ids.push(...(await newDues(db, [8_000 + n], { code, values })))
  }
  const rows = (await db('due').select('id', 'iuv', { cents: 'importo_cents' }).whereIn('id', ids)) as ({
    id: string
  } & MorningDue)[]
  return ids.map((id) => rows.find((row) => row.id === id)!)
}

/** Places of the payments that are not like the others. */
const WRONG = 4
const MISSING = 16
const NINE = 18

/** Plays the payments of today, until the 18 receipts that come have settled. */
export async function beginMorning({ db, simulator }: Stack): Promise<Morning> {
  const { domain } = (await db('ente').first({ domain: 'codice_fiscale' }).where({ cod_ipa: CODE })) as {
    domain: string
  }
  const today = romeDay(new Date().toISOString())
  const morning = await playPayments(simulator.url, { domain, today, dues: await morningDues(db) })
  await waitUntil(async () => (await db('receipt').where({ settling: true })).length === 18, 30_000)
  return morning
}

/** Presses "Scarica ora" and waits until the flows are stored, judged and tied. */
export async function fetchNow({ db }: Stack, person: Visitor): Promise<void> {
  const before = (await db('reporting_run').pluck('id')) as string[]
  const path = `/operatore/${CODE}/rendicontazione`
  expect((await person.submit(await person.get(path), `${path}/scarica`, {})).status).toBe(303)
  await waitUntil(() => db('reporting_run').whereNotIn('id', before).whereNotNull('outcome').first(), 30_000)
  await judged(db)
}

/** Sends what the bank says of the morning, and waits until its credits are tied. */
export async function sendBankStatement({ db }: Stack, person: Visitor, morning: Morning): Promise<void> {
  const path = `/operatore/${CODE}/tesoreria`
  const file = { name: 'giornale-di-cassa.xml', bytes: bankStatement(morning) }
  const sent = await person.upload(await person.get(path), path, file)
  expect(sent.status, textOf(sent)).toBe(303)
  await waitUntil(() => db('treasury_file').where({ state: 'loaded' }).first(), 30_000)
  await judged(db)
}

const judged = (db: Knex): Promise<unknown> =>
  waitUntil(async () => {
    const rows = await db('reported_row').whereNull('class')
    const credits = await db('treasury_credit').where({ needs_tie: true })
    const flows = await db('reporting_flow').where({ needs_tie: true, state: 'stored' })
    return rows.length + credits.length + flows.length === 0
  }, 30_000)

/**
 * Citizens pay 20 dues at a counter. One receipt never comes. One payment is refused, as its receipt says, and was made all the same: the
 * second receipt is held back until `theDayAfter`.
 */
async function playPayments(
  simulator: string,
  { domain, today, dues }: { domain: string; today: string; dues: readonly MorningDue[] },
): Promise<Morning> {
  const [missing, nine] = [{ iuv: dues[MISSING]!.iuv }, { iuv: dues[NINE]!.iuv }]
  const noCopy = { operation: 'nodoChiediCopiaRT', kind: 'fault', code: 'PPT_RT_NONDISPONIBILE' }
  await asked(`${simulator}/_sim/behaviour`, {
    rules: [
      { operation: 'rt', kind: 'on_request', match: missing },
      { ...noCopy, match: missing },
      { operation: 'rt', kind: 'negative_first', match: nine },
      // The refusal passes; what follows it waits.
      { operation: 'paaInviaRT', kind: 'slow', ms: 0, times: 1, match: nine },
      { operation: 'paaInviaRT', kind: 'barrier', name: 'domani', match: nine },
      { ...noCopy, match: nine },
    ],
  })
  for (const { iuv, cents } of dues) await payAtCounter(simulator, { iuv, cents, domain })
  const { payments } = (await asked(`${simulator}/_sim/state`)) as { payments: Taken[] }
  const taken = dues.map(({ iuv }) => payments.find((one) => one.iuv === iuv)!)
  return {
    domain,
    today,
    payments: taken,
    wrong: taken[WRONG]!,
    missing: taken[MISSING]!,
    nine: taken[NINE]!,
    flows: { first: `${today}${MORNING.first}-0001`, second: `${today}${MORNING.second}-0007` },
  }
}

async function payAtCounter(
  simulator: string,
  { iuv, cents, domain }: MorningDue & { domain: string },
): Promise<void> {
  const answer = await fetch(`${simulator}/psp/sportello/paga`, {
    method: 'POST',
    body: new URLSearchParams({
      numero: `3${iuv}`,
      ente: domain,
      importo: (cents / 100).toFixed(2),
      scelta: 'paga',
    }),
  })
  if (!answer.ok) throw new Error(`counter: ${answer.status} ${await answer.text()}`)
}

const euro = (cents: number): string => (cents / 100).toFixed(2)
export const sumOf = (payments: readonly { cents: number }[]): number =>
  payments.reduce((sum, { cents }) => sum + cents, 0)

const ofFirst = ({ payments }: Morning): Taken[] => payments.slice(0, 14)
const ofSecond = ({ payments }: Morning): Taken[] => payments.slice(14)

/** What each PSP transfers. */
export const transfersOf = (morning: Morning) => ({
  first: sumOf(ofFirst(morning)),
  second: sumOf(ofSecond(morning)) + MORNING.unknownCents,
})

/** Both PSPs publish their flow; the first one writes one amount wrongly. */
export async function publishFlows(simulator: string, morning: Morning): Promise<void> {
  const row = ({ iuv, iur, cents }: Taken) => ({ iuv, iur, pay: euro(cents) })
  const { domain, flows, wrong, nine } = morning
  const header = (senderName: string) => ({ regulationDate: morning.today, senderName })
  await asked(`${simulator}/_sim/publish`, {
    flows: [
      {
        domain,
        psp: MORNING.first,
        fdr: flows.first,
        header: header('Banca di Borgo'),
        rows: ofFirst(morning).map((one) => ({
          ...row(one),
          ...(one === wrong ? { pay: MORNING.wrongPay } : {}),
        })),
      },
      {
        domain,
        psp: MORNING.second,
        fdr: flows.second,
        header: header('Poste di Valle'),
        rows: [
          ...ofSecond(morning).map((one) => ({ ...row(one), ...(one === nine ? { code: 9 } : {}) })),
          { iuv: MORNING.unknownIuv, iur: 'IUR-DI-NESSUNO', pay: euro(MORNING.unknownCents) },
        ],
      },
    ],
  })
}

/** The first PSP publishes its flow again, with the amount that it took. */
export async function publishAgain(simulator: string, morning: Morning): Promise<void> {
  const { domain, flows, wrong } = morning
  const changed = [{ place: WRONG + 1, pay: euro(wrong.cents) }]
  await asked(`${simulator}/_sim/publish`, {
    flows: [{ domain, psp: MORNING.first, fdr: flows.first, changes: { changed } }],
  })
}

/** A day passes, and the receipt of the payment that was refused arrives. */
export async function theDayAfter(simulator: string): Promise<void> {
  await asked(`${simulator}/_sim/clock`, { days: 1 })
  await asked(`${simulator}/_sim/release`, { name: 'domani' })
}

/** Money of the bank that has nothing to do with pagoPA. */
export const OTHER_CREDIT = { cents: 25_000, text: 'CONTRIBUTO REGIONALE BIBLIOTECHE ANNO 2026' }

/** The giornale di cassa of the treasurer: both transfers and another credit. */
function bankStatement(morning: Morning): Buffer {
  const sums = transfersOf(morning)
  const told = (id: string) => `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${id}`
  const entries = [
    { number: 801, cents: sums.first, text: told(morning.flows.first), from: 'BANCA DI BORGO' },
    {
      number: 802,
      cents: sums.second,
      text: `ACCREDITI VARI ${told(morning.flows.second)}`,
      from: 'POSTE DI VALLE',
    },
    { number: 803, ...OTHER_CREDIT, from: 'REGIONE' },
  ]
  const day = morning.today
  const movements = entries.map(
    ({ number, cents, text, from }) =>
      `<movimento_conto_evidenza><tipo_movimento>ENTRATA</tipo_movimento><tipo_documento>SOSPESO ENTRATA</tipo_documento>` +
      `<tipo_operazione>ESEGUITO</tipo_operazione><numero_documento>${number}</numero_documento><importo>${euro(cents)}</importo>` +
      `<numero_bolletta_quietanza>${number}</numero_bolletta_quietanza><data_movimento>${day}</data_movimento>` +
      `<data_valuta_ente>${day}</data_valuta_ente><tipo_esecuzione>SEPA CREDIT TRANSFER</tipo_esecuzione>` +
      `<cliente><anagrafica_cliente>${from}</anagrafica_cliente></cliente><causale>${text}</causale></movimento_conto_evidenza>`,
  )
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><flusso_giornale_di_cassa><testata_messaggio><codice_ABI_BT>99999</codice_ABI_BT>` +
      `<data_ora_creazione_flusso>${addDays(day, 1)}T02:30:00</data_ora_creazione_flusso>` +
      `<codice_fiscale_ente>${morning.domain}</codice_fiscale_ente><codice_ente_BT>0099002</codice_ente_BT></testata_messaggio>` +
      `<pagina>1</pagina><pagine_totali>1</pagine_totali><esercizio>${day.slice(0, 4)}</esercizio><data_riferimento_GdC>${day}</data_riferimento_GdC>` +
      `<informazioni_conto_evidenza><conto_evidenza>0000001</conto_evidenza>${movements.join('')}</informazioni_conto_evidenza></flusso_giornale_di_cassa>`,
  )
}
