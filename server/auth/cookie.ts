/** The session's cookie: no script reads it, no other site sends it. */
import { SESSION_MS } from './sessions.js'

const NAME = 'tributary_session'

/**
 * Over https the browser takes a cookie of this prefix from this very host only, so that no neighbour under the same domain
 * can put one of theirs in its place (https://www.rfc-editor.org/rfc/rfc6265bis, 4.1.3.2).
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? `__Host-${NAME}` : NAME
}

/** A `set-cookie` header. @param secure the page is reached over https */
export function sessionCookie(session: string, secure: boolean): string {
  return cookie(session, SESSION_MS / 1000, secure)
}

/** The header that makes the browser forget the session. */
export function clearedCookie(secure: boolean): string {
  return cookie('', 0, secure)
}

/** Sessions consist of characters that need no escape. */
function cookie(value: string, maxAgeSeconds: number, secure: boolean): string {
  const flags = `Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Strict`
  return `${sessionCookieName(secure)}=${value}; ${flags}${secure ? '; Secure' : ''}`
}
