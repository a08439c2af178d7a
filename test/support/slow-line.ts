/** A line to a server that can stand still half-way: a test then does what it must while a transfer is under way for certain. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface SlowLine {
  /** Of this machine, in place of the server's. */
  readonly port: number
  /** Lets everything through from now on. */
  open(): void
  stop(): Promise<void>
}

/**
 * @param port the server's, on this machine
 * @param mark what the server says last before the line stands still, in every connection that gets that far
 */
export async function startSlowLine(port: number, mark: string): Promise<SlowLine> {
  const sockets = new Set<Socket>()
  const held = new Set<() => void>()
  let isOpen = false
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      // Whoever is killed hangs up without a word.
      socket.on('error', () => undefined)
    }
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.end())
    let before = ''
    upstream.on('data', (chunk) => {
      client.write(chunk)
      const text = before + chunk.toString('latin1')
      before = text.slice(1 - mark.length)
      if (isOpen || !text.includes(mark)) return
      upstream.pause()
      held.add(() => upstream.resume())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    open() {
      isOpen = true
      for (const release of held) release()
      held.clear()
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
