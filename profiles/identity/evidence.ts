/** What makes several identifiers one person: the rows that name two of them together; and where each was seen. */
import type { Warehouse } from '../../warehouse/client.js'
import { isoTime } from '../../warehouse/iso-time.js'
import { selectRows } from '../../warehouse/query.js'
import { readSnapshot } from '../facts/snapshot.js'
import type { IdentifierName } from './records.js'

/** An identifier and where it was seen. */
export interface SeenIdentifier extends IdentifierName {
  /** ISO 8601; null where no row that counts names it. */
  readonly firstAt: string | null
  readonly lastAt: string | null
  /** Ids of the sources whose rows name it, sorted. */
  readonly sources: readonly string[]
}

/** All that one mapping says of two identifiers. */
export interface EvidenceLink {
  readonly a: IdentifierName
  readonly b: IdentifierName
  readonly mapping: string
  readonly source: string
  /** Rows that name both. */
  readonly rows: number
  /** ISO 8601. */
  readonly firstAt: string
  readonly lastAt: string
}

export interface IdentityEvidence {
  /** By type and value. */
  readonly identifiers: readonly SeenIdentifier[]
  /** The earliest first. */
  readonly links: readonly EvidenceLink[]
  /** There are more links than these. */
  readonly more: boolean
}

/**
 * The evidence between the nodes of one person.
 * @param limit links to give. @default 500
 */
export async function readEvidence(
  warehouse: Warehouse,
  nodes: readonly number[],
  limit = 500,
): Promise<IdentityEvidence> {
  const { facts, loads } = await readSnapshot(warehouse)
  // The higher identifier of a row stands first in the table's order, and is one of the person's, too.
  const own = `cdp.links__rows WHERE ${facts} AND node_a IN {nodes:Array(UInt32)} AND node_b IN {nodes:Array(UInt32)}`
  // A row with one identifier that says something has no link: what it says names the identifier.
  const stated = (table: string) =>
    `SELECT node, source, ts FROM cdp.${table} WHERE ${facts} AND node IN {nodes:Array(UInt32)}`
  const [names, seen, links] = await Promise.all([
    selectRows<IdentifierName & { node: number }>(
      warehouse,
      `SELECT node, type, value FROM cdp.nodes__rows WHERE ${loads} AND node IN {nodes:Array(UInt32)} ORDER BY type, value`,
      { nodes },
    ),
    selectRows<{ node: number; sources: string[]; first: string; last: string }>(
      warehouse,
      `SELECT node, arraySort(groupUniqArray(source)) AS sources,
         ${isoTime('min(ts)')} AS first, ${isoTime('max(ts)')} AS last
       FROM (SELECT arrayJoin([node_a, node_b]) AS node, source, ts FROM ${own}
         UNION ALL ${stated('events__rows')} UNION ALL ${stated('trait_facts__rows')})
       GROUP BY node`,
      { nodes },
    ),
    selectRows<Omit<EvidenceLink, 'a' | 'b' | 'rows'> & { node_a: number; node_b: number; rows: string }>(
      warehouse,
      `SELECT node_a, node_b, mapping, any(source) AS source, uniqExact(row) AS rows,
         ${isoTime('min(ts)')} AS firstAt, ${isoTime('max(ts)')} AS lastAt
       FROM ${own} AND node_a != node_b GROUP BY node_a, node_b, mapping
       ORDER BY min(ts), node_a, node_b, mapping LIMIT {limit:UInt32}`,
      { nodes, limit: limit + 1 },
    ),
  ])
  const byNode = new Map(names.map(({ node, type, value }) => [node, { type, value }]))
  const whereSeen = new Map(seen.map(({ node, ...rest }) => [node, rest]))
  return {
    identifiers: names.map(({ node, type, value }) => {
      const { first = null, last = null, sources = [] } = whereSeen.get(node) ?? {}
      return { type, value, firstAt: first, lastAt: last, sources }
    }),
    links: links.slice(0, limit).map(({ node_a, node_b, rows, ...link }) => ({
      a: byNode.get(node_a)!,
      b: byNode.get(node_b)!,
      ...link,
      rows: Number(rows),
    })),
    more: links.length > limit,
  }
}
