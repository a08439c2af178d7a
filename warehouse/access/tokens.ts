/** `tributary.tokens`: what programs sign in with, by hash. Rows are never changed; a revoked token stays listed. */
import type { Warehouse } from '../client.js'
import { isoTime, timeValue } from '../iso-time.js'
import { selectRows } from '../query.js'

export interface TokenRow {
  readonly token: string
  readonly event: 'created' | 'revoked'
  readonly name: string
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string
  readonly role: string
  /** Epoch milliseconds; null: it does not expire. */
  readonly expiresAtMs: number | null
  readonly author: string
}

export interface StoredToken {
  readonly token: string
  readonly name: string
  readonly hash: string
  readonly role: string
  readonly author: string
  /** ISO 8601. */
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  /** To about five minutes. */
  readonly lastUsedAt: string | null
}

/** Durable when the promise resolves. */
export async function writeToken(warehouse: Warehouse, row: TokenRow): Promise<void> {
  const { expiresAtMs, ...rest } = row
  await warehouse.insert({
    table: 'tributary.tokens',
    columns: ['token', 'event', 'name', 'hash', 'role', 'expires_at', 'author'],
    values: [{ ...rest, expires_at: expiresAtMs === null ? null : timeValue(expiresAtMs) }],
    format: 'JSONEachRow',
  })
}

/** Every token that there is or was, newest first. */
export async function readTokens(warehouse: Warehouse): Promise<readonly StoredToken[]> {
  return selectRows<StoredToken>(
    warehouse,
    `SELECT token, anyIf(tokens.name, created) AS name, anyIf(tokens.hash, created) AS hash,
       anyIf(tokens.role, created) AS role, anyIf(tokens.author, created) AS author,
       ${isoTime('minIf(at, created)')} AS createdAt,
       ${nullableTime('anyIf(expires_at, created)')} AS expiresAt,
       ${nullableTime("minIf(toNullable(at), event = 'revoked')")} AS revokedAt,
       any(uses.used) AS lastUsedAt
     FROM (SELECT *, event = 'created' AS created FROM tributary.tokens) AS tokens
     LEFT JOIN (SELECT token, toNullable(${isoTime('max(at)')}) AS used FROM tributary.token_uses GROUP BY token) AS uses USING token
     GROUP BY token ORDER BY minIf(at, created) DESC, token`,
  )
}

/** Notes that a token was used just now. Not durable: a lost note says only that it was used a little earlier. */
export async function noteTokenUse(warehouse: Warehouse, token: string): Promise<void> {
  await warehouse.insert({
    table: 'tributary.token_uses',
    columns: ['token'],
    values: [{ token }],
    format: 'JSONEachRow',
  })
}

/** {@link isoTime} of a time that may be null. */
function nullableTime(time: string): string {
  return `if(isNull(${time}), NULL, ${isoTime(time)})`
}
