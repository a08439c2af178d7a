/** `tributary tokens`: what programs use the API with. A token is shown once; its hash is kept. */
import { createHash, randomBytes } from 'node:crypto'
import { nearestName } from '@tributary/schemas'
import { noteTokenUse, readTokens, type StoredToken, writeToken } from '../../warehouse/access/tokens.js'
import { recordAudit } from '../../warehouse/audit.js'
import type { OperationContext } from '../context.js'
import type { Role } from './roles.js'

type TokensContext = Pick<OperationContext, 'warehouse'>

/** A token as the list shows it. */
export interface ListedToken {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** Who made it. */
  readonly author: string
  /** ISO 8601. */
  readonly createdAt: string
  /** Null: it does not expire. */
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  /** To about five minutes; null: never. */
  readonly lastUsedAt: string | null
}

export interface CreatedToken {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly expiresAt: string | null
  /** Shown only now. */
  readonly token: string
}

/** A token that may be used. */
export interface ActiveToken {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly hash: string
  /** Epoch milliseconds. */
  readonly expiresAtMs: number | null
}

/** There is no such token. */
export class TokenUnknown extends Error {
  override readonly name = 'TokenUnknown'
}

/** The name is taken, or no name. */
export class TokenInvalid extends Error {
  override readonly name = 'TokenInvalid'
}

/** Also those that expired or were revoked; newest first. */
export async function listTokens({ warehouse }: TokensContext): Promise<readonly ListedToken[]> {
  const tokens = await readTokens(await warehouse())
  return tokens.map(({ token, hash: _hash, role, ...rest }) => ({ id: token, ...rest, role: role as Role }))
}

/** @param validMs how long it is good for; null: for ever @throws TokenInvalid */
export async function createToken(
  { warehouse }: TokensContext,
  options: {
    readonly name: string
    readonly role: Role
    readonly validMs: number | null
    readonly by: string
  },
): Promise<CreatedToken> {
  const { name, role, validMs, by } = options
  const connection = await warehouse()
  if (!/^[^\p{Cc}]{1,100}$/u.test(name))
    throw new TokenInvalid('creating a token: this is no name; write 1 to 100 characters')
  const active = (await readTokens(connection)).filter(isActive)
  if (active.some((token) => token.name === name))
    throw new TokenInvalid(
      `creating the token ${name}: there is one of this name; revoke it, or choose another`,
    )
  const id = `t_${randomBytes(9).toString('base64url')}`
  const secret = `trb_${randomBytes(32).toString('base64url')}`
  const expiresAtMs = validMs === null ? null : Date.now() + validMs
  const row = { token: id, name, hash: tokenHash(secret), role, expiresAtMs, author: by }
  await writeToken(connection, { ...row, event: 'created' })
  const until = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString()
  await recordAudit(connection, {
    actor: by,
    action: 'tokens create',
    subject: name,
    detail: until === null ? `as ${role}` : `as ${role} until ${until}`,
  })
  return { id, name, role, expiresAt: until, token: secret }
}

/** It is refused from now on. Idempotent. @param named id, or name @throws TokenUnknown */
export async function revokeToken(
  { warehouse }: TokensContext,
  named: string,
  { by }: { readonly by: string },
): Promise<{ readonly id: string; readonly name: string; readonly changed: boolean }> {
  const connection = await warehouse()
  const tokens = await readTokens(connection)
  const found =
    tokens.find((token) => token.token === named) ??
    tokens.find((token) => token.name === named && isActive(token)) ??
    tokens.find((token) => token.name === named)
  if (found === undefined) {
    const meant = nearestName(
      named,
      tokens.map(({ name }) => name),
    )
    throw new TokenUnknown(
      `revoking the token ${named}: there is none like it; ${meant ? `did you mean ${meant}?` : 'see tributary tokens list'}`,
    )
  }
  const { token: id, name, hash, role } = found
  if (found.revokedAt !== null) return { id, name, changed: false }
  await writeToken(connection, {
    token: id,
    event: 'revoked',
    name,
    hash,
    role,
    expiresAtMs: null,
    author: by,
  })
  await recordAudit(connection, { actor: by, action: 'tokens revoke', subject: name, detail: '' })
  return { id, name, changed: true }
}

/** Those that are neither expired nor revoked. */
export async function activeTokens({ warehouse }: TokensContext): Promise<readonly ActiveToken[]> {
  const tokens = await readTokens(await warehouse())
  return tokens.filter(isActive).map(({ token, name, role, hash, expiresAt }) => ({
    id: token,
    name,
    role: role as Role,
    hash,
    expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt),
  }))
}

/** Notes that a token is in use. */
export async function noteUse({ warehouse }: TokensContext, id: string): Promise<void> {
  await noteTokenUse(await warehouse(), id)
}

/** SHA-256: a token has 256 random bits, which no slow hash would make harder to guess. */
export function tokenHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function isActive({ revokedAt, expiresAt }: StoredToken): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now())
}
