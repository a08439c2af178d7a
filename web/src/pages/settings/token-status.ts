/** Whether a token is good. */

/** A status that the badge knows. */
export function tokenStatus(
  token: { readonly expiresAt: string | null; readonly revokedAt: string | null },
  now: Date,
): 'active' | 'revoked' | 'expired' {
  if (token.revokedAt !== null) return 'revoked'
  return token.expiresAt !== null && new Date(token.expiresAt) <= now ? 'expired' : 'active'
}
