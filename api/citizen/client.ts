import type { Request } from 'express'
import type { Maker, Proofs } from '../../db/citizen/maker.ts'
import { mailboxOf } from '../../domain/person.ts'
import type { AppConfig } from '../deps.ts'
import { keyedHash } from '../access/keyed-hash.ts'
import type { LimitName, Try } from '../middleware/limits.ts'
import { networkOf } from '../middleware/network.ts'
import { citizenOf } from '../middleware/session.ts'

/** How many times more than a stranger somebody may try: who proved a mailbox, who signed in. */
const WITH_MAILBOX = 5
const SIGNED_IN = 20

/**
 * The tries of one client: of his network and, so that many networks do not make many clients of one person, of what he
 * has proved. Others behind the same address keep what they had.
 * @param about what the tries are counted for, when not all together
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

/** @param account of who signed in, when it is he who asked for the due */
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

/** What this session can prove of who it belongs to. */
export function proofsOf(config: AppConfig, req: Request): Proofs {
  const citizen = citizenOf(req)
  const addresses = [req.session.provedEmail, citizen?.email].filter((address) => address !== undefined)
  return {
    account: citizen?.codiceFiscale ?? null,
    addresses: addresses.map((address) => addressHash(config, address)),
  }
}
