/**
 * Sessions are signed cookies: who, since which epoch, until when, and until when without use. Nothing is kept of those that go
 * on, so that a server that was started again, or another one, takes them too; signing out ends one, the epoch of the member ends all.
 */
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { MemberState } from '../../operations/members/members.js'

/** How long a session lasts, milliseconds. */
export const SESSION_MS = 12 * 3_600_000
/** How long it lasts while nobody uses it, milliseconds. */
export const IDLE_MS = 3_600_000

export interface SessionClaims {
  /** Names the session where nobody should learn its cookie; the same however often it is renewed. */
  readonly id: string
  readonly member: string
  readonly epoch: number
  /** Epoch milliseconds. */
  readonly expiresAtMs: number
  /** Epoch milliseconds from which it is over unless somebody used it until then. */
  readonly idleAtMs: number
}

export interface Sessions {
  /** How long a session lasts without use, milliseconds; undefined: as long as any. */
  readonly idleMs: number | undefined
  /** What the cookie is called: servers of other workspaces on this host have another one. */
  readonly cookieName: string
  /** The value of a new session's cookie. */
  issue(member: Pick<MemberState, 'id' | 'epoch'>, nowMs?: number): string
  /** The cookie of the same session, which was used now; undefined where it is over. */
  renew(cookie: string, nowMs?: number): string | undefined
  /** What the cookie says, where it is genuine and not too old. Whether it is idle, the reader decides. */
  read(cookie: string, nowMs?: number): SessionClaims | undefined
  /** What requests that change something must bear in a header: other sites cannot know it. It outlives renewals. */
  csrfToken(cookie: string): string
  /** True for the token of this session. */
  isCsrfToken(cookie: string, token: string): boolean
}

type Payload = readonly [member: string, epoch: number, expiresAtMs: number, name: string, idleAtMs: number]

/**
 * @param key at least 32 bytes that only servers of this workspace know
 * @param options.idleMs 0: sessions end by their age alone @default {@link IDLE_MS}
 */
export function createSessions(key: string, options: { readonly idleMs?: number } = {}): Sessions {
  // A key for each use: what is learned of one says nothing of the other.
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', key, '', `tributary ${use}`, 32))
  const sessionKey = derive('session')
  const csrfKey = derive('csrf')
  const { idleMs = IDLE_MS } = options
  const sign = (payload: Payload): string => {
    const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
    return `${text}.${mac(sessionKey, text)}`
  }
  /** What we signed has the shape that we gave it. */
  const open = (cookie: string): Payload | undefined => {
    const [text = '', signature = '', ...more] = cookie.split('.')
    if (more.length > 0 || !isEqual(signature, mac(sessionKey, text))) return undefined
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Payload
  }
  const idleAt = (nowMs: number, expiresAtMs: number) => (idleMs > 0 ? nowMs + idleMs : expiresAtMs)
  const csrfToken = (cookie: string) => mac(csrfKey, open(cookie)?.[3] ?? '')
  return {
    idleMs: idleMs > 0 ? idleMs : undefined,
    cookieName: `tributary_session_${derive('cookie').toString('hex').slice(0, 8)}`,
    issue({ id, epoch }, nowMs = Date.now()) {
      const expiresAtMs = nowMs + SESSION_MS
      // Two browsers of one member have sessions of their own, also where they came in at the same moment.
      const name = randomBytes(16).toString('base64url')
      return sign([id, epoch, expiresAtMs, name, idleAt(nowMs, expiresAtMs)])
    },
    renew(cookie, nowMs = Date.now()) {
      const [member, epoch, expiresAtMs, name, idleAtMs] = open(cookie) ?? []
      if (member === undefined || !(expiresAtMs! > nowMs && idleAtMs! > nowMs)) return undefined
      return sign([member, epoch!, expiresAtMs!, name!, idleAt(nowMs, expiresAtMs!)])
    },
    read(cookie, nowMs = Date.now()) {
      const [member, epoch, expiresAtMs, name, idleAtMs] = open(cookie) ?? []
      if (member === undefined || !(expiresAtMs! > nowMs)) return undefined
      const id = createHash('sha256').update(name!).digest('hex')
      return { id, member, epoch: epoch!, expiresAtMs: expiresAtMs!, idleAtMs: idleAtMs! }
    },
    csrfToken,
    isCsrfToken: (cookie, token) => open(cookie) !== undefined && isEqual(token, csrfToken(cookie)),
  }
}

function mac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
