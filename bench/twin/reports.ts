import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TwinStep } from './contract.ts'

/** The twin reports its steps to the measuring process by UDP, because a datagram costs the twin almost nothing. */
export interface TwinReports {
  port: number
  /** Resolves at the step. Call it before the step can happen, because earlier reports are lost. */
  when(step: TwinStep, id: string): Promise<void>
  close(): Promise<void>
}

export async function listenToTwin(): Promise<TwinReports> {
  const waiting = new Map<string, () => void>()
  const socket = createSocket('udp4')
  socket.on('message', (text) => {
    const key = text.toString()
    waiting.get(key)?.()
    waiting.delete(key)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: (socket.address() as AddressInfo).port,
    when: (step, id) => new Promise((resolve) => waiting.set(`${step} ${id}`, resolve)),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

/** The sender, used in the twin's worker. */
export function reportTo(port: number): { tell(step: TwinStep, id: string): void; close(): void } {
  const socket = createSocket('udp4')
  return {
    tell: (step, id) => socket.send(`${step} ${id}`, port, '127.0.0.1'),
    close: () => void socket.close(),
  }
}
