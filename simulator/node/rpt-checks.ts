import { violations } from '../../contracts/schemas.ts'
import type { RptKey } from '../world/facts.ts'
import type { Fault } from './fault.ts'
import { isIbanRegistered, type Registry } from './registry.ts'
import { readRpt, type Rpt } from './rpt.ts'

/** An RPT as it came: its key is from the envelope, and its document is not checked yet. */
export type RawRpt = RptKey & { bytes: Uint8Array }
export type ReadRpt = RptKey & { rpt: Rpt; xml: string }

const MAX_DAYS_AHEAD = 30
const ONE_ITEM_KINDS = ['PO', 'OBEP']

/** The step "RPT schema" of the node's checks. */
export function readDocument({ bytes, ...key }: RawRpt): ReadRpt | Fault {
  const problems = violations('rpt-rt', bytes)
  const rpt = problems.length === 0 ? readRpt(bytes) : undefined
  if (!rpt) return { code: 'PPT_SINTASSI_XSD', description: problems[0] ?? 'non è una RPT' }
  return { ...key, rpt, xml: Buffer.from(bytes).toString('utf8') }
}

type Rule = { says: string; broken: (read: ReadRpt) => boolean }

/** A broken rule gives PPT_SEMANTICA; only the first one is reported. */
const RULES: readonly Rule[] = [
  { says: 'identificativoDominio diverso dalla testata', broken: ({ rpt, domain }) => rpt.domain !== domain },
  {
    says: 'identificativoUnivocoVersamento diverso dalla testata',
    broken: ({ rpt, iuv }) => rpt.iuv !== iuv,
  },
  { says: 'codiceContestoPagamento diverso dalla testata', broken: ({ rpt, ccp }) => rpt.ccp !== ccp },
  { says: 'importoTotaleDaVersare diverso dalla somma', broken: ({ rpt }) => rpt.cents !== sum(rpt) },
  {
    says: 'un solo versamento per PO e OBEP',
    broken: ({ rpt }) => ONE_ITEM_KINDS.includes(rpt.kind) && rpt.items.length !== 1,
  },
  { says: 'PO senza codiceContestoPagamento', broken: ({ rpt }) => rpt.kind === 'PO' && rpt.ccp === 'n/a' },
  { says: 'AD senza ibanAddebito', broken: ({ rpt }) => rpt.kind === 'AD' && rpt.debitIban === undefined },
  { says: 'dataEsecuzionePagamento fuori intervallo', broken: ({ rpt }) => !isExecutionDayGood(rpt) },
  {
    says: 'ibanAccredito e marca da bollo si escludono, uno dei due serve',
    broken: ({ rpt }) => rpt.items.some((item) => (item.iban === undefined) !== item.hasStamp),
  },
]

export function checkMeaning(read: ReadRpt, station: string): Fault | undefined {
  if (read.rpt.station !== undefined && read.rpt.station !== station) {
    return { code: 'PPT_AUTORIZZAZIONE', description: 'stazione richiedente diversa dalla testata' }
  }
  const rule = RULES.find(({ broken }) => broken(read))
  return rule && { code: 'PPT_SEMANTICA', description: rule.says }
}

export function checkIbans({ rpt }: ReadRpt, registry: Registry): Fault | undefined {
  const named = rpt.items
    .flatMap((item) => [item.iban, item.supportIban])
    .filter((iban) => iban !== undefined)
  const stranger = named.some((iban) => !isIbanRegistered(registry, rpt.domain, iban))
  return stranger ? { code: 'PPT_IBAN_NON_CENSITO' } : undefined
}

function sum(rpt: Rpt): number {
  return rpt.items.reduce((total, item) => total + item.cents, 0)
}

/**
 * True from the day of the message to 30 days after it. The days are compared as written, because neither has a time
 * zone.
 */
function isExecutionDayGood({ executionOn, messageAt }: Rpt): boolean {
  const ahead = (Date.parse(executionOn.slice(0, 10)) - Date.parse(messageAt.slice(0, 10))) / 86_400_000
  return ahead >= 0 && ahead <= MAX_DAYS_AHEAD
}
