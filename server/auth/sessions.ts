/**
 * Sessions are signed cookies: who, since which epoch, until when. Nothing is kept of those that go on, so that a server that
 * was started again, or another one, takes them too; signing out ends one, the epoch of the member ends all.
 */
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { MemberState } from '../../operations/members/members.js'

/** How long a session lasts, milliseconds. */
export const SESSION_MS = 12 * 3_600_000

export interface SessionClaims {
  /** SHA-256 of the cookie: names the session where nobody should learn the cookie. */
  readonly id: string
  readonly member: string
  readonly epoch: number
  /** Epoch milliseconds. */
  readonly expiresAtMs: number
}

export interface Sessions {
  /** The value of a new session's cookie. */
  issue(member: Pick<MemberState, 'id' | 'epoch'>, nowMs?: number): string
  /** What the cookie says, where it is genuine and not too old. */
  read(cookie: string, nowMs?: number): SessionClaims | undefined
  /** What requests that change something must bear in a header: other sites cannot know it. */
  csrfToken(cookie: string): string
  /** True for the token of this session. */
  isCsrfToken(cookie: string, token: string): boolean
}

/** @param key at least 32 bytes that only servers of this workspace know */
export function createSessions(key: string): Sessions {
  // A key for each use: what is learned of one says nothing of the other.
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `tributary ${use}`, 32))
  const sessionKey = derive('session')
  const csrfKey = derive('csrf')
  const sessions: Sessions = {
    issue({ id, epoch }, nowMs = Date.now()) {
      // Two browsers of one member have sessions of their own, also where they came in at the same moment.
      const claims = [id, epoch, nowMs + SESSION_MS, randomBytes(9).toString('base64url')]
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
      return `${payload}.${mac(sessionKey, payload)}`
    },
    read(cookie, nowMs = Date.now()) {
      const [payload = '', signature = '', ...more] = cookie.split('.')
      if (more.length > 0 || !isEqual(signature, mac(sessionKey, payload))) return undefined
      // Signed by us: it has the shape that we gave it.
      const [member, epoch, expiresAtMs] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [
        string,
        number,
        number,
      ]
      const id = createHash('sha256').update(cookie).digest('hex')
      return expiresAtMs > nowMs ? { id, member, epoch, expiresAtMs } : undefined
    },
    csrfToken: (cookie) => mac(csrfKey, cookie),
    isCsrfToken: (cookie, token) => isEqual(token, mac(csrfKey, cookie)),
  }
  return sessions
}

function mac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
