import type { Fault } from './fault.ts'

/**
 * Brokers, stations and enti that the node knows. Without `domains` it accepts any ente with any IBAN, so that
 * development needs no set-up.
 */
export type Registry = {
  broker: string
  station: string
  password: string
  domains: Map<string, Set<string>> | undefined
  /** Enti that the node knows and has disabled. */
  disabledDomains: Set<string>
}

type Psp = { psp: string; broker: string; channel: string; enabled: boolean }

/** The real "PSP chosen later" triple, an invented PSP, and a disabled one. */
const PSPS: readonly Psp[] = [
  { psp: 'AGID_01', broker: '97735020584', channel: '97735020584_02', enabled: true },
  { psp: '60000000001', broker: '60000000001', channel: '60000000001_01', enabled: true },
  { psp: '60000000002', broker: '60000000002', channel: '60000000002_01', enabled: false },
]

type Check<T> = { code: string; fails: (asked: T, registry: Registry) => boolean }

export type PspAsked = { psp: string; pspBroker: string; channel: string }
export type PaAsked = { broker: string; station: string; password: string; domains: string[] }

const isKnown = (field: 'psp' | 'broker' | 'channel', value: string) => PSPS.some((p) => p[field] === value)
const isOff = (field: 'psp' | 'broker' | 'channel', value: string) =>
  PSPS.some((p) => p[field] === value && !p.enabled)

const PSP_CHECKS: readonly Check<PspAsked>[] = [
  { code: 'PPT_PSP_SCONOSCIUTO', fails: (a) => !isKnown('psp', a.psp) },
  { code: 'PPT_PSP_DISABILITATO', fails: (a) => isOff('psp', a.psp) },
  { code: 'PPT_CANALE_SCONOSCIUTO', fails: (a) => !isKnown('channel', a.channel) },
  { code: 'PPT_CANALE_DISABILITATO', fails: (a) => isOff('channel', a.channel) },
  { code: 'PPT_INTERMEDIARIO_PSP_SCONOSCIUTO', fails: (a) => !isKnown('broker', a.pspBroker) },
  { code: 'PPT_INTERMEDIARIO_PSP_DISABILITATO', fails: (a) => isOff('broker', a.pspBroker) },
  {
    code: 'PPT_AUTORIZZAZIONE',
    fails: (a) => !PSPS.some((p) => p.psp === a.psp && p.broker === a.pspBroker && p.channel === a.channel),
  },
]

const PA_CHECKS: readonly Check<PaAsked>[] = [
  { code: 'PPT_INTERMEDIARIO_PA_SCONOSCIUTO', fails: (a, r) => a.broker !== r.broker },
  { code: 'PPT_STAZIONE_INT_PA_SCONOSCIUTA', fails: (a, r) => a.station !== r.station },
  { code: 'PPT_AUTENTICAZIONE', fails: (a, r) => a.password !== r.password },
  {
    code: 'PPT_DOMINIO_SCONOSCIUTO',
    fails: (a, r) => r.domains !== undefined && a.domains.some((d) => !r.domains?.has(d)),
  },
  { code: 'PPT_DOMINIO_DISABILITATO', fails: (a, r) => a.domains.some((d) => r.disabledDomains.has(d)) },
]

/** The first refusal because of the PSP: the second step of the node's checks. */
export function checkPsp(asked: PspAsked, registry: Registry): Fault | undefined {
  return first(PSP_CHECKS, asked, registry)
}

/** The first refusal because of the sender: broker, station, password, ente. */
export function checkPa(asked: PaAsked, registry: Registry): Fault | undefined {
  return first(PA_CHECKS, asked, registry)
}

export function isIbanRegistered(registry: Registry, domain: string, iban: string): boolean {
  return registry.domains === undefined || registry.domains.get(domain)?.has(iban) === true
}

function first<T>(checks: readonly Check<T>[], asked: T, registry: Registry): Fault | undefined {
  const failed = checks.find((check) => check.fails(asked, registry))
  return failed && { code: failed.code }
}
