/** Which rows at the newest cursor value were read, kept so small that it fits in a checkpoint. */
import { identifier, qualified } from '@tributary/postgres'
import { type Cursor, newSince } from './cursor.js'
import type { Reading } from './reading.js'

/** A state must stay under 8 KB. */
const MAX_BYTES = 6000

/** SQL that tells a row from all others: its version where the relation has them, else a hash of its key; undefined without. */
export function rowIdentity({ relation, context }: Reading): string | undefined {
  if (relation.hasVersions) {
    const table = relation.kind === 'p' ? `t.tableoid::text || ` : ''
    return `${table}t.ctid::text || t.xmin::text`
  }
  if (context.primaryKey.length === 0) return undefined
  const key = context.primaryKey.map((name) => `t.${identifier(name)}`)
  return `left(md5(row(${key.join(', ')})::text), 16)`
}

/**
 * Identities of the rows at this value that a later read could take for new: only what transactions wrote that had not all
 * ended. Undefined when they cannot be told or are too many.
 */
export async function seenAt(
  reading: Reading,
  cursor: Cursor,
  value: string,
  snapshot: string | undefined,
): Promise<readonly string[] | undefined> {
  const identity = rowIdentity(reading)
  if (identity === undefined) return undefined
  const { relation, leader } = reading
  const rows = await leader.query(
    'noting the newest rows',
    `select ${identity} from ${qualified(relation)} t
    where ${cursor.column} = ${cursor.value(value)} and ${await newSince(reading, snapshot)} limit 1001`,
  )
  const seen = rows.map(([id]) => id!)
  return JSON.stringify(seen).length <= MAX_BYTES && seen.length <= 1000 ? seen : undefined
}
