import { z } from 'zod'
import { READ_LIMITS } from '../../activities/import-flow/read-chunk.ts'
import { UPLOAD_LIMITS } from '../../api/upload/limits.ts'

export const KB = 1_024
export const MB = 1_024 * KB

const whole = z.coerce.number().int().positive()

export const fileVariables = {
  DATA_DIR: z
    .string()
    .default('.data')
    .describe(
      'Folder of the stored files, shared by all processes. `npm start` keeps the embedded parts in it too.',
    ),
  UPLOAD_ZIP_MB: whole.default(UPLOAD_LIMITS.zipBytes / MB).describe('Largest file of dues, packed, MB.'),
  UPLOAD_CSV_MB: whole.default(UPLOAD_LIMITS.csvBytes / MB).describe('Largest file of dues, unpacked, MB.'),
  UPLOAD_RATIO: z.coerce
    .number()
    .positive()
    .default(UPLOAD_LIMITS.ratio)
    .describe('How many times larger than packed an unpacked file may be.'),
  UPLOAD_ENTRIES: whole
    .default(UPLOAD_LIMITS.entries)
    .describe('Files that an archive may hold, those that systems add among them.'),
  UPLOAD_LINE_KB: whole
    .max(1_024)
    .default(READ_LIMITS.lineBytes / KB)
    .describe('Longest line of a file of dues, KB.'),
  UPLOAD_REFUSED_STATUS: z
    .enum(['200', '403'])
    .default('403')
    .transform((text): 200 | 403 => (text === '200' ? 200 : 403))
    .describe(
      'HTTP status of a refused upload by the software of an ente. The old platform answered 200, and some software reads only the body.',
    ),
}
