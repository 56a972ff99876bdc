import { createHmac } from 'node:crypto'

/** What the tables keep of a mailbox or a network address: enough to know it again, not to read it. */
export const keyedHash = (secret: string, kind: string, text: string): Buffer =>
  createHmac('sha256', secret).update(`${kind}\0${text}`).digest()
