/**
 * The loyalty programme's API on a port of this machine: OAuth client credentials, pages by cursor, a rate limit, and the
 * faults of real APIs. It listens on loopback only.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Member, PointsEntry } from '../extract/members.js'
import type { PagedRecords } from './collection.js'
import { FaultKind, FaultPlan, type FaultRates } from './faults.js'
import { pageOf, parsePageRequest } from './listing.js'
import { type LoyaltyData, type MemberChange, Programme } from './programme.js'
import { RateLimit } from './rate-limit.js'
import { clientOf, sameText, Tokens } from './tokens.js'

export interface LoyaltyApiOptions {
  readonly data: LoyaltyData
  /** @default 0: a free one */
  readonly port?: number
  /** What the faults are drawn from. @default 1 */
  readonly seed?: number
  /** @default none */
  readonly faults?: FaultRates
  /** Requests that are answered in a second; more get a 429. @default 50 */
  readonly requestsPerSecond?: number
  /** Milliseconds. @default 300000 */
  readonly tokenLifetimeMs?: number
  /** @default tributary */
  readonly clientId?: string
  /** @default a random one */
  readonly clientSecret?: string
}

export interface LoyaltyApi {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** Changes a member as of now. @throws when there is no such member */
  update(memberId: string, change: MemberChange): Member
  /** Forgets a member; a tombstone is served instead. @throws when there is no such member */
  leave(memberId: string): void
  /** Books points as of now. @throws when there is no such member */
  earn(memberId: string, points: number): PointsEntry
  stats(): LoyaltyApiStats
  /** Idempotent. Open connections are cut. */
  stop(): Promise<void>
}

export interface LoyaltyApiStats {
  /** Requests to listings, whatever they were answered. */
  readonly requests: number
  /** Pages that were sent whole. */
  readonly pages: number
  readonly tokens: number
  /** Requests beyond the rate limit. */
  readonly limited: number
  readonly faults: Readonly<Record<FaultKind, number>>
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Send half of the body, then close the connection. */
  readonly cut?: boolean
}

const MAX_FORM_BYTES = 10_000

export async function startLoyaltyApi(options: LoyaltyApiOptions): Promise<LoyaltyApi> {
  const { clientId = 'tributary', clientSecret = randomBytes(24).toString('base64url') } = options
  const programme = new Programme(options.data)
  const faults = new FaultPlan(options.seed ?? 1, options.faults ?? {})
  const limit = new RateLimit(options.requestsPerSecond ?? 50)
  const tokens = new Tokens(options.tokenLifetimeMs ?? 300_000)
  const listings = new Map<string, PagedRecords>([
    ['/v1/members', programme.members],
    ['/v1/points', programme.points],
  ])
  const stats = { requests: 0, pages: 0, limited: 0 }

  const answerToken = async (request: IncomingMessage): Promise<Answer> => {
    const form = new URLSearchParams(await bodyOf(request))
    const client = clientOf(request.headers.authorization, form)
    if (!sameText(client.id, clientId) || !sameText(client.secret, clientSecret)) {
      return { status: 401, body: { error: 'invalid_client' } }
    }
    return form.get('grant_type') === 'client_credentials'
      ? { status: 200, body: tokens.issue(), headers: { 'cache-control': 'no-store' } }
      : { status: 400, body: { error: 'unsupported_grant_type' } }
  }

  const answerListing = (path: string, query: URLSearchParams): Answer => {
    const page = parsePageRequest(query)
    if ('problem' in page) {
      return { status: 400, body: { error: 'invalid_request', error_description: page.problem } }
    }
    stats.requests += 1
    const fault = faults.next(path, page.cursor === undefined)
    if (fault === FaultKind.RateLimit) {
      return tooMany()
    }
    if (fault === FaultKind.ServerError) {
      return { status: 500, body: { error: 'server_error' } }
    }
    if (fault === FaultKind.TokenExpiry) {
      tokens.expireAll()
      return unauthorized()
    }
    const body = pageOf(listings.get(path)!, page, fault === FaultKind.DuplicatePage)
    stats.pages += fault === FaultKind.CutPage ? 0 : 1
    return { status: 200, body, cut: fault === FaultKind.CutPage }
  }

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loyalty')
    if (request.method === 'POST' && pathname === '/oauth/token') {
      return answerToken(request)
    }
    if (request.method !== 'GET' || !(listings.has(pathname) || pathname === '/v1/me')) {
      return { status: 404, body: { error: 'not_found' } }
    }
    if (!limit.allows()) {
      stats.limited += 1
      return tooMany()
    }
    if (!tokens.accepts(request.headers.authorization)) {
      return unauthorized()
    }
    return pathname === '/v1/me'
      ? { status: 200, body: { client_id: clientId, programme: 'grocer' } }
      : answerListing(pathname, searchParams)
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (value) => send(response, value),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId,
    clientSecret,
    update: (memberId, change) => programme.update(memberId, change),
    leave: (memberId) => programme.leave(memberId),
    earn: (memberId, points) => programme.earn(memberId, points),
    stats: () => ({ ...stats, tokens: tokens.issued, faults: { ...faults.counts } }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function tooMany(): Answer {
  return { status: 429, body: { error: 'rate_limited' }, headers: { 'retry-after': '1' } }
}

function unauthorized(): Answer {
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
  return { status: 401, body: { error: 'invalid_token' }, headers }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes > MAX_FORM_BYTES) {
      throw new Error('reading a token request: too long')
    }
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, { status, body, headers, cut = false }: Answer): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    ...headers,
  })
  if (cut) {
    response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
  } else {
    response.end(bytes)
  }
}
