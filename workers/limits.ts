import { z } from 'zod'
import type { AppConfig } from '../api/deps.ts'
import { LIMITS, NOTICE_LIMITS } from '../api/middleware/limits.ts'

const most = (usual: number, description: string) =>
  z.coerce.number().int().positive().default(usual).describe(description)

/** Requests that a stranger may make before waiting. A proved mailbox allows five times as many, a sign-in twenty times. */
export const limitSchema = {
  LIMIT_LINKS_PER_MAILBOX: most(
    LIMITS.linkPerMailbox.points,
    'Mails with a link to one mailbox in a quarter of an hour, whoever asks for them.',
  ),
  LIMIT_LINKS_PER_CLIENT: most(
    LIMITS.linkPerClient.points,
    'Mails with a link that one client may ask for in a quarter of an hour.',
  ),
  LIMIT_MISSES_PER_CLIENT: most(
    LIMITS.missPerClient.points,
    'Searches of one client that find nothing, in a quarter of an hour.',
  ),
  LIMIT_MISSES_PER_NOTICE: most(LIMITS.missPerClientAndNumber.points, 'The same for one notice number.'),
  LIMIT_MISSES_OF_ALL: most(
    LIMITS.missPerNumber.points,
    'Searches of all clients for one notice number that find nothing, in an hour.',
  ),
  LIMIT_NOTICES_PER_MAILBOX: most(
    NOTICE_LIMITS.mailbox,
    'Unpaid notices that may be prepared in an hour with one mailbox.',
  ),
  LIMIT_NOTICES_PER_PERSON: most(NOTICE_LIMITS.person, 'The same for one fiscal code.'),
  LIMIT_NOTICES_PER_CLIENT: most(NOTICE_LIMITS.network, 'The same from one network.'),
}

type LimitVariables = Record<keyof typeof limitSchema, number>

export const limitsOf = (config: LimitVariables): Pick<AppConfig, 'limits' | 'noticeLimits'> => ({
  limits: {
    linkPerMailbox: config.LIMIT_LINKS_PER_MAILBOX,
    linkPerClient: config.LIMIT_LINKS_PER_CLIENT,
    missPerClient: config.LIMIT_MISSES_PER_CLIENT,
    missPerClientAndNumber: config.LIMIT_MISSES_PER_NOTICE,
    missPerNumber: config.LIMIT_MISSES_OF_ALL,
  },
  noticeLimits: {
    mailbox: config.LIMIT_NOTICES_PER_MAILBOX,
    person: config.LIMIT_NOTICES_PER_PERSON,
    network: config.LIMIT_NOTICES_PER_CLIENT,
  },
})
