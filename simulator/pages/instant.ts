import { DateTime } from 'luxon'

/** An ISO instant in the Italian form, in Rome time. */
export function showInstant(iso: string): string {
  return DateTime.fromISO(iso, { zone: 'Europe/Rome' }).toFormat('dd/MM/yyyy HH:mm:ss')
}
