import { waitUntil } from './wait.ts'

const LINK = /http:\/\/127\.0\.0\.1:\d+\/conferma\/[\w-]+/
const CODE = /\b\d{6}\b/

/** The link in the newest mail to an address, as the simulator's mailbox shows it; waits for it. */
export const linkIn = (simulatorUrl: string, address: string): Promise<string> =>
  findIn(simulatorUrl, address, LINK)

/** The six digits in the newest mail to an address. */
export const codeIn = (simulatorUrl: string, address: string): Promise<string> =>
  findIn(simulatorUrl, address, CODE)

function findIn(simulatorUrl: string, address: string, pattern: RegExp): Promise<string> {
  const read = async (path: string): Promise<string> => (await fetch(simulatorUrl + path)).text()
  return waitUntil(async () => {
    const row = (await read('/posta')).split('<tr').find((part) => part.includes(address))
    const path = row && /href="(\/posta\/[^"]+)"/.exec(row)?.[1]
    // Colours of a style sheet have six digits too.
    const mail = path && (await read(path)).replace(/<style[\s\S]*?<\/style>/g, '')
    return mail ? pattern.exec(mail)?.[0] : undefined
  })
}

/** Every mail to an address, as the mailbox shows it. */
export async function mailsTo(simulatorUrl: string, address: string): Promise<string[]> {
  const read = async (path: string): Promise<string> => (await fetch(simulatorUrl + path)).text()
  const rows = (await read('/posta')).split('<tr').filter((row) => row.includes(address))
  const paths = rows
    .map((row) => /href="(\/posta\/[^"]+)"/.exec(row)?.[1])
    .filter((path) => path !== undefined)
  return Promise.all(paths.map(read))
}
