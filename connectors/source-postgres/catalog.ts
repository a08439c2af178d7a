/** What the database holds that this user may read: two catalogue queries, however many tables there are. */
import type { Connection } from './client.js'
import type { PostgresType } from './types.js'

export interface Column {
  readonly name: string
  readonly type: PostgresType
  /** As PostgreSQL writes it: `numeric(10,2)`. */
  readonly typeText: string
  readonly notNull: boolean
  readonly comment: string | undefined
}

export interface Relation {
  readonly oid: string
  readonly schema: string
  readonly name: string
  /** pg_class.relkind: r table, p partitioned, v view, m materialized view, f foreign. */
  readonly kind: 'r' | 'p' | 'v' | 'm' | 'f'
  /** True where rows carry xmin and ctid: heap tables, materialized views, partitions that are heap tables. */
  readonly hasVersions: boolean
  readonly columns: readonly Column[]
  /** Primary key, else the replica identity, else the smallest unique index over columns that are never null. */
  readonly key: readonly string[] | undefined
}

const COLUMNS = `
with recursive domains as (
  select oid, typbasetype as base, typtypmod as modifier from pg_catalog.pg_type where typtype = 'd'
  union all
  select d.oid, t.typbasetype, case when d.modifier = -1 then t.typtypmod else d.modifier end
  from domains d join pg_catalog.pg_type t on t.oid = d.base where t.typtype = 'd'
), resolved as (
  select d.oid, d.base, d.modifier from domains d join pg_catalog.pg_type t on t.oid = d.base where t.typtype <> 'd'
), trees as (
  select p.oid as root, p.oid as member from pg_catalog.pg_class p where p.relkind = 'p' and not p.relispartition
  union all
  select t.root, i.inhrelid from trees t join pg_catalog.pg_inherits i on i.inhparent = t.member
), foreign_parts as (
  select distinct t.root from trees t join pg_catalog.pg_class c on c.oid = t.member where c.relkind = 'f'
)
select c.oid, n.nspname, c.relname, c.relkind,
  c.relkind in ('r', 'm', 'p') and coalesce(m.amname, 'heap') = 'heap'
    and c.oid not in (select root from foreign_parts),
  a.attname, tn.nspname, t.typname, t.typtype, t.typcategory = 'A', coalesce(r.modifier, a.atttypmod),
  pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, d.description
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_am m on m.oid = c.relam
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join resolved r on r.oid = a.atttypid
join pg_catalog.pg_type t on t.oid = coalesce(r.base, a.atttypid)
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join pg_catalog.pg_description d on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = c.oid and d.objsubid = a.attnum
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and ($1::text[] is null or n.nspname = any ($1)) and ($2::oid is null or c.oid = $2)
  and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  and (pg_catalog.has_table_privilege(c.oid, 'SELECT') or pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
order by n.nspname, c.relname, a.attnum`

const KEYS = `
select distinct on (i.indrelid) i.indrelid, pg_catalog.to_json(k.names)
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid and not c.relispartition
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
cross join lateral (
  select array_agg(a.attname order by u.position) as names, bool_and(a.attnotnull) as never_null
  from unnest(i.indkey::int2[]) with ordinality u (attnum, position)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
  where u.position <= i.indnkeyatts
) k
where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null and k.never_null
order by i.indrelid, i.indisprimary desc, i.indisreplident desc, i.indnkeyatts, i.indexrelid`

/**
 * Relations that the user may read, ordered by name, with the columns that it may read.
 * @param schemas absent: all but the system's
 */
export async function readCatalog(
  connection: Connection,
  schemas: readonly string[] | undefined,
): Promise<readonly Relation[]> {
  const action = 'reading the catalogue'
  const columns = await connection.query(action, COLUMNS, [schemas ?? null, null])
  const keys = new Map<string, string[]>()
  for (const [oid, names] of await connection.query(action, KEYS)) keys.set(oid!, JSON.parse(names!))
  const relations = new Map<string, Relation & { readonly columns: Column[] }>()
  for (const row of columns) {
    const [oid, schema, name, kind, hasVersions] = row as string[]
    let relation = relations.get(oid!)
    if (!relation) {
      const head = { oid: oid!, schema: schema!, name: name!, kind: kind as Relation['kind'] }
      relation = { ...head, hasVersions: hasVersions === 't', columns: [], key: keys.get(oid!) }
      relations.set(oid!, relation)
    }
    relation.columns.push(columnOf(row))
  }
  return [...relations.values()].map((relation) =>
    // a key of which the user may not read a part identifies nothing
    relation.key?.every((field) => relation.columns.some((column) => column.name === field)) === false
      ? { ...relation, key: undefined }
      : relation,
  )
}

/** The columns of one relation as they are now; empty when it is gone. */
export async function readColumns(connection: Connection, oid: string): Promise<readonly Column[]> {
  return (await connection.query('reading the catalogue', COLUMNS, [null, oid])).map(columnOf)
}

function columnOf(row: readonly (string | null)[]): Column {
  const [name, schema, typeName, kind, isArray, modifier, typeText, notNull, comment] = row.slice(5)
  const type = {
    schema: schema!,
    name: typeName!,
    kind: kind!,
    isArray: isArray === 't',
    modifier: Number(modifier),
  }
  return { name: name!, type, typeText: typeText!, notNull: notNull === 't', comment: comment ?? undefined }
}
