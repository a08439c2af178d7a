/** `tributary.links`: one-time links, by their hash. A link counts once: whoever sees that another used it too does not. */
import type { Warehouse } from '../client.js'
import { timeValue } from '../iso-time.js'
import { selectRow, selectRows } from '../query.js'

export interface LinkRow {
  /** SHA-256 of the link's secret, hexadecimal. */
  readonly link: string
  readonly event: 'made' | 'used' | 'revoked'
  readonly member: string
  /** Epoch milliseconds. */
  readonly expiresAtMs: number
  readonly claim: string
  readonly author: string
}

/** Durable when the promise resolves. */
export async function writeLink(warehouse: Warehouse, row: LinkRow): Promise<void> {
  const { link, event, member, expiresAtMs, claim, author } = row
  await warehouse.insert({
    table: 'tributary.links',
    columns: ['link', 'event', 'member', 'expires_at', 'claim', 'author'],
    values: [{ link, event, member, expires_at: timeValue(expiresAtMs), claim, author }],
    format: 'JSONEachRow',
  })
}

export interface StoredLink {
  readonly member: string
  readonly expiresAtMs: number
  readonly revoked: boolean
  /** Claims of those who used it. */
  readonly claims: readonly string[]
}

/** What is known of a link; undefined for one that nobody made. */
export async function readLink(warehouse: Warehouse, link: string): Promise<StoredLink | undefined> {
  const row = await selectRow<{ member: string; expires: string; revoked: number; claims: string[] }>(
    warehouse,
    `SELECT anyIf(links.member, event = 'made') AS member, toUnixTimestamp64Milli(anyIf(expires_at, event = 'made')) AS expires,
       max(event = 'revoked') AS revoked, groupArrayIf(claim, event = 'used') AS claims
     FROM tributary.links AS links WHERE link = {link:String} GROUP BY link HAVING countIf(event = 'made') > 0`,
    { link },
  )
  if (row === undefined) return undefined
  const { member, expires, revoked, claims } = row
  return { member, expiresAtMs: Number(expires), revoked: revoked === 1, claims }
}

/** Hashes of a member's links that could still be used. */
export async function openLinks(warehouse: Warehouse, member: string): Promise<readonly string[]> {
  const rows = await selectRows<{ link: string }>(
    warehouse,
    `SELECT link FROM tributary.links WHERE member = {member:String}
     GROUP BY link HAVING countIf(event != 'made') = 0 AND max(expires_at) > now64(3) ORDER BY link`,
    { member },
  )
  return rows.map(({ link }) => link)
}
