/** The session's cookie: no script reads it, no other site sends it. */
import { SESSION_COOKIE } from './identity.js'
import { SESSION_MS } from './sessions.js'

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
  return `${SESSION_COOKIE}=${value}; ${flags}${secure ? '; Secure' : ''}`
}
