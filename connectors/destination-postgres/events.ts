/**
 * Tables of events: those with a column `event` and a column `event_id` that is a key by itself. A row is appended for each
 * event; `event_id` is derived from the batch, so that an event that comes twice is kept once.
 */
import { createHash } from 'node:crypto'
import type {
  Batch,
  DestinationRecord,
  JsonObject,
  WriteContext,
  WriteResult,
} from '@tributary/connector-sdk'
import { dotted, qualified } from '@tributary/postgres'
import { applyRows } from './apply.js'
import type { Column, Table } from './catalog.js'
import { inTransaction } from './client.js'
import type { PostgresConfig } from './spec.js'
import { insertOnceSql } from './statements.js'
import { columnsOf } from './write.js'

const EVENT_ID = 'event_id'
const EVENT = 'event'
/** Filled where the table has them. */
const OPTIONAL = ['compensates', 'activation', 'run'] as const

const ID_TYPES: ReadonlySet<string> = new Set(['uuid', 'text', 'varchar'])

export function isEventTable({ columns, keys }: Table): boolean {
  const id = columns.find(({ name }) => name === EVENT_ID)
  const event = columns.find(({ name }) => name === EVENT)
  const isKey = keys.some((key) => key.length === 1 && key[0] === EVENT_ID)
  return isKey && id !== undefined && ID_TYPES.has(id.type.name) && id.canInsert && event?.canInsert === true
}

/** The columns that events are mapped to: all but those that are filled here. */
export function eventFields({ columns }: Table): readonly Column[] {
  const own: ReadonlySet<string> = new Set([EVENT_ID, EVENT, ...OPTIONAL])
  return columns.filter(({ name, canInsert }) => canInsert && !own.has(name))
}

/** @throws ConnectorError when nothing was written */
export async function appendEvents(
  context: WriteContext<PostgresConfig>,
  table: Table,
  batch: Batch,
): Promise<WriteResult> {
  const rows = batch.records.map((record) => eventRow(context, table, batch, record))
  const columns = columnsOf(table, Object.assign({}, ...rows) as JsonObject)
  const [id, fields] = [columns.filter(isId), columns.filter((column) => !isId(column))]
  const sql = insertOnceSql({ table: qualified(table), match: id, fields })
  const results = await inTransaction(context, `appending to ${dotted(table)}`, (connection) =>
    applyRows(connection, { sql, columns }, rows),
  )
  return { results }
}

function isId({ name }: Column): boolean {
  return name === EVENT_ID
}

function eventRow(
  { activation, run }: WriteContext<PostgresConfig>,
  { columns }: Table,
  { idempotencyKey }: Batch,
  { match, fields, event, compensates }: DestinationRecord,
): JsonObject {
  const filled: Readonly<Record<(typeof OPTIONAL)[number], string | null>> = {
    compensates: compensates ?? null,
    activation,
    run,
  }
  const optional = OPTIONAL.filter((name) =>
    columns.some((column) => column.name === name && column.canInsert),
  )
  return {
    ...fields,
    ...match,
    ...Object.fromEntries(optional.map((name) => [name, filled[name]])),
    [EVENT]: event ?? null,
    [EVENT_ID]: eventId(idempotencyKey, match),
  }
}

/** A UUID of version 8 (RFC 9562, 5.8): the digest of what names the event, wherever in its batch it stands. */
function eventId(idempotencyKey: string, match: JsonObject): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([idempotencyKey, match]))
    .digest()
    .subarray(0, 16)
  digest[6] = (digest[6]! & 0x0f) | 0x80
  digest[8] = (digest[8]! & 0x3f) | 0x80
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
