import { z } from 'zod'
import { list, neededWhen, port, url } from './kinds.ts'

export const pageVariables = {
  PORT: port
    .default(3000)
    .describe('Port of the pages. `npm start` takes free ports after it for the other parts.'),
  PUBLIC_URL: url
    .default('http://localhost:3000')
    .meta(
      neededWhen('in production', 'The address of the pages as browsers see it; production wants https.'),
    ),
  TRUSTED_PROXIES: list.describe(
    'Addresses or networks of the proxies in front of the pages, divided by commas: only their headers say who calls.',
  ),
  LINK_MINUTES: z.coerce
    .number()
    .positive()
    .default(15)
    .describe('Minutes for which the link of a mail opens what was asked for.'),
}
