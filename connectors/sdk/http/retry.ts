/** When a request is tried again, and how long to wait before it: full-jitter backoff and the servers' own hints. */

/**
 * Full jitter: a random wait between 0 and `baseMs * 2^(attempt - 1)`, at most `maxMs`
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param attempt the try that failed, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(
  attempt: number,
  random: number,
  limits: { readonly baseMs?: number; readonly maxMs: number },
): number {
  const ceiling = Math.min(limits.maxMs, (limits.baseMs ?? 500) * 2 ** Math.min(attempt - 1, 30))
  return Math.floor(random * ceiling)
}

/** Names of headers that say when a quota is full again; the value is seconds from now or an epoch time. */
const RESET_HEADERS = [
  'ratelimit-reset',
  'x-ratelimit-reset',
  'x-rate-limit-reset',
  'x-ratelimit-reset-after',
  'x-ratelimit-requests-reset',
]

/** Numbers above this are epoch seconds (2001), above it times 1000 epoch milliseconds. */
const EPOCH_SECONDS_FROM = 1e9

/** No hint makes anybody wait longer than this: a broken header must not park a stream for years. */
const LONGEST_WAIT_MS = 24 * 3_600_000

type Headers = Readonly<Record<string, unknown>>

/**
 * How long the server asks to wait, milliseconds from now, or undefined when it does not say. Reads Retry-After
 * (seconds or HTTP date, RFC 9110 10.2.3), retry-after-ms and the common rate-limit reset headers. Absolute times are
 * measured against the answer's own Date header where there is one, so that a wrong clock on either side does no harm.
 */
export function serverWaitMs(headers: Headers, now: number): number | undefined {
  const serverNow = parseDate(text(headers.date)) ?? now
  const wait =
    number(text(headers['retry-after-ms'])) ??
    retryAfterMs(text(headers['retry-after']), serverNow) ??
    resetMs(headers, serverNow)
  return wait === undefined ? undefined : Math.min(Math.max(0, Math.ceil(wait)), LONGEST_WAIT_MS)
}

/** True when the answer says that the quota is used up. */
export function quotaUsedUp(headers: Headers): boolean {
  return ['x-ratelimit-remaining', 'ratelimit-remaining', 'x-rate-limit-remaining'].some(
    (name) => number(text(headers[name])) === 0,
  )
}

function retryAfterMs(value: string | undefined, serverNow: number): number | undefined {
  const seconds = number(value)
  if (seconds !== undefined) return seconds * 1000
  const date = parseDate(value)
  return date === undefined ? undefined : date - serverNow
}

function resetMs(headers: Headers, serverNow: number): number | undefined {
  for (const name of RESET_HEADERS) {
    const value = number(text(headers[name]))
    if (value === undefined) continue
    if (value >= EPOCH_SECONDS_FROM * 1000) return value - serverNow
    return value >= EPOCH_SECONDS_FROM ? value * 1000 - serverNow : value * 1000
  }
  return undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined
}

function number(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

/** HTTP dates only: Date.parse alone reads almost any text as some year. */
function parseDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

const IDEMPOTENT_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** True when repeating the request has the effect of sending it once (RFC 9110 9.2.2, or an Idempotency-Key). */
export function isIdempotent(request: {
  readonly method?: string | undefined
  readonly idempotent?: boolean | undefined
  readonly headers?: unknown
}): boolean {
  if (request.idempotent !== undefined) return request.idempotent
  if (IDEMPOTENT_METHODS.has((request.method ?? 'GET').toUpperCase())) return true
  return Object.keys((request.headers ?? {}) as object).some(
    (name) => name.toLowerCase() === 'idempotency-key',
  )
}
