/** What a sign-in link carries, 256 bits as base64url, and where it leads. */

const CARRIED = /(?:^|[#=])([A-Za-z0-9_-]{43})$/

/** The part of a link that signs in, from the whole link or from that part alone; undefined where there is none. */
export function tokenOf(text: string): string | undefined {
  return CARRIED.exec(text.trim())?.[1]
}

/** Where somebody goes after signing in: the page they asked for, and never to another site (`//elsewhere.example`). */
export function pageOf(asked: unknown): string {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) ? asked : '/'
}
