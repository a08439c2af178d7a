/** Writes a batch of upserts or removes into a table: one transaction, one statement where no row is bad. */
import {
  type Batch,
  ConnectorError,
  ConnectorErrorKind,
  type DestinationRecord,
  type JsonObject,
  type RecordResult,
  type WriteContext,
  type WriteResult,
} from '@tributary/connector-sdk'
import { dotted, qualified } from '@tributary/postgres'
import { applyRows } from './apply.js'
import type { Column, Table } from './catalog.js'
import { type Connection, inTransaction } from './client.js'
import type { PostgresConfig } from './spec.js'
import { deleteSql, upsertSql } from './statements.js'

/** @throws ConnectorError when nothing was written */
export async function writeRows(
  context: WriteContext<PostgresConfig>,
  table: Table,
  batch: Batch,
): Promise<WriteResult> {
  const action = `writing to ${dotted(table)}`
  const build = batch.operation === 'remove' ? deleteSql : upsertSql
  const results = await inTransaction(context, action, (connection) =>
    writeParts(connection, table, batch.records, (match, fields) => {
      const target = { table: qualified(table), match, fields }
      return { sql: build(target), columns: [...match, ...fields] }
    }),
  )
  return { results }
}

/** Records that have the same fields are written together: the fields that one does not give are left as they are. */
export async function writeParts(
  connection: Connection,
  table: Table,
  records: readonly DestinationRecord[],
  work: (match: readonly Column[], fields: readonly Column[]) => { sql: string; columns: readonly Column[] },
): Promise<readonly RecordResult[]> {
  const results: RecordResult[] = new Array(records.length)
  for (const indexes of bySameFields(records)) {
    const { match, fields } = records[indexes[0]!]!
    const part = work(columnsOf(table, match), columnsOf(table, fields))
    const rows = indexes.map((index) => ({ ...records[index]!.fields, ...records[index]!.match }))
    const answers = await applyRows(connection, part, rows)
    for (const [position, index] of indexes.entries()) results[index] = answers[position]!
  }
  return results
}

/** Positions of the records that have the same match and fields. */
function bySameFields(records: readonly DestinationRecord[]): readonly (readonly number[])[] {
  const parts = new Map<string, number[]>()
  for (const [index, { match, fields }] of records.entries()) {
    const shape = JSON.stringify([Object.keys(match).sort(), Object.keys(fields).sort()])
    const part = parts.get(shape)
    if (part) part.push(index)
    else parts.set(shape, [index])
  }
  return [...parts.values()]
}

/** The columns of these names, in the table's order: the same names give the same statement. */
export function columnsOf(table: Table, record: JsonObject): readonly Column[] {
  const found = table.columns.filter(({ name }) => Object.hasOwn(record, name))
  if (found.length === Object.keys(record).length) return found
  const known = new Set(found.map(({ name }) => name))
  const missing = Object.keys(record).filter((name) => !known.has(name))
  throw new ConnectorError(
    ConnectorErrorKind.SchemaIncompatible,
    `writing to ${dotted(table)}: it has no column ${missing.join(', ')}; correct the activation and plan again`,
  )
}
