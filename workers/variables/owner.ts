import { accessSync, constants } from 'node:fs'
import { z } from 'zod'
import { url } from './kinds.ts'

const text = z.string().trim().min(1).max(200).optional()

const picture = z
  .string()
  .regex(/\.(png|svg)$/i, 'must be a PNG or an SVG file')
  .refine(isReadable, 'cannot be read')
  .optional()

/** Variables for header and footer: who runs the installation. What is not set is not shown. */
export const ownerVariables = {
  OWNER_NAME: text.describe('Name of the public body that runs the installation: `Regione Esempio`.'),
  OWNER_LOGO: picture.describe('File with its emblem or logo, PNG or SVG.'),
  OWNER_ADDRESS: text.describe('Its postal address, on one line.'),
  OWNER_PEC: z.email().optional().describe('Its certified mail address.'),
  OWNER_PHONE: text.describe('Its telephone number.'),
  OWNER_MEDIA_POLICY: url.optional().describe('Address of its media policy.'),
  PAGOPA_LOGO: picture.describe('File with the logo of pagoPA, PNG or SVG, for those who may show it.'),
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}
