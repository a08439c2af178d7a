/** Which of the records of identity count, by node. */
import { createHash } from 'node:crypto'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import type { IdentifierName } from './records.js'

/** A merge or cut as it stands in `cdp.identity_records`. */
export interface IdentityRecord {
  readonly id: string
  readonly kind: 'merge' | 'cut'
  readonly a: IdentifierName
  readonly b: IdentifierName
  readonly author: string
  readonly note: string
  /** `YYYY-MM-DD hh:mm:ss.mmm`, UTC. */
  readonly at: string
}

/** A record of which both identifiers are known. */
export interface CountedRecord extends IdentityRecord {
  readonly nodeA: number
  readonly nodeB: number
}

export interface CountedRecords {
  /** One a pair at most. */
  readonly records: readonly CountedRecord[]
  /** Nodes that any record names, those that no longer count included. */
  readonly named: readonly number[]
  /** Differs when a record was added, or when an identifier that one names was seen for the first time. */
  readonly fingerprint: string
}

/** A record that nobody made, to see what it would do. */
export type ImaginedRecord = Pick<IdentityRecord, 'kind' | 'a' | 'b'>

/**
 * Reads the records.
 * @param loads condition over the rows of `cdp.nodes__rows`
 * @param imagined come after all others, in their order
 * @param takenBack ids of records that do not count, as if they were undone
 */
export async function readRecords(
  warehouse: Warehouse,
  loads: string,
  imagined: readonly ImaginedRecord[] = [],
  takenBack: readonly string[] = [],
): Promise<CountedRecords> {
  const rows = await selectRows<RecordRow>(
    warehouse,
    'SELECT * FROM cdp.identity_records ORDER BY at, id LIMIT 1 BY id',
  )
  const nodes = await readNodes(warehouse, loads, imagined)
  const nodeOf = ({ type, value }: IdentifierName) => nodes.get(keyOf(type, value))
  const said = rows.filter(({ kind }) => kind !== 'undone').map(recordOf)
  const undone = new Set([
    ...rows.filter(({ kind }) => kind === 'undone').map((row) => row.undone),
    ...takenBack,
  ])
  const stands = said.filter(({ id }) => !undone.has(id) && !undone.has(id.split('/')[0]!))
  const newest = new Map<string, CountedRecord>()
  for (const record of [...stands, ...imagined.map(unsaid)]) {
    const nodeA = nodeOf(record.a)
    const nodeB = nodeOf(record.b)
    if (nodeA === undefined || nodeB === undefined) continue
    const pair = `${Math.min(nodeA, nodeB)} ${Math.max(nodeA, nodeB)}`
    newest.set(pair, { ...record, nodeA, nodeB })
  }
  return {
    records: [...newest.values()],
    named: [
      ...new Set([...said, ...imagined].flatMap(({ a, b }) => [nodeOf(a) ?? 0, nodeOf(b) ?? 0])),
    ].filter((node) => node > 0),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([rows, [...nodes.values()].sort()]))
      .digest('hex'),
  }
}

/** The nodes of one kind of record, flat, as indices. Pairs that are not both there are left out. */
export function pairsOf(
  records: readonly CountedRecord[],
  kind: IdentityRecord['kind'],
  indexOf: (node: number) => number,
): number[] {
  return records
    .filter((record) => record.kind === kind)
    .map(({ nodeA, nodeB }) => [indexOf(nodeA), indexOf(nodeB)])
    .filter((pair) => !pair.includes(-1))
    .flat()
}

interface RecordRow {
  id: string
  kind: 'merge' | 'cut' | 'undone'
  type_a: string
  value_a: string
  type_b: string
  value_b: string
  undone: string
  author: string
  note: string
  at: string
}

const recordOf = (row: RecordRow): IdentityRecord => ({
  id: row.id,
  kind: row.kind as IdentityRecord['kind'],
  a: { type: row.type_a, value: row.value_a },
  b: { type: row.type_b, value: row.value_b },
  author: row.author,
  note: row.note,
  at: row.at,
})

const unsaid = (record: ImaginedRecord): IdentityRecord => ({
  ...record,
  id: '',
  author: '',
  note: '',
  at: '',
})

const keyOf = (type: string, value: string): string => `${type}\0${value}`

async function readNodes(warehouse: Warehouse, loads: string, imagined: readonly ImaginedRecord[]) {
  const others = imagined.flatMap(({ a, b }) => [a, b])
  const rows = await selectRows<{ type: string; value: string; node: number }>(
    warehouse,
    `SELECT type, value, min(node) AS node FROM cdp.nodes__rows
     WHERE ${loads} AND (type, value) IN (
       SELECT type_a, value_a FROM cdp.identity_records
       UNION ALL SELECT type_b, value_b FROM cdp.identity_records
       UNION ALL SELECT type, value FROM (SELECT {types:Array(String)} AS type, {values:Array(String)} AS value)
         ARRAY JOIN type, value
     )
     GROUP BY type, value`,
    { types: others.map(({ type }) => type), values: others.map(({ value }) => value) },
  )
  return new Map(rows.map(({ type, value, node }) => [keyOf(type, value), node]))
}
