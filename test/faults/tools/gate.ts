import { createConnection, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** `lose_answer`: the request reaches the server and has its effect, but the answer is lost. */
export type GateMode = 'pass' | 'freeze' | 'refuse' | 'lose_answer' | 'drip'

export interface Gate {
  port: number
  /** Changes the mode, of open connections too. */
  set(mode: GateMode, delayMs?: number): void
  /** Ends every open connection now. */
  cut(): void
  /** Loses about this share of answers, drawn by `random`. */
  loseSome(probability: number, random: () => number): void
  connections(): number
  close(): Promise<void>
}

interface Pair {
  client: Socket
  target: Socket
}

/** Opens a TCP proxy before a server, which makes network faults without a hook in the product. */
export async function openGate(target: { host?: string; port: number }): Promise<Gate> {
  const pairs = new Set<Pair>()
  const state = { mode: 'pass' as GateMode, delayMs: 0, loss: 0, random: Math.random }
  const server = createServer((client) => admit(client, target, pairs, state))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => pairs.forEach(end)
  return {
    port: (server.address() as AddressInfo).port,
    set(mode, delayMs = 0) {
      Object.assign(state, { mode, delayMs })
      if (mode === 'refuse') cut()
      for (const { client, target: far } of pairs) for (const socket of [client, far]) flow(socket, mode)
    },
    cut,
    loseSome: (loss, random) => Object.assign(state, { loss, random }),
    connections: () => pairs.size,
    close: () => closeServer(server, cut),
  }
}

interface State {
  mode: GateMode
  delayMs: number
  loss: number
  random: () => number
}

function admit(
  client: Socket,
  target: { host?: string; port: number },
  pairs: Set<Pair>,
  state: State,
): void {
  if (state.mode === 'refuse') return void client.destroy()
  const pair = { client, target: createConnection(target.port, target.host ?? '127.0.0.1') }
  pairs.add(pair)
  for (const socket of [client, pair.target]) {
    socket.setNoDelay(true)
    socket.on('error', () => end(pair))
    socket.on('close', () => {
      end(pair)
      pairs.delete(pair)
    })
    flow(socket, state.mode)
  }
  client.on('data', (bytes) => forward(bytes, pair.target, state))
  pair.target.on('data', (bytes) => {
    if (state.mode === 'lose_answer' || (state.loss > 0 && state.random() < state.loss)) end(pair)
    else forward(bytes, client, state)
  })
}

function forward(bytes: Buffer, to: Socket, { mode, delayMs }: State): void {
  if (mode === 'drip') return drip(bytes, to)
  if (delayMs === 0) to.write(bytes)
  else setTimeout(() => to.write(bytes), delayMs)
}

/** Sends one byte a second. */
function drip(bytes: Buffer, to: Socket): void {
  bytes.forEach((byte, index) => {
    setTimeout(() => to.writable && to.write(Buffer.of(byte)), index * 1000).unref()
  })
}

const flow = (socket: Socket, mode: GateMode): void =>
  void (mode === 'freeze' ? socket.pause() : socket.resume())

function end({ client, target }: Pair): void {
  client.destroy()
  target.destroy()
}

function closeServer(server: Server, cut: () => void): Promise<void> {
  cut()
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
