/** A proxy for any protocol over TCP that cuts, stalls and, once closed, refuses connections. It understands nothing of what it carries. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly host: string
  readonly port: number
  /** Cuts the connection instead of carrying the n-th piece that the server says, from 0; once, over all connections. */
  cutAt(piece: number): void
  /** True when the cut has come. */
  hasCut(): boolean
  /** Carries nothing that the server says from now on. Resolves when the first piece is held back. */
  stall(): Promise<void>
  /** Forwards everything again, and cuts what is open. */
  reset(): void
  /** Cuts what is open; connections are refused from now on. Idempotent. */
  close(): Promise<void>
}

export async function createTcpProxy(host: string, port: number): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let pieces = 0
  let cut: number | undefined
  let done = false
  let held: (() => void) | undefined

  const cutAll = (): void => {
    for (const socket of open) socket.destroy()
  }
  const server = createServer((client) => {
    const upstream = connect(port, host)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      // A connection that breaks is what the tests are about.
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    client.on('data', (data) => void upstream.write(data))
    client.on('end', () => upstream.end())
    upstream.on('data', (data) => {
      const piece = pieces
      pieces += 1
      if (held) held()
      else if (piece === cut) {
        done = true
        client.destroy()
      } else client.write(data)
    })
    upstream.on('end', () => client.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  let closing: Promise<void> | undefined

  return {
    host: '127.0.0.1',
    port: address.port,
    cutAt(piece) {
      cut = piece
    },
    hasCut: () => done,
    stall: () =>
      new Promise((resolve) => {
        held = resolve
      }),
    reset() {
      cutAll()
      pieces = 0
      cut = undefined
      done = false
      held = undefined
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        cutAll()
      })
      return closing
    },
  }
}
