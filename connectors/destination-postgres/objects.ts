/** Tables as objects: what the user's rights, the keys and the columns of each allow. */
import { defineObject, type ObjectDefinition, type Operation } from '@tributary/connector-sdk'
import { dotted } from '@tributary/postgres'
import type { Column, Table } from './catalog.js'
import { appendEvents, eventFields, isEventTable } from './events.js'
import { putInPlace, stageRows } from './replace.js'
import type { PostgresConfig } from './spec.js'
import { columnField } from './types.js'
import { writeRows } from './write.js'

type PostgresObject = ObjectDefinition<PostgresConfig>

/** Undefined for a table that the user cannot write in any of the ways that there are. */
export function tableObject(table: Table, config: PostgresConfig): PostgresObject | undefined {
  return isEventTable(table) ? eventObject(table, config) : recordObject(table, config)
}

function recordObject(table: Table, config: PostgresConfig): PostgresObject | undefined {
  const { columns, canDelete, canStage } = table
  const having = (right: (column: Column) => boolean) => {
    const names = new Set(columns.filter(right).map(({ name }) => name))
    return (key: readonly string[]): boolean => key.every((name) => names.has(name))
  }
  const found = table.keys.filter(having(({ canSelect }) => canSelect))
  const written = found.filter(having(({ canInsert }) => canInsert))
  const canUpsert =
    written.length > 0 &&
    columns.every(({ required, canInsert }) => !required || canInsert) &&
    columns.some(({ canUpdate }) => canUpdate)
  const keys = canUpsert ? written : found
  const inKey = new Set(keys.flat())
  const fields = columns.filter(
    ({ name, canInsert, canUpdate, canSelect }) => inKey.has(name) || (canSelect && canInsert && canUpdate),
  )
  const operations: Operation[] = [
    ...(canUpsert ? (['upsert'] as const) : []),
    ...(canDelete && keys.length > 0 ? (['remove'] as const) : []),
    ...(canUpsert && canDelete && canStage ? (['replace'] as const) : []),
  ]
  if (operations.length === 0) return undefined
  return defineObject<PostgresConfig>({
    ...about(table, fields, config),
    operations,
    matchKeys: keys,
    undo: 'inverse',
    write: (context, batch) =>
      batch.operation === 'replace' ? stageRows(context, table, batch) : writeRows(context, table, batch),
    ...(operations.includes('replace') && {
      finish: async (context, run) => {
        if (run.operation === 'replace') await putInPlace(context, table, run)
      },
    }),
  })
}

function eventObject(table: Table, config: PostgresConfig): PostgresObject | undefined {
  const fields = eventFields(table)
  const complete = table.columns.every(({ required, canInsert }) => !required || canInsert)
  if (!complete || fields.length === 0) return undefined
  return defineObject<PostgresConfig>({
    ...about(table, fields, config),
    operations: ['append'],
    matchKeys: fields.map(({ name }) => [name]),
    undo: 'compensate',
    write: (context, batch) => appendEvents(context, table, batch),
  })
}

function about(
  table: Table,
  fields: readonly Column[],
  config: PostgresConfig,
): Pick<PostgresObject, 'name' | 'description' | 'fields' | 'batch' | 'idempotency'> {
  return {
    name: dotted(table),
    ...(table.comment !== undefined && { description: table.comment }),
    fields: Object.fromEntries(fields.map((column) => [column.name, columnField(column)])),
    batch: { records: config.batch_size ?? 2000, expectedMs: 50 },
    idempotency: 'natural',
  }
}
