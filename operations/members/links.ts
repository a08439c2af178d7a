/** One-time links: made for a member, shown once, good for one sign-in and a short time. Only their hashes are kept. */
import { createHash, randomBytes } from 'node:crypto'
import { openLinks, readLink, writeLink } from '../../warehouse/access/links.js'
import type { OperationContext } from '../context.js'

type LinksContext = Pick<OperationContext, 'warehouse'>

export interface OneTimeLink {
  /** What the address carries; nobody can read it from what is kept. */
  readonly token: string
  /** ISO 8601. */
  readonly expiresAt: string
}

/** The link does not exist, is too old, was used or was taken back: which of them is nobody's business. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused'
}

/** How long somebody who was invited has time, milliseconds. */
export const INVITATION_MS = 3 * 86_400_000
/** How long a link is good that somebody asked for to use it at once, milliseconds. */
export const SIGN_IN_MS = 15 * 60_000

/** Behind the address of the server. What follows # stays in the browser: no server and no proxy logs it. */
export function signInPath(token: string): string {
  return `/sign-in#${token}`
}

/** 256 bits, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

export async function makeLink(
  { warehouse }: LinksContext,
  { member, validMs, by }: { readonly member: string; readonly validMs: number; readonly by: string },
): Promise<OneTimeLink> {
  const token = randomBytes(32).toString('base64url')
  const expiresAtMs = Date.now() + validMs
  await writeLink(await warehouse(), {
    link: hashOf(token),
    event: 'made',
    member,
    expiresAtMs,
    claim: '',
    author: by,
  })
  return { token, expiresAt: new Date(expiresAtMs).toISOString() }
}

/**
 * Uses a link up, and says whose it is.
 * Of uses at the same moment none may count, so that at no time two do.
 * @throws LinkRefused
 */
export async function claimLink({ warehouse }: LinksContext, token: string): Promise<string> {
  const refused = new LinkRefused(
    'signing in: this link is too old or was used already; ask for a new one, or make one with tributary login-link',
  )
  if (!TOKEN.test(token)) throw refused
  const connection = await warehouse()
  const link = hashOf(token)
  const before = await readLink(connection, link)
  if (!before || before.revoked || before.claims.length > 0 || before.expiresAtMs <= Date.now()) throw refused
  const claim = randomBytes(16).toString('hex')
  const { member, expiresAtMs } = before
  await writeLink(connection, { link, event: 'used', member, expiresAtMs, claim, author: member })
  const after = await readLink(connection, link)
  if (!after || after.revoked || after.claims.some((other) => other !== claim)) throw refused
  return member
}

/** Takes back every link of a member that was not used yet. */
export async function revokeLinks({ warehouse }: LinksContext, member: string, by: string): Promise<void> {
  const connection = await warehouse()
  for (const link of await openLinks(connection, member)) {
    await writeLink(connection, {
      link,
      event: 'revoked',
      member,
      expiresAtMs: Date.now(),
      claim: '',
      author: by,
    })
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
