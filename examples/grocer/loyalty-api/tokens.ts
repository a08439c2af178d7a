/** OAuth 2.0 client credentials (RFC 6749 4.4): one client, opaque bearer tokens that expire. */
import { randomBytes, timingSafeEqual } from 'node:crypto'

export class Tokens {
  issued = 0
  readonly #lifetimeMs: number
  readonly #expiries = new Map<string, number>()

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs
  }

  /** A token and its life in seconds. */
  issue(): { readonly access_token: string; readonly token_type: 'Bearer'; readonly expires_in: number } {
    const token = randomBytes(24).toString('base64url')
    this.#expiries.set(token, Date.now() + this.#lifetimeMs)
    this.issued += 1
    return { access_token: token, token_type: 'Bearer', expires_in: Math.ceil(this.#lifetimeMs / 1000) }
  }

  accepts(authorization: string | undefined): boolean {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? ''
    return (this.#expiries.get(token) ?? 0) > Date.now()
  }

  /** No token that was issued works any more. */
  expireAll(): void {
    this.#expiries.clear()
  }
}

/** The client's id and secret of a token request: in the form, or as HTTP Basic. */
export function clientOf(
  authorization: string | undefined,
  form: URLSearchParams,
): { readonly id: string; readonly secret: string } {
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1]
  if (basic === undefined) {
    return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  }
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret) }
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
