import type { Request } from 'express'
import type { Maker, Proofs } from '../../db/citizen/maker.ts'
import { mailboxOf } from '../../domain/person.ts'
import type { AppConfig } from '../deps.ts'
import { keyedHash } from '../access/keyed-hash.ts'
import type { LimitName, Try } from '../middleware/limits.ts'
import { networkOf } from '../middleware/network.ts'
import { citizenOf } from '../middleware/session.ts'

/** How many times more often than a stranger a person may try: with a proved mailbox, and signed in. */
const WITH_MAILBOX = 5
const SIGNED_IN = 20

/**
 * The tries of one client: one for the network and, when the person has proved something, one for the account or the mailbox, so that a
 * person with many networks counts as one client. Other people in the same network keep their own limit.
 * @param about a notice number, when each number is counted separately
 */
export function triesOf(req: Request, limit: LimitName, about = ''): Try[] {
  const { provedEmail } = req.session
  const account = citizenOf(req)?.codiceFiscale
  const mailbox = provedEmail === undefined ? undefined : mailboxOf(provedEmail)
  const proof = account ?? mailbox
  const keys = [networkOf(req.ip), ...(proof === undefined ? [] : [`proof:${proof}`])]
  const times = timesOf(req)
  return keys.map((key) => ({ limit, key: `${key} ${about}`, times }))
}

/** How many times more often than a stranger the person of this request may try. */
export const timesOf = (req: Request): number => {
  if (citizenOf(req)) return SIGNED_IN
  return req.session.provedEmail === undefined ? 1 : WITH_MAILBOX
}

const hashed = ({ keys }: AppConfig, kind: string, text: string): Buffer =>
  keyedHash(keys.privacy, kind, text)

const addressHash = (config: AppConfig, address: string): Buffer =>
  hashed(config, 'maker address', address.toLowerCase())

export const networkHash = (config: AppConfig, req: Request): Buffer =>
  hashed(config, 'maker network', networkOf(req.ip))

/**
 * The maker of a due that this request creates.
 * @param proved `address` is the proved mail address; `account` is the fiscal code of the account that requested the due, if any
 */
export const makerOf = (
  config: AppConfig,
  req: Request,
  { address, account }: { address: string; account: string | undefined },
): Maker => ({
  account,
  address: addressHash(config, address),
  mailbox: hashed(config, 'maker mailbox', mailboxOf(address)),
  network: networkHash(config, req),
})

/** The account and the hashes of the addresses that this session has proved, to compare with the makers of dues. */
export function proofsOf(config: AppConfig, req: Request): Proofs {
  const citizen = citizenOf(req)
  const addresses = [req.session.provedEmail, citizen?.email].filter((address) => address !== undefined)
  return {
    account: citizen?.codiceFiscale ?? null,
    addresses: addresses.map((address) => addressHash(config, address)),
  }
}
