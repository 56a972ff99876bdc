import { randomUUID } from 'node:crypto'

/** An IUD for a due that an operator types. It begins with 000, because a file may not contain such an IUD. */
export const drawIud = (): string => `000${randomUUID().replaceAll('-', '')}`
