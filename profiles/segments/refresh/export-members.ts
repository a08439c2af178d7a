/** Gives every member of a segment with identifiers and traits, a few thousand at a time, however many there are. */
import type { Warehouse } from '../../../warehouse/client.js'
import { selectRows } from '../../../warehouse/query.js'
import { type FactsSnapshot, readSnapshot } from '../../facts/snapshot.js'
import { IS_CURRENT_VALUE, profileOf } from '../../people/dictionaries.js'
import { SHOWN_COLUMNS, type ShownColumns, type ShownValue, shownValue } from '../../people/shown-value.js'
import { publishedAt } from './published.js'

export interface ExportedMember {
  readonly profile: string
  /** Values by type, sorted. */
  readonly identifiers: Readonly<Record<string, readonly string[]>>
  /** Texts, numbers, booleans, lists of texts; times as ISO 8601. */
  readonly traits: Readonly<Record<string, ShownValue>>
}

export interface ExportOptions {
  /** Traits to give. @default all */
  readonly traits?: readonly string[]
  /** Members that one query reads. @default 10000 */
  readonly pageSize?: number
  readonly signal?: AbortSignal
}

/**
 * Members of the version that is the newest at the beginning, by the number in their ids; identifiers and traits as they are when
 * a page is read.
 * @throws where the segment was never evaluated
 */
export async function* exportMembers(
  warehouse: Warehouse,
  segment: string,
  { traits, pageSize = 10_000, signal }: ExportOptions = {},
): AsyncGenerator<ExportedMember> {
  const published = await publishedAt(warehouse, segment)
  if (published === undefined) {
    throw new Error(`exporting segment ${segment}: it was not evaluated yet; run a refresh first`)
  }
  let from = 0
  while (true) {
    const page = await selectRows<{ profiles: number[] }>(
      warehouse,
      `SELECT arraySort(bitmapToArray(bitmapSubsetLimit(members, {from:UInt32}, {limit:UInt32}))) AS profiles
       FROM ${published.members}`,
      { from, limit: pageSize },
      signal,
    )
    const { profiles } = page[0]!
    yield* await readMembers(warehouse, profiles, traits, signal)
    if (profiles.length < pageSize) return
    from = profiles.at(-1)! + 1
  }
}

/** Identifiers and traits of some profiles, in their order. @param snapshot where it is known already */
export async function readMembers(
  warehouse: Warehouse,
  profiles: readonly number[],
  traits: readonly string[] | undefined,
  signal: AbortSignal | undefined,
  snapshot?: FactsSnapshot,
): Promise<ExportedMember[]> {
  if (profiles.length === 0) return []
  const { loads } = snapshot ?? (await readSnapshot(warehouse))
  const ids = profiles.join(', ')
  const [nodes, values] = await Promise.all([
    selectRows<{ profile: number; type: string; values: string[] }>(
      warehouse,
      `SELECT ${profileOf('node')} AS profile, type, arraySort(groupUniqArray(value)) AS values
       FROM cdp.nodes__rows WHERE ${loads} AND profile IN (${ids})
       GROUP BY profile, type ORDER BY profile, type`,
      {},
      signal,
    ),
    selectRows<ShownColumns & { profile: number; trait: string }>(
      warehouse,
      `SELECT profile, trait, ${SHOWN_COLUMNS} FROM cdp.trait_values__rows
       WHERE ${IS_CURRENT_VALUE} AND profile IN (${ids})
         ${traits === undefined ? '' : 'AND trait IN {traits:Array(String)}'} ORDER BY profile, trait`,
      { traits },
      signal,
    ),
  ])
  const members = new Map(
    profiles.map((profile) => [
      profile,
      { identifiers: {} as Record<string, string[]>, traits: {} as Record<string, ShownValue> },
    ]),
  )
  for (const { profile, type, values: of } of nodes) members.get(profile)!.identifiers[type] = of
  for (const value of values) members.get(value.profile)!.traits[value.trait] = shownValue(value)
  return [...members].map(([profile, member]) => ({ profile: `p${profile}`, ...member }))
}
