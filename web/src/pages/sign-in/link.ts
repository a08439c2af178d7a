/** What a sign-in link carries: 256 bits as base64url. */

const CARRIED = /(?:^|[#=])([A-Za-z0-9_-]{43})$/

/** The part of a link that signs in, from the whole link or from that part alone; undefined where there is none. */
export function tokenOf(text: string): string | undefined {
  return CARRIED.exec(text.trim())?.[1]
}
