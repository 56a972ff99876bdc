import { connect, type Socket } from 'node:net'

const BYTE_EVERY_MS = 1_000
const START = 'POST /nodo/PaPerNodo HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '

/** Opens sockets that send a header one byte a second and never end it. */
export async function openSlowSenders(
  ports: readonly number[],
  each: number,
): Promise<{ open(): number; close(): void }> {
  const sockets = await Promise.all(
    ports.flatMap((port) => Array.from({ length: each }, () => openOne(port))),
  )
  const timer = setInterval(
    () => sockets.forEach((socket) => socket.writable && socket.write('a')),
    BYTE_EVERY_MS,
  )
  const open = (): number =>
    sockets.filter((socket) => !socket.destroyed && socket.readyState === 'open').length
  return {
    open,
    close() {
      clearInterval(timer)
      sockets.forEach((socket) => socket.destroy())
    },
  }
}

function openOne(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(START)
      resolve(socket)
    })
    socket.on('error', reject)
    socket.on('end', () => socket.destroy())
    socket.resume()
  })
}
