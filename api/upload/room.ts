import { AppError } from '../../domain/errors.ts'

/** A number of bytes that several uploads share. */
export interface Room {
  /** A new share, which holds nothing yet. */
  share(): Share
}

export interface Share {
  /** Adds bytes to the share. @throws TOO_MANY_REQUESTS when the room has not so many left */
  take: (bytes: number) => void
  /** Gives back all bytes of the share. */
  release: () => void
}

/** @param most the bytes that all shares together may have */
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
