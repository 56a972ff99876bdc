import type { ConfigEvent } from '../../db/configuration.ts'
import { formatInstant } from '../../domain/calendar.ts'

/** One line of the register: who changed what, from and to. */
export function eventView({ at, kind, fromState, toState, data }: ConfigEvent) {
  const changes = (data.changes ?? []).map(
    ({ column, from, to }) => `${column}: ${shown(from)} → ${shown(to)}`,
  )
  const moved = kind === 'moved' ? [`stato: ${fromState} → ${toState}`] : []
  const born = kind === 'born' ? ['creato'] : []
  return {
    at: formatInstant(at),
    by: data.by ?? 'sistema',
    what: [...changes, ...moved, ...born, ...(data.what === undefined ? [] : [data.what])].join('; '),
  }
}

const MAX_SHOWN = 80

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
