/**
 * What people said about who is who: merges and cuts, `cdp.identity_records`. Append-only; of two records of one pair the
 * newer counts, and a record that was undone does not. They take effect with the next refresh.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'

/** A type and a normalised value. */
export interface IdentifierName {
  readonly type: string
  readonly value: string
}

interface RecordInput {
  /** Chosen by the caller, without slashes: repeating a call with the same id changes nothing. */
  readonly id: string
  readonly author: string
  /** @default empty */
  readonly note?: string
}

export interface PairInput extends RecordInput {
  readonly a: IdentifierName
  readonly b: IdentifierName
}

/** Two identifiers are one person's, whatever the limits. Takes back older cuts between the two. */
export function addMerge(warehouse: Warehouse, input: PairInput): Promise<void> {
  return append(warehouse, { ...input, kind: 'merge' })
}

/** What links two identifiers does not count. They may still be joined through others. Takes back older merges of the two. */
export function addCut(warehouse: Warehouse, input: PairInput): Promise<void> {
  return append(warehouse, { ...input, kind: 'cut' })
}

/** Takes back a merge, a cut, or a split with all its cuts. */
export function undoRecord(
  warehouse: Warehouse,
  { record, ...input }: RecordInput & { readonly record: string },
): Promise<void> {
  const nobody = { type: '', value: '' }
  return append(warehouse, { ...input, a: nobody, b: nobody, kind: 'undone', undone: record })
}

/**
 * Cuts an identifier from all that it is linked or merged with now: it becomes a person of its own with the next refresh.
 * The cuts are records of their own, `<id>/<n>`.
 */
export async function splitIdentifier(
  warehouse: Warehouse,
  { identifier, id, author, note = '' }: RecordInput & { readonly identifier: IdentifierName },
): Promise<void> {
  refuseSlash(id)
  await warehouse.command({
    query: `INSERT INTO cdp.identity_records
      WITH (SELECT min(node) FROM cdp.nodes WHERE type = {type:String} AND value = {value:String}) AS split
      SELECT concat({id:String}, '/', toString(rowNumberInAllBlocks() + 1)), 'cut',
        {type:String}, {value:String}, type, value, '', {author:String}, {note:String}, ${NEXT_MOMENT}
      FROM (
        SELECT type, value FROM (${NEIGHBOURS})
        WHERE (type, value) != ({type:String}, {value:String})
          AND {id:String} NOT IN (SELECT splitByChar('/', id)[1] FROM cdp.identity_records)
        ORDER BY type, value
      )`,
    query_params: { ...identifier, id, author, note },
  })
}

/** All that an identifier is linked or merged with now: what {@link splitIdentifier} cuts it from. By type and value. */
export function neighboursOf(warehouse: Warehouse, identifier: IdentifierName): Promise<IdentifierName[]> {
  return selectRows<IdentifierName>(
    warehouse,
    `WITH (SELECT min(node) FROM cdp.nodes WHERE type = {type:String} AND value = {value:String}) AS split
     SELECT type, value FROM (${NEIGHBOURS})
     WHERE (type, value) != ({type:String}, {value:String}) ORDER BY type, value`,
    { ...identifier },
  )
}

/** SQL: identifiers beside `{type}`, `{value}`, whose node is `split`. */
const NEIGHBOURS = `SELECT type, value FROM cdp.nodes WHERE node IN (
    SELECT if(node_a = split, node_b, node_a) FROM cdp.links WHERE node_a = split OR node_b = split
  )
  UNION DISTINCT SELECT type_b, value_b FROM cdp.identity_records
    WHERE kind = 'merge' AND type_a = {type:String} AND value_a = {value:String}
  UNION DISTINCT SELECT type_a, value_a FROM cdp.identity_records
    WHERE kind = 'merge' AND type_b = {type:String} AND value_b = {value:String}`

/** Later than every record before, so that records said one after the other keep their order within a millisecond. */
const NEXT_MOMENT = `greatest(now64(3), (SELECT max(at) + toIntervalMillisecond(1) FROM cdp.identity_records))`

interface NewRecord extends PairInput {
  readonly kind: 'merge' | 'cut' | 'undone'
  readonly undone?: string
}

async function append(warehouse: Warehouse, record: NewRecord): Promise<void> {
  const { id, kind, a, b, undone = '', author, note = '' } = record
  refuseSlash(id)
  await refuseUnknown(warehouse, undone)
  await warehouse.command({
    query: `INSERT INTO cdp.identity_records
      SELECT {id:String}, {kind:String}, {type_a:String}, {value_a:String}, {type_b:String}, {value_b:String},
        {undone:String}, {author:String}, {note:String}, ${NEXT_MOMENT}
      WHERE {id:String} NOT IN (SELECT id FROM cdp.identity_records)`,
    query_params: {
      id,
      kind,
      type_a: a.type,
      value_a: a.value,
      type_b: b.type,
      value_b: b.value,
      undone,
      author,
      note,
    },
  })
}

async function refuseUnknown(warehouse: Warehouse, record: string): Promise<void> {
  if (record === '') return
  const known = await selectRow(
    warehouse,
    `SELECT 1 FROM cdp.identity_records
     WHERE (id = {record:String} OR startsWith(id, concat({record:String}, '/'))) AND kind IN ('merge', 'cut') LIMIT 1`,
    { record },
  )
  if (known === undefined) {
    throw new Error(
      `undoing record ${record}: there is no merge, cut or split of this id; look its id up in the records`,
    )
  }
}

function refuseSlash(id: string): void {
  if (id === '' || id.includes('/')) {
    throw new Error(`recording "${id}": an id has at least one character and no slash; choose another one`)
  }
}
