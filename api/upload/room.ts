import { AppError } from '../../domain/errors.ts'

/** Bytes that several uploads may hold together. */
export interface Room {
  share(): Share
}

export interface Share {
  /** @throws TOO_MANY_REQUESTS when the room has no place for so many more */
  take: (bytes: number) => void
  /** Gives back what this upload took. */
  release: () => void
}

export function createRoom(most: number): Room {
  let held = 0
  return {
    share() {
      let mine = 0
      return {
        take(bytes) {
          if (held + bytes > most) throw new AppError('TOO_MANY_REQUESTS', { limit: 'unprovenUploads' })
          held += bytes
          mine += bytes
        },
        release() {
          held -= mine
          mine = 0
        },
      }
    },
  }
}
