/** Who sends a request: a member by the session's cookie, or a program by its token. */
import type { FastifyRequest } from 'fastify'
import type { Member, MemberState } from '../../operations/members/members.js'
import { hasRole, type Role } from '../../operations/members/roles.js'
import type { ActiveToken } from '../../operations/members/tokens.js'
import { AccessDenied, CsrfRefused, SessionIdle, SignInNeeded } from '../errors.js'
import type { Sessions } from './sessions.js'

const CSRF_HEADER = 'x-csrf-token'

/** Those who may come in, as they are now. */
export interface Directory {
  member(id: string): Promise<MemberState | undefined>
  /** The token of which this is the secret, unless it expired or was revoked. */
  token(secret: string): Promise<ActiveToken | undefined>
  /** Whether somebody signed out of this session. @param session its id */
  isOver(session: string): Promise<boolean>
  /** Forgets what was read: the next question is answered from the warehouse. */
  refresh(): void
}

export interface Identity {
  readonly member: Member
  readonly role: Role
  /** The cookie; absent for programs. */
  readonly session?: string
}

/** Who is not signed in may only do what anyone may. */
const NOBODY: Identity = { member: { id: '', name: 'nobody', role: 'viewer' }, role: 'viewer' }

/** Before signing in there is no token to check: the browser says which site asks. @throws CsrfRefused */
export function anyone(request: FastifyRequest): Identity {
  assertOwnPage(request)
  return NOBODY
}

export interface IdentifyBy {
  readonly sessions: Sessions
  readonly directory: Directory
  readonly cookieName: string
}

/**
 * @param options.evenIdle also where nobody used the session for long: a file on its way is let through @default false
 * @throws SignInNeeded, SessionIdle, CsrfRefused
 */
export async function identify(
  request: FastifyRequest,
  { sessions, directory, cookieName }: IdentifyBy,
  { evenIdle = false }: { readonly evenIdle?: boolean } = {},
): Promise<Identity> {
  const { authorization } = request.headers
  if (authorization !== undefined) return identifyProgram(authorization, directory)
  const cookie = request.cookies[cookieName]
  const claims = cookie === undefined ? undefined : sessions.read(cookie)
  const state = claims && (await directory.member(claims.member))
  if (cookie === undefined || !state || state.epoch !== claims.epoch || (await directory.isOver(claims.id)))
    throw new SignInNeeded()
  if (!evenIdle && claims.idleAtMs <= Date.now()) throw new SessionIdle()
  assertOwnPage(request)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const token = request.headers[CSRF_HEADER]
    if (typeof token !== 'string' || !sessions.isCsrfToken(cookie, token)) throw new CsrfRefused()
  }
  const { id, name, role } = state
  return { member: { id, name, role }, role, session: cookie }
}

/** Pages of other servers on this machine are of the same site: the browser sends them the cookie along, and says so. */
function assertOwnPage({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new CsrfRefused()
}

async function identifyProgram(authorization: string, directory: Directory): Promise<Identity> {
  const secret = /^Bearer (trb_[A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1]
  const token = secret === undefined ? undefined : await directory.token(secret)
  if (token === undefined) throw new SignInNeeded()
  const { id, name, role } = token
  return { member: { id, name: `token ${name}`, role }, role }
}

/** @throws AccessDenied */
export function assertRole(role: Role, least: Role): void {
  if (!hasRole(role, least)) throw new AccessDenied(role, least)
}
