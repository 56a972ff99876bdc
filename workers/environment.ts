import { z } from 'zod'
import { keySchema } from './keys.ts'
import { limitSchema } from './limits.ts'
import { fileVariables } from './variables/files.ts'
import { nodePortVariables, nodeVariables } from './variables/node.ts'
import { ownerVariables } from './variables/owner.ts'
import { pageVariables } from './variables/pages.ts'
import { databaseVariables, mailVariables, temporalVariables } from './variables/parts.ts'
import { reportingVariables } from './variables/reporting.ts'
import { processVariables } from './variables/process.ts'
import { signInVariables } from './variables/sign-in.ts'

/** The variables of the environment. docs/environment.md is drawn from them, group by group. */
export const schema = z.object({
  ...databaseVariables,
  ...temporalVariables,
  ...nodeVariables,
  ...nodePortVariables,
  ...reportingVariables,
  ...mailVariables,
  ...pageVariables,
  ...ownerVariables,
  ...signInVariables,
  ...keySchema,
  ...fileVariables,
  ...limitSchema,
  ...processVariables,
})

export type Environment = z.infer<typeof schema>
