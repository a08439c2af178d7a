/** What people said about who is who, as they read it: a split is one record, whatever it cut. */
import { selectRows } from '../../warehouse/query.js'
import type { IdentifierName, PeopleContext } from './published.js'

/** A merge, a split, a cut, or the taking back of one. */
export interface ShownRecord {
  readonly id: string
  readonly kind: 'merge' | 'cut' | 'split' | 'undone'
  /** The two of a merge or cut; of a split the one that was cut off, then all that it was cut from. */
  readonly identifiers: readonly IdentifierName[]
  /** The record that this one takes back. */
  readonly undoes?: string
  /** It was taken back since. */
  readonly undone: boolean
  readonly author: string
  readonly note: string
  /** ISO 8601. */
  readonly at: string
}

/** Newest first. @default limit 1000 */
export async function listRecords(
  { warehouse }: PeopleContext,
  limit = 1000,
): Promise<readonly ShownRecord[]> {
  const rows = await selectRows<{
    record: string
    kind: 'merge' | 'cut' | 'undone'
    isSplit: number
    first: [string, string]
    others: [string, string][]
    undoes: string
    taken: number
    who: string
    why: string
    moment: string
  }>(
    await warehouse(),
    `SELECT splitByChar('/', id)[1] AS record, any(kind) AS kind, toUInt8(any(position(id, '/') > 0)) AS isSplit,
       any((type_a, value_a)) AS first, arraySort(groupUniqArray((type_b, value_b))) AS others,
       any(records.undone) AS undoes, any(author) AS who, any(note) AS why,
       toUInt8(record IN (SELECT undone FROM cdp.identity_records WHERE kind = 'undone')) AS taken,
       formatDateTime(max(at), '%FT%T.%fZ') AS moment
     FROM cdp.identity_records AS records GROUP BY record
     ORDER BY max(at) DESC, record LIMIT {limit:UInt32}`,
    { limit },
  )
  return rows.map(({ record, kind, isSplit, first, others, undoes, taken, who, why, moment }) => ({
    id: record,
    kind: isSplit === 1 ? 'split' : kind,
    identifiers: kind === 'undone' ? [] : [first, ...others].map(([type, value]) => ({ type, value })),
    ...(undoes !== '' && { undoes }),
    undone: taken === 1,
    author: who,
    note: why,
    at: moment,
  }))
}
