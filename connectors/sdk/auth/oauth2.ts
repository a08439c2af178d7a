/** OAuth 2.0 grants that need no person: client credentials, and refresh tokens that rotate. */
import { createHash } from 'node:crypto'
import type { SecretStore } from '../contract.js'
import { isConnectorError } from '../errors.js'
import type { Auth } from './auth.js'
import { type AccessToken, requestToken, type TokenEndpoint, tokenAuth } from './token.js'

/** A token for the client itself (RFC 6749 4.4). */
export function oauth2ClientCredentials(endpoint: TokenEndpoint & { readonly clientSecret: string }): Auth {
  return tokenAuth(
    () => requestToken(endpoint, { grant_type: 'client_credentials' }),
    endpoint.now ?? Date.now,
  )
}

export interface RefreshOptions extends TokenEndpoint {
  /** The refresh token of the config, from which rotation starts. */
  readonly refreshToken: string
  readonly secrets: SecretStore
  /** Under which key the rotated token is kept. @default 'refresh_token' */
  readonly secretKey?: string
}

/**
 * Tokens from a refresh token (RFC 6749 6). A rotated refresh token is kept durably before the access token that came
 * with it is used: a crash in between loses nothing. One renewal at a time for one credential in this process; a
 * renewal that another process won is noticed and repeated with what that process kept. A new refresh token in the
 * config (somebody authorized again) wins over the kept one.
 */
export function oauth2Refresh(options: RefreshOptions): Auth {
  return tokenAuth(() => singleFlight(options), options.now ?? Date.now)
}

/** Renewals under way in this process: two slices of a source must not rotate each other out. */
const underWay = new Map<string, Promise<AccessToken>>()

function singleFlight(options: RefreshOptions): Promise<AccessToken> {
  const key = [options.tokenUrl, options.clientId, originOf(options.refreshToken)].join('\n')
  const current = underWay.get(key)
  if (current) return current
  const renewal = renew(options).finally(() => underWay.delete(key))
  underWay.set(key, renewal)
  return renewal
}

async function renew(options: RefreshOptions): Promise<AccessToken> {
  const used = await keptToken(options)
  try {
    return await exchange(options, used)
  } catch (error) {
    const kept = await keptToken(options)
    if (kept !== used && isConnectorError(error) && error.kind === 'AuthExpired') {
      return exchange(options, kept)
    }
    throw error
  }
}

async function exchange(options: RefreshOptions, refreshToken: string): Promise<AccessToken> {
  const token = await requestToken(options, { grant_type: 'refresh_token', refresh_token: refreshToken })
  if (token.refreshToken !== undefined && token.refreshToken !== refreshToken) {
    const kept = JSON.stringify({ origin: originOf(options.refreshToken), token: token.refreshToken })
    await options.secrets.update(options.secretKey ?? 'refresh_token', kept)
  }
  return token
}

/** The newest refresh token of the chain that the config's token began. */
async function keptToken(options: RefreshOptions): Promise<string> {
  const text = await options.secrets.get(options.secretKey ?? 'refresh_token')
  if (text === undefined) return options.refreshToken
  try {
    const kept = JSON.parse(text) as { origin?: unknown; token?: unknown }
    return kept.origin === originOf(options.refreshToken) && typeof kept.token === 'string'
      ? kept.token
      : options.refreshToken
  } catch {
    return options.refreshToken
  }
}

function originOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex').slice(0, 16)
}
