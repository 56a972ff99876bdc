import { DateTime } from 'luxon'

/** An ISO instant as people read it, in Rome. */
export function showInstant(iso: string): string {
  return DateTime.fromISO(iso, { zone: 'Europe/Rome' }).toFormat('dd/MM/yyyy HH:mm:ss')
}
