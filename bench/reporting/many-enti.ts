import { pause } from '../import/file.ts'
import type { ImportWorld } from '../import/world.ts'
import type { Target } from '../report.ts'
import type { Service } from './service.ts'

const LIMITS = { scheduledSeconds: 60, roundSeconds: 300, atOnce: 4 } as const

/** Fiscal codes of invented enti count down from here. */
const FIRST_CODE = 88_800_000_000

/** Measures how long `enti` new enti take to be scheduled, and a round of their fetches with nothing to fetch. */
export async function measureManyEnti(
  world: ImportWorld,
  service: Service,
  { enti, say }: { enti: number; say: (text: string) => void },
): Promise<Target[]> {
  const ids = await insertEnti(world, enti)
  const scheduled = await whenScheduled(world, ids)
  const before = service.counted().requests
  const from = performance.now()
  await Promise.all(ids.map((enteId) => startFetch(world, enteId)))
  await whenEnded(world, ids)
  const round = (performance.now() - from) / 1000
  const { requests, mostAtOnce } = service.counted()
  say(
    `  ${enti} enti: scheduled in ${scheduled.toFixed(1)} s, a round in ${round.toFixed(1)} s, ` +
      `${requests - before} requests, at most ${mostAtOnce} at once`,
  )
  return [
    { name: 'reporting_scheduled_s', value: scheduled, limit: LIMITS.scheduledSeconds, is: 'most' },
    { name: 'reporting_round_s', value: round, limit: LIMITS.roundSeconds, is: 'most' },
    { name: 'reporting_requests_at_once', value: mostAtOnce, limit: LIMITS.atOnce, is: 'most' },
  ]
}

async function insertEnti({ db }: ImportWorld, enti: number): Promise<string[]> {
  const rows = Array.from({ length: enti }, (_, n) => ({
    cod_ipa: `C_S${n}`,
    codice_fiscale: String(FIRST_CODE - n),
    name: `Comune di Prova ${n}`,
    segregation_code: '12',
    iban: 'IT61H9999912345000000000001',
    state: 'ESERCIZIO',
  }))
  const inserted = (await db('ente').insert(rows).returning('id')) as { id: string }[]
  return inserted.map(({ id }) => id)
}

/** Seconds until all have a schedule, the wait for the next sweep included. */
async function whenScheduled({ db }: ImportWorld, ids: readonly string[]): Promise<number> {
  const from = performance.now()
  for (;;) {
    const [{ count }] = (await db('reporting_schedule').whereIn('ente_id', ids).count('* as count')) as [
      { count: number },
    ]
    if (Number(count) === ids.length) return (performance.now() - from) / 1000
    await pause(200)
  }
}

const startFetch = ({ processes }: ImportWorld, enteId: string): Promise<void> =>
  processes.fetchReporting({ enteId, operatorId: null, fromOn: null, summary: 'a round of the benchmark' })

async function whenEnded({ db }: ImportWorld, ids: readonly string[]): Promise<void> {
  for (;;) {
    const [{ count }] = (await db('reporting_run')
      .whereIn('ente_id', ids)
      .where('outcome', 'OK')
      .count('* as count')) as [{ count: number }]
    if (Number(count) >= ids.length) return
    await pause(500)
  }
}
