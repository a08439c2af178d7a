/** A TCP connection for protocols that are not HTTP, guarded as the HTTP client is. */
import { type Socket, connect as tcpConnect } from 'node:net'
import { ConnectorError, ConnectorErrorKind, isConnectorError } from '../errors.js'
import { type AllowedAddresses, createAddressGuard } from './address-guard.js'
import { connectionFailure, TIMED_OUT } from './failures.js'

export interface ConnectTarget {
  readonly host: string
  readonly port: number
  /** Time until the connection stands, milliseconds. @default 20000 */
  readonly timeoutMs?: number
  /** Destroys the connection. @default the context's, which may have aborted when something has to be said to the server */
  readonly signal?: AbortSignal
}

/**
 * Opens a connection; the caller ends it, and the signal destroys it.
 * @throws ConnectorError ConfigInvalid for an address that is refused; NetworkError, SourceUnavailable
 */
export async function connectTcp(
  { host, port, timeoutMs = 20_000, signal: own }: ConnectTarget,
  runtime: { readonly signal: AbortSignal; readonly allowPrivateAddresses: AllowedAddresses },
): Promise<Socket> {
  const signal = own ?? runtime.signal
  signal.throwIfAborted()
  const name = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
  if (!URL.canParse(`tcp://${name}:${port}`))
    throw new ConnectorError(
      ConnectorErrorKind.ConfigInvalid,
      'connecting: the host is no host name or address; correct the host',
    )
  const guard = createAddressGuard(runtime.allowPrivateAddresses)
  guard.checkUrl(new URL(`http://${name}:${port}`))
  const socket = tcpConnect({
    host: name.replace(/^\[|\]$/g, ''),
    port,
    lookup: guard.lookup,
    keepAlive: true,
  })
  const abort = (): void => void socket.destroy(signal.reason instanceof Error ? signal.reason : undefined)
  signal.addEventListener('abort', abort, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', abort))
  const late = (): void => void socket.destroy(Object.assign(new Error('timed out'), { code: TIMED_OUT }))
  const timer = setTimeout(late, timeoutMs)
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return socket
  } catch (error) {
    socket.destroy()
    if (signal.aborted) throw signal.reason
    if (isConnectorError(error)) throw error
    const { kind, message, code } = connectionFailure(error, `${name}:${port}`, name).error
    throw new ConnectorError(kind, message.replace(/^requesting /, 'connecting to '), code ? { code } : {})
  } finally {
    clearTimeout(timer)
  }
}
