import type { Addresses } from './addresses.ts'

/** Addresses that the person who ran `npm start` may want to open; in Italian, like all text for people. */
export function addressTable(at: Addresses): string {
  const rows: [string, string | null][] = [
    ['Cittadino', at.public],
    ['Operatore', `${at.public}/operatore`],
    ['Assistenza', `${at.public}/supporto`],
    ['Posta', at.mailbox],
    ['Simulatore del nodo', at.simulator],
    ['Temporal', at.temporalUi],
    ['Porta del nodo', at.node],
    ['Stato e metriche', at.admin],
    ['Base dati', withoutPassword(at.database)],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows
    .filter(([, address]) => address !== null)
    .map(([name, address]) => `  ${name.padEnd(width)}  ${address}\n`)
    .join('')
}

function withoutPassword(url: string): string {
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}
