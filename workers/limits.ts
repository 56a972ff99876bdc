import { z } from 'zod'
import type { AppConfig } from '../api/deps.ts'
import { LIMITS, NOTICE_LIMITS } from '../api/middleware/limits.ts'

const most = (usual: number) => z.coerce.number().int().positive().default(usual)

/** Requests a stranger may make before waiting. Who proved a mailbox may make five times as many, who signed in twenty times. */
export const limitSchema = {
  LIMIT_LINKS_PER_MAILBOX: most(LIMITS.linkPerMailbox.points),
  LIMIT_LINKS_PER_CLIENT: most(LIMITS.linkPerClient.points),
  LIMIT_MISSES_PER_CLIENT: most(LIMITS.missPerClient.points),
  LIMIT_MISSES_PER_NOTICE: most(LIMITS.missPerClientAndNumber.points),
  LIMIT_MISSES_OF_ALL: most(LIMITS.missPerNumber.points),
  LIMIT_NOTICES_PER_MAILBOX: most(NOTICE_LIMITS.mailbox),
  LIMIT_NOTICES_PER_PERSON: most(NOTICE_LIMITS.person),
  LIMIT_NOTICES_PER_CLIENT: most(NOTICE_LIMITS.network),
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
