/** Gathers the events of the dirty, of each name with the columns that some condition reads and no others. */
import { quoteString } from '../../../warehouse/types/identifiers.js'
import type { FactsSnapshot } from '../../facts/snapshot.js'
import { type ProfileOf, profileOf as published } from '../../people/dictionaries.js'
import { ORDER_COLUMN } from '../compile/event-order.js'
import type { CompiledLeaf } from '../compile/types.js'
import type { Scratch } from './scratch.js'

/** Events of which the same columns are read. */
interface Group {
  readonly names: string[]
  readonly columns: readonly string[]
}

/** How many groups one statement reads: each takes memory of its own. */
const AT_ONCE = 10

/**
 * Makes the scratch table `events` where a condition reads any. Needs `nodes`.
 * @param profileOf who is who. @default as it is published
 */
export async function gatherEvents(
  scratch: Scratch,
  { facts }: FactsSnapshot,
  leaves: readonly CompiledLeaf[],
  profileOf: ProfileOf = published,
): Promise<void> {
  const groups = groupsOf(leaves)
  if (groups.length === 0) return
  const events = scratch.table('events')
  const all = [...new Set(groups.flatMap(({ columns }) => columns))]
  await scratch.run(
    `CREATE TABLE ${events} ENGINE = MergeTree ORDER BY (event, profile, ts) AS
     SELECT ${['event', 'node AS profile', 'ts', ...all].join(', ')} FROM cdp.events__rows LIMIT 0`,
  )
  const selects = groups.map(({ names, columns }) => {
    const read = all.map((column) =>
      columns.includes(column) ? column : `${nothingIn(column)} AS ${column}`,
    )
    return `SELECT ${['event', `${profileOf('node')} AS profile`, 'ts', ...read].join(', ')} FROM cdp.events__rows
      PREWHERE event IN (${names.map(quoteString).join(', ')}) AND node IN (SELECT node FROM ${scratch.table('nodes')})
      WHERE ${facts}`
  })
  for (let from = 0; from < selects.length; from += AT_ONCE) {
    await scratch.run(`INSERT INTO ${events} ${selects.slice(from, from + AT_ONCE).join(' UNION ALL ')}`)
  }
}

function groupsOf(leaves: readonly CompiledLeaf[]): readonly Group[] {
  const byName = new Map<string, Set<string>>()
  for (const { reads, columns } of leaves) {
    for (const name of reads.events) byName.set(name, new Set([...(byName.get(name) ?? []), ...columns]))
  }
  const groups = new Map<string, Group>()
  for (const [name, read] of byName) {
    const columns = [...read].sort()
    const group = groups.get(columns.join()) ?? { names: [], columns }
    group.names.push(name)
    groups.set(columns.join(), group)
  }
  return [...groups.values()]
}

/** SQL: what stands in a column that nobody reads. */
function nothingIn(column: string): string {
  return column === ORDER_COLUMN ? 'toUInt64(0)' : column.startsWith('`list:') ? '[]' : 'NULL'
}
