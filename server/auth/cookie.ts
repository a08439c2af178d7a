/** The session's cookie: no script reads it, no other site sends it. */

/**
 * Over https the browser takes a cookie of this prefix from this very host only, so that no neighbour under the same domain
 * can put one of theirs in its place (https://www.rfc-editor.org/rfc/rfc6265bis, 4.1.3.2).
 * @param name as sessions have it
 */
export function sessionCookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name
}

interface CookiePlace {
  /** With its prefix. */
  readonly name: string
  /** The page is reached over https. */
  readonly secure: boolean
}

/** A `set-cookie` header; a session of no length makes the browser forget it. Sessions consist of characters that need no escape. */
export function sessionCookie(session: string, seconds: number, { name, secure }: CookiePlace): string {
  const flags = `Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Strict`
  return `${name}=${session}; ${flags}${secure ? '; Secure' : ''}`
}
