/** Access tokens of OAuth 2.0: asking a token endpoint, keeping the token until it is about to expire. */
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import type { HttpClient } from '../http/client.js'
import type { Auth } from './auth.js'
import { withHeader } from './static.js'

export interface TokenEndpoint {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret?: string
  /** How the client proves itself: parameters in the body, or HTTP Basic (RFC 6749 2.3.1). @default 'body' */
  readonly clientAuthentication?: 'body' | 'basic'
  /** Further parameters of the token request, e.g. `scope` or `audience`. */
  readonly parameters?: Readonly<Record<string, string>>
  /** A client without credentials of its own: `context.http()`. */
  readonly http: HttpClient
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number
}

export interface AccessToken {
  readonly value: string
  /** Epoch milliseconds from which it is no longer used; Infinity when the endpoint does not say. */
  readonly staleAt: number
  /** The refresh token that replaces the one that was used, where the endpoint rotates them. */
  readonly refreshToken?: string
}

/** A token is renewed this long before it expires, or after nine tenths of its life if that is sooner. */
const EXPIRY_MARGIN_MS = 60_000

/**
 * Asks for a token (RFC 6749 5). @throws ConnectorError AuthExpired for invalid_grant, ConfigInvalid when the client
 * is not accepted, and what the HTTP client throws.
 */
export async function requestToken(
  endpoint: TokenEndpoint,
  grant: Readonly<Record<string, string>>,
): Promise<AccessToken> {
  const { clientId, clientSecret, clientAuthentication = 'body' } = endpoint
  const now = endpoint.now ?? Date.now
  const inBody = clientAuthentication === 'body'
  const body = new URLSearchParams({
    ...grant,
    ...endpoint.parameters,
    ...(inBody || clientSecret === undefined ? { client_id: clientId } : {}),
    ...(inBody && clientSecret !== undefined ? { client_secret: clientSecret } : {}),
  })
  const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret ?? '')}`
  const response = await endpoint.http.request({
    method: 'POST',
    url: endpoint.tokenUrl,
    data: body.toString(),
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inBody || clientSecret === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
    },
    validateStatus: (status) =>
      (status >= 200 && status < 300) || status === 400 || status === 401 || status === 403,
  })
  const answer = (typeof response.data === 'object' ? response.data : null) as Record<string, unknown> | null
  if (response.status >= 300 || typeof answer?.access_token !== 'string') {
    throw tokenError(endpoint.tokenUrl, response.status, answer?.error)
  }
  const lifeMs = Number(answer.expires_in) * 1000
  return {
    value: answer.access_token,
    staleAt: lifeMs > 0 ? now() + lifeMs - Math.min(EXPIRY_MARGIN_MS, lifeMs / 10) : Number.POSITIVE_INFINITY,
    ...(typeof answer.refresh_token === 'string' && answer.refresh_token !== ''
      ? { refreshToken: answer.refresh_token }
      : {}),
  }
}

function tokenError(tokenUrl: string, status: number, error: unknown): ConnectorError {
  // Error codes of RFC 6749 5.2 are fixed words; anything else might be content.
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : String(status)
  const { host, pathname } = new URL(tokenUrl)
  const failed = `requesting a token from ${host}${pathname}: answered ${code}`
  return code === 'invalid_grant'
    ? new ConnectorError(
        ConnectorErrorKind.AuthExpired,
        `${failed}; the authorization was revoked or has expired: authorize again, then resume what it paused`,
        { code },
      )
    : new ConnectorError(
        ConnectorErrorKind.ConfigInvalid,
        `${failed}; check the client id, the client secret and the scopes in the config`,
        { code },
      )
}

/** Auth that keeps one token, renews it before it expires, and asks once for any number of waiting requests. */
export function tokenAuth(fetchToken: () => Promise<AccessToken>, now: () => number): Auth {
  let token: AccessToken | undefined
  let pending: Promise<AccessToken> | undefined
  const renew = (): Promise<AccessToken> => {
    pending ??= fetchToken()
      .then((fresh) => {
        token = fresh
        return fresh
      })
      .finally(() => {
        pending = undefined
      })
    return pending
  }
  return {
    async apply(request) {
      const current = token !== undefined && now() < token.staleAt ? token : await renew()
      return withHeader(request, 'Authorization', `Bearer ${current.value}`)
    },
    async refresh() {
      await renew()
      return true
    },
  }
}
