/** What the database holds that this user may write: two catalogue queries, however many tables there are. */
import type { Connection } from './client.js'

/** A column's type, domains resolved to what they are made of. */
export interface PostgresType {
  readonly schema: string
  readonly name: string
  /** pg_type.typtype: b(ase), c(omposite), e(num), r(ange), m(ultirange). */
  readonly kind: string
  /** atttypmod or the domain's; -1: none. */
  readonly modifier: number
  /** Of an enum or an array of one. */
  readonly labels?: readonly string[]
  /** Of an array. */
  readonly element?: PostgresType
}

export interface Column {
  readonly name: string
  readonly type: PostgresType
  /** As SQL writes it, quoted where it must be: `numeric(10,2)`. */
  readonly typeText: string
  readonly comment: string | undefined
  /** A row cannot be inserted without it. */
  readonly required: boolean
  /** The user may insert it, and nothing generates it always. */
  readonly canInsert: boolean
  readonly canUpdate: boolean
  readonly canSelect: boolean
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly comment: string | undefined
  /** All columns, in the table's order. */
  readonly columns: readonly Column[]
  /** Column names of the primary key and of the unique constraints and indexes by which a row can be found. */
  readonly keys: readonly (readonly string[])[]
  readonly canDelete: boolean
  /** The user may make a table beside it that is like it. */
  readonly canStage: boolean
}

/** Tables of the connector's own, which nobody writes to. */
export const STAGING_MARK = '__tributary_'
export const REPLACED_TABLE = 'tributary_replaced'

const COLUMNS = `
with recursive domains as (
  select oid, typbasetype as base, typtypmod as modifier from pg_catalog.pg_type where typtype = 'd'
  union all
  select d.oid, t.typbasetype, case when d.modifier = -1 then t.typtypmod else d.modifier end
  from domains d join pg_catalog.pg_type t on t.oid = d.base where t.typtype = 'd'
), resolved as (
  select d.oid, d.base, d.modifier from domains d join pg_catalog.pg_type t on t.oid = d.base where t.typtype <> 'd'
)
select c.oid, n.nspname, c.relname, pg_catalog.obj_description(c.oid, 'pg_class'),
  pg_catalog.has_table_privilege(c.oid, 'DELETE'),
  pg_catalog.has_schema_privilege(n.oid, 'CREATE') and pg_catalog.has_table_privilege(c.oid, 'SELECT'),
  a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), pg_catalog.col_description(c.oid, a.attnum),
  a.attnotnull and not a.atthasdef and own.typdefault is null and a.attidentity = '',
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'INSERT') and a.attidentity <> 'a' and a.attgenerated = '',
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'UPDATE'),
  pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'),
  tn.nspname, t.typname, t.typtype, coalesce(r.modifier, a.atttypmod),
  case when t.typcategory = 'A' then en.nspname end, case when t.typcategory = 'A' then e.typname end, e.typtype,
  (select pg_catalog.json_agg(l.enumlabel order by l.enumsortorder) from pg_catalog.pg_enum l
    where l.enumtypid = case when t.typcategory = 'A' then e.oid else t.oid end)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_catalog.pg_type own on own.oid = a.atttypid
left join resolved r on r.oid = a.atttypid
join pg_catalog.pg_type t on t.oid = coalesce(r.base, a.atttypid)
join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
left join pg_catalog.pg_type e on e.oid = t.typelem
left join pg_catalog.pg_namespace en on en.oid = e.typnamespace
where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text[] is null or n.nspname = any ($1))
  and pg_catalog.strpos(c.relname, '${STAGING_MARK}') = 0 and c.relname <> '${REPLACED_TABLE}'
  and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  and (pg_catalog.has_any_column_privilege(c.oid, 'INSERT') or pg_catalog.has_any_column_privilege(c.oid, 'UPDATE')
    or pg_catalog.has_table_privilege(c.oid, 'DELETE'))
order by n.nspname, c.relname, a.attnum`

/** Such keys as ON CONFLICT can name: whole rows, plain columns, checked at once. */
const KEYS = `
select i.indrelid, pg_catalog.to_json(k.names)
from pg_catalog.pg_index i
join pg_catalog.pg_class c on c.oid = i.indrelid and not c.relispartition
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
cross join lateral (
  select array_agg(a.attname order by u.position) as names
  from unnest(i.indkey::int2[]) with ordinality u (attnum, position)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
  where u.position <= i.indnkeyatts
) k
where i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null and i.indexprs is null
order by i.indrelid, i.indisprimary desc, i.indnkeyatts, i.indexrelid`

type Row = readonly (string | null)[]

/**
 * Tables that the user may write in any way, ordered by name.
 * @param schemas absent: all but the system's
 */
export async function readCatalog(
  connection: Connection,
  schemas: readonly string[] | undefined,
): Promise<readonly Table[]> {
  const columns = await connection.query(COLUMNS, [schemas ?? null])
  const keys = new Map<string, string[][]>()
  for (const [oid, names] of await connection.query(KEYS)) {
    keys.set(oid!, [...(keys.get(oid!) ?? []), JSON.parse(names!) as string[]])
  }
  const tables = new Map<string, Table & { readonly columns: Column[] }>()
  for (const row of columns) {
    const oid = row[0]!
    const table = tables.get(oid) ?? {
      ...tableOf(row),
      columns: [],
      keys: withoutRepeats(keys.get(oid) ?? []),
    }
    table.columns.push(columnOf(row))
    tables.set(oid, table)
  }
  return [...tables.values()]
}

function tableOf([, schema, name, comment, canDelete, canStage]: Row): Omit<Table, 'columns' | 'keys'> {
  return {
    schema: schema!,
    name: name!,
    comment: comment ?? undefined,
    canDelete: canDelete === 't',
    canStage: canStage === 't',
  }
}

function columnOf(row: Row): Column {
  const [name, typeText, comment, required, canInsert, canUpdate, canSelect, ...type] = row.slice(6)
  return {
    name: name!,
    typeText: typeText!,
    comment: comment ?? undefined,
    required: required === 't',
    canInsert: canInsert === 't',
    canUpdate: canUpdate === 't',
    canSelect: canSelect === 't',
    type: typeOf(type),
  }
}

function typeOf([
  schema,
  name,
  kind,
  modifier,
  elementSchema,
  elementName,
  elementKind,
  labels,
]: Row): PostgresType {
  const enumLabels = labels && { labels: JSON.parse(labels) as string[] }
  const own = { schema: schema!, name: name!, kind: kind!, modifier: Number(modifier) }
  if (!elementName) return { ...own, ...enumLabels }
  const element = { schema: elementSchema!, name: elementName, kind: elementKind!, modifier: own.modifier }
  return { ...own, element: { ...element, ...enumLabels } }
}

/** The same columns in another order, or twice, are one key. */
function withoutRepeats(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const byColumns = new Map(keys.toReversed().map((key) => [JSON.stringify(key.toSorted()), key]))
  return [...byColumns.values()].reverse()
}
