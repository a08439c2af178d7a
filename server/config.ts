/** How the server is reached, from its environment. */
import { isIP } from 'node:net'

export interface ServerConfig {
  /** Address to listen on. */
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  /** The address that people use, where it is another: that of a proxy with TLS. No slash at the end. */
  readonly publicUrl?: string
  /** Proxies whose word about the sender counts: addresses or ranges. */
  readonly trustedProxies: readonly string[]
  /** How long a session lasts without use; 0: as long as any. @default that of sessions */
  readonly idleMs?: number
  /** Of each member and each token. @default that of the API */
  readonly requestsPerMinute?: number
}

const LOOPBACK = '127.0.0.1'

/**
 * TRIBUTARY_SERVER_HOST, TRIBUTARY_SERVER_PORT, TRIBUTARY_SERVER_URL, TRIBUTARY_TRUSTED_PROXIES (separated by commas),
 * TRIBUTARY_SESSION_IDLE_MS and TRIBUTARY_REQUESTS_PER_MINUTE.
 * @throws where one of them makes no sense, or the server would be open to a network without a public address
 */
export function serverConfig(env: NodeJS.ProcessEnv): ServerConfig {
  const host = env.TRIBUTARY_SERVER_HOST || LOOPBACK
  const port = Number(env.TRIBUTARY_SERVER_PORT || 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('reading TRIBUTARY_SERVER_PORT: it is no port; write a number from 0 to 65535')
  const publicUrl = env.TRIBUTARY_SERVER_URL ? origin(env.TRIBUTARY_SERVER_URL) : undefined
  if (!isLoopback(host) && publicUrl === undefined)
    throw new Error(
      `listening on ${host}: others could reach it without TLS under any name; set TRIBUTARY_SERVER_URL to the https address that people use`,
    )
  const trustedProxies = (env.TRIBUTARY_TRUSTED_PROXIES ?? '')
    .split(',')
    .map((proxy) => proxy.trim())
    .filter((proxy) => proxy !== '')
  const idleMs = wholeNumber(env, 'TRIBUTARY_SESSION_IDLE_MS', 0)
  const requestsPerMinute = wholeNumber(env, 'TRIBUTARY_REQUESTS_PER_MINUTE', 1)
  return {
    host,
    port,
    trustedProxies,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(idleMs !== undefined && { idleMs }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
  }
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, least: number): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text)
  throw new Error(`reading ${name}: it is no whole number of ${least} or more; correct it`)
}

/** Whether a `host` header names this server: anything else is a page that plays with names (DNS rebinding). */
export function isOwnHost(header: string | undefined, publicUrl: string | undefined): boolean {
  if (header === undefined) return false
  if (publicUrl !== undefined && header.toLowerCase() === new URL(publicUrl).host) return true
  return isLoopback(header.replace(/:\d+$/, ''))
}

export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
    throw new Error('reading TRIBUTARY_SERVER_URL: it is no address; write e.g. https://cdp.example.com')
  return url.origin
}
