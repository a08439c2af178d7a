/** Picks TCP ports on loopback, so that any number of stacks live side by side on one machine. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOPBACK = '127.0.0.1'

/**
 * A TCP port that nobody listens on.
 * The port is not reserved: start the listener soon and choose again when another process was faster.
 */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Whether a listener could be opened on the port now. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)))
  })
}

/** Whether something accepts TCP connections at the address now. */
export async function accepts(port: number, host = LOOPBACK): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 2000 })
    const finish = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => finish(true))
    socket.once('timeout', () => finish(false))
    socket.once('error', () => finish(false))
  })
}

/** What servers say whose port was taken, and Temporal's, which chooses ports of its own too and ends where that fails once. */
const PORT_TROUBLE = /address already in use|assign(ing)? (an? )?(free|ephemeral|requested) (port|address)/i
const PAUSE_MS = 250

/**
 * Runs the attempt again, so that it chooses other ports, when another process was faster to listen on the chosen one.
 * @throws the last attempt's error
 */
export async function retryTakenPort<T>(attempt: () => Promise<T>, attempts = 5): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (attempts <= 1 || !PORT_TROUBLE.test((error as Error).message)) throw error
    await sleep(PAUSE_MS)
    return retryTakenPort(attempt, attempts - 1)
  }
}
