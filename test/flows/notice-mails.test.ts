import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { aFlow, aFlowFixture, loadFlow, rejectsOf } from './world.ts'

/** What notices by mail cost a file of dues. */

const ROWS = 300
let fixture: Awaited<ReturnType<typeof aFlowFixture>>
let asked: string[] = []
beforeAll(async () => {
  fixture = await aFlowFixture()
  fixture.db.on('query', ({ sql }: { sql: string }) => asked.push(sql))
})
afterAll(() => fixture.drop())
beforeEach(() => fixture.db('ente_due_type').update({ mail_notice: false }))

const COLUMNS = FLOW_COLUMNS['1_4'].map(({ header }) => header)

type Row = Partial<Record<(typeof COLUMNS)[number], string>>

const csvOf = (iuf: string, given: (at: number) => Row = () => ({})): string =>
  [
    COLUMNS.join(';'),
    ...Array.from({ length: ROWS }, (_, at) => {
      const row: Row = {
        IUD: `${iuf}-${at}`,
        tipoIdentificativoUnivoco: 'F',
        codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
        anagraficaPagatore: 'Bianchi Chiara',
        mailPagatore: at % 3 === 0 ? '' : `chiara.${at}@example.org`,
        dataEsecuzionePagamento: '2099-12-31',
        importoDovuto: '24.50',
        tipoDovuto: at % 2 === 0 ? 'MENSA_SCOLASTICA' : 'LUCE_VOTIVA',
        causaleVersamento: 'Mensa',
        datiSpecificiRiscossione: '9/0114100TS/PROVA',
        flgGeneraIuv: 'true',
        azione: 'I',
        ...given(at),
      }
      return COLUMNS.map((header) => row[header] ?? '').join(';')
    }),
  ].join('\n')

async function load(iuf: string, csv = csvOf(iuf)): Promise<number> {
  const flowId = await aFlow(fixture, { base: `C_Q999-${iuf}-1_4`, csv })
  asked = []
  const { rowsLoaded, rowsChanged } = await loadFlow(fixture, flowId)
  const statements = asked.length
  expect([rowsLoaded + rowsChanged, (await rejectsOf(fixture.db, flowId))[0]]).toEqual([ROWS, undefined])
  return statements
}

const bookedOf = async (iuf: string): Promise<number> =>
  Number(
    (
      (await fixture
        .db('notice_mail as n')
        .join('due as d', 'd.id', 'n.due_id')
        .whereLike('d.iud', `${iuf}-%`)
        .count('* as n')) as [{ n: string }]
    )[0].n,
  )

it('a chunk asks one statement more, and none where no type of it sends notices', async () => {
  const without = await load('SENZA')
  expect(await bookedOf('SENZA')).toBe(0)
  await fixture.db('ente_due_type').where({ code: 'MENSA_SCOLASTICA' }).update({ mail_notice: true })
  expect(await load('CON')).toBe(without + 1)
  // Every second row is of that type, and every third of those has no address.
  expect(await bookedOf('CON')).toBe((ROWS / 2) * (2 / 3))
})

interface Numbered {
  iud: string
  iuv: string
}

it('a row that changes a due tells nobody again', async () => {
  await fixture.db('ente_due_type').where({ code: 'MENSA_SCOLASTICA' }).update({ mail_notice: true })
  await load('CAMBIA')
  const booked = await bookedOf('CAMBIA')
  const numbered = (await fixture.db('due').select('iud', 'iuv').whereLike('iud', 'CAMBIA-%')) as Numbered[]
  const numbers = new Map(numbered.map(({ iud, iuv }) => [iud, iuv]))
  const changed = csvOf('CAMBIA', (at) => ({
    azione: 'M',
    importoDovuto: '30.00',
    codIuv: numbers.get(`CAMBIA-${at}`)!,
  }))
  await load('CAMBIA2', changed)
  expect(await bookedOf('CAMBIA')).toBe(booked)
})

it('an ente that is not in operation books nothing', async () => {
  await fixture.db('ente_due_type').update({ mail_notice: true })
  await fixture.db('ente').update({ state: 'PRE-ESERCIZIO' })
  await load('PROVA')
  expect(await bookedOf('PROVA')).toBe(0)
})
