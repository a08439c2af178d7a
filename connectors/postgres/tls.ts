/** libpq's sslmode words as the driver's TLS options. */
import type pg from 'pg'

/** `ssl` of a connector's config; certificates and key in PEM. */
export interface SslConfig {
  readonly mode?: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/**
 * `require` with a CA verifies it, as libpq does. `prefer` is encrypted without verification; falling back to none is the
 * caller's.
 */
export function tlsOptions(ssl: SslConfig | undefined): NonNullable<pg.ClientConfig['ssl']> {
  const mode = ssl?.mode ?? 'prefer'
  if (mode === 'disable') return false
  const verify =
    mode === 'verify-full' || mode === 'verify-ca' || (mode === 'require' && ssl?.ca !== undefined)
  return {
    rejectUnauthorized: verify,
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ssl?.ca !== undefined && { ca: ssl.ca }),
    ...(ssl?.cert !== undefined && { cert: ssl.cert }),
    ...(ssl?.key !== undefined && { key: ssl.key }),
  }
}
