import { waitUntil } from './wait.ts'

const LINK = /http:\/\/127\.0\.0\.1:\d+\/conferma\/[\w-]+/
const CODE = /\b\d{6}\b/

/** Waits for a mail to an address in the simulator's mailbox; returns the link in the newest one. */
export const linkIn = (simulatorUrl: string, address: string): Promise<string> =>
  findIn(simulatorUrl, address, LINK)

/** Waits for a mail to an address; returns the six digits in the newest one. */
export const codeIn = (simulatorUrl: string, address: string): Promise<string> =>
  findIn(simulatorUrl, address, CODE)

function findIn(simulatorUrl: string, address: string, pattern: RegExp): Promise<string> {
  const read = async (path: string): Promise<string> => (await fetch(simulatorUrl + path)).text()
  return waitUntil(async () => {
    const row = (await read('/posta')).split('<tr').find((part) => part.includes(address))
    const path = row && /href="(\/posta\/[^"]+)"/.exec(row)?.[1]
    // The style sheet is removed, because its colours have six digits too.
    const mail = path && (await read(path)).replace(/<style[\s\S]*?<\/style>/g, '')
    return mail ? pattern.exec(mail)?.[0] : undefined
  })
}

/** Pages of all mails to an address in the simulator's mailbox. */
export async function mailsTo(simulatorUrl: string, address: string): Promise<string[]> {
  const read = async (path: string): Promise<string> => (await fetch(simulatorUrl + path)).text()
  const rows = (await read('/posta')).split('<tr').filter((row) => row.includes(address))
  const paths = rows
    .map((row) => /href="(\/posta\/[^"]+)"/.exec(row)?.[1])
    .filter((path) => path !== undefined)
  return Promise.all(paths.map(read))
}
