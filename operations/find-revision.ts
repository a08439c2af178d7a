/** Finds a published revision by the beginning of its hash, as people copy it from a list. */
import type { Warehouse } from '../warehouse/client.js'
import { selectRows } from '../warehouse/query.js'

/** Fewer digits may name the wrong one some day. */
const MIN_DIGITS = 7

/** No published revision begins so. */
export class RevisionUnknown extends Error {
  override readonly name = 'RevisionUnknown'
}

/** Several published revisions begin so. */
export class RevisionAmbiguous extends Error {
  override readonly name = 'RevisionAmbiguous'
}

/**
 * The whole hash of the one published revision that begins with these digits, at least seven.
 * @throws RevisionUnknown, RevisionAmbiguous
 */
export async function findRevision(warehouse: Warehouse, prefix: string): Promise<string> {
  const digits = prefix.toLowerCase()
  if (!/^[0-9a-f]{1,64}$/.test(digits) || digits.length < MIN_DIGITS) {
    throw new RevisionUnknown(
      `finding revision ${prefix}: it is no hash of a revision; give at least its first ${MIN_DIGITS} digits`,
    )
  }
  const found = await selectRows<{ revision: string; newest: string }>(
    warehouse,
    `SELECT revision, max(number) AS newest FROM tributary.revisions
     WHERE number > 0 AND startsWith(revision, {digits:String}) GROUP BY revision ORDER BY newest LIMIT 3`,
    { digits },
  )
  const [only, ...others] = found
  if (only === undefined)
    throw new RevisionUnknown(`finding revision ${prefix}: it was never published; check the hash`)
  if (others.length === 0) return only.revision
  const named = found.map(({ revision, newest }) => `${revision.slice(0, prefix.length + 4)} (${newest})`)
  throw new RevisionAmbiguous(
    `finding revision ${prefix}: several begin so, ${named.join(', ')}; give more digits`,
  )
}
