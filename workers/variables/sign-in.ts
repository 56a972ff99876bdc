import { z } from 'zod'
import { CLAIM_NAMES, SPID_LEVELS, type ClaimNames } from '../../api/access/oidc.ts'
import { SIGN_IN } from '../../api/access/sign-in-rules.ts'
import { DEVELOPMENT_CLIENT_SECRET } from '../keys.ts'
import { listOr, neededWhen, url } from './kinds.ts'

const level = z.coerce.number().int().min(1).max(3)
const claim = (name: keyof ClaimNames) => z.string().min(1).default(CLAIM_NAMES[name])
const claimNames = z.strictObject({
  codiceFiscale: claim('codiceFiscale'),
  name: claim('name'),
  familyName: claim('familyName'),
  email: claim('email'),
})

export const signInVariables = {
  OIDC_ISSUER: url
    .optional()
    .describe('Address of the identity provider. Without it nobody signs in, and everything else works.'),
  OIDC_CLIENT_ID: z.string().min(1).default('mypay').describe('Our name at the provider.'),
  OIDC_CLIENT_SECRET: z
    .string()
    .min(1)
    .default(DEVELOPMENT_CLIENT_SECRET)
    .meta(neededWhen('with `OIDC_ISSUER`, in production', 'The secret agreed with the provider.')),
  OIDC_SCOPE: z.string().default('openid profile email').describe('Scopes that we ask for.'),
  OIDC_CLAIMS: z
    .string()
    .default('{}')
    .transform((text, issues): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        issues.addIssue({
          code: 'custom',
          message: 'must be JSON, for example {"codiceFiscale":"fiscal_number"}',
        })
        return z.NEVER
      }
    })
    .pipe(claimNames)
    .describe(
      'JSON with the names of the claims (`codiceFiscale`, `name`, `familyName`, `email`) that differ from those of SPID and CIE.',
    ),
  OIDC_LEVELS: listOr(SPID_LEVELS).describe(
    'Names of the levels of the provider in `acr`, divided by commas, the lowest first.',
  ),
  STAFF_LEVEL: level
    .default(SIGN_IN.staffLevel)
    .describe('Least level for operators, administrators and support, 1 to 3; production wants 2 or more.'),
  CITIZEN_LEVEL: level.default(SIGN_IN.citizenLevel).describe('Least level for everybody else, 1 to 3.'),
  STAFF_SESSION_HOURS: z.coerce
    .number()
    .positive()
    .max(24)
    .default(SIGN_IN.staffHours)
    .describe(
      'Hours from the sign-in of operators, administrators and support to the end of their session, however much it is used.',
    ),
  CITIZEN_SESSION_HOURS: z.coerce
    .number()
    .positive()
    .max(168)
    .default(SIGN_IN.citizenHours)
    .describe('Hours from the sign-in of everybody else to the end of their session.'),
}
