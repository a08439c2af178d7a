/**
 * A new whole: batches go to a staging table; `finish` makes the table equal to it in one transaction, so that readers see
 * the old whole or the new one. The table itself stays, and with it its rights, views, triggers and what refers to it; rows
 * that are the same are not written, and columns that are not mapped keep what they have.
 */
import {
  type Batch,
  ConnectorError,
  ConnectorErrorKind,
  type RunSummary,
  type WriteContext,
  type WriteResult,
} from '@tributary/connector-sdk'
import { dotted, identifier, qualified } from '@tributary/postgres'
import { type Column, REPLACED_TABLE, type Table } from './catalog.js'
import { type Connection, inTransaction } from './client.js'
import type { PostgresConfig } from './spec.js'
import { findStaging, lockStaging, openStaging, type Staging } from './staging.js'
import { mergeSql, upsertSql } from './statements.js'
import { columnsOf, writeParts } from './write.js'

type Context = WriteContext<PostgresConfig>

/** Writes a batch of the new whole. @throws ConnectorError when nothing was written */
export async function stageRows(context: Context, table: Table, batch: Batch): Promise<WriteResult> {
  const results = await inTransaction(context, `staging for ${dotted(table)}`, async (connection) => {
    await lockStaging(connection, table, context)
    const match = Object.keys(batch.records[0]!.match)
    const fields = [...new Set(batch.records.flatMap((record) => Object.keys(record.fields)))]
    const staging = await openStaging(connection, table, context, { match, fields })
    return writeParts(connection, table, batch.records, (matched, others) => ({
      sql: upsertSql({ table: staging.table, match: matched, fields: others }),
      columns: [...matched, ...others],
    }))
  })
  return { results }
}

/**
 * Puts the new whole in place. Again after it was put: nothing.
 * @throws ConnectorError when the old whole is still there
 */
export async function putInPlace(context: Context, table: Table, run: RunSummary): Promise<void> {
  const action = `replacing the rows of ${dotted(table)}`
  await inTransaction(context, action, async (connection) => {
    await lockStaging(connection, table, context)
    // others may read meanwhile, and not write
    await connection.query(`LOCK TABLE ${qualified(table)} IN SHARE ROW EXCLUSIVE MODE`)
    const staging = await findStaging(connection, table, context)
    if (staging) await merge(connection, table, staging, run, action)
    // nobody was to be sent, or everybody withdrew their consent meanwhile
    else if (run.batches === 0 || run.records === 0) await connection.query(`DELETE FROM ${qualified(table)}`)
    else if ((await lastReplacement(connection, table)) !== run.idempotencyKey)
      throw staged(action, 'are gone')
  })
}

async function merge(
  connection: Connection,
  table: Table,
  staging: Staging,
  run: RunSummary,
  action: string,
): Promise<void> {
  const [[some] = []] = await connection.query(`SELECT EXISTS (SELECT FROM ${staging.table})`)
  if (some !== 't') throw staged(action, 'were all rejected')
  const [match, fields] = [staging.match, staging.fields].map((names) => named(table, names)) as [
    readonly Column[],
    readonly Column[],
  ]
  const same = match.map(({ name }) => `s.${identifier(name)} = t.${identifier(name)}`).join(' AND ')
  await connection.query(`ANALYZE ${staging.table}`)
  await connection.query(
    `DELETE FROM ${qualified(table)} AS t WHERE NOT EXISTS (SELECT FROM ${staging.table} s WHERE ${same})`,
  )
  await connection.query(mergeSql({ table: qualified(table), match, fields }, staging.table))
  await connection.query(`DROP TABLE ${staging.table}`)
  await noteReplacement(connection, table, run.idempotencyKey)
}

/** One row for each table: which run replaced it last, so that a run that is finished twice is known. */
async function noteReplacement(connection: Connection, table: Table, key: string): Promise<void> {
  const notes = qualified({ ...table, name: REPLACED_TABLE })
  // two runs that make it at once would stand in each other's way
  await connection.query('SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [
    notes,
  ])
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${notes} (name text PRIMARY KEY, run text NOT NULL, at timestamptz NOT NULL DEFAULT now())`,
  )
  await connection.query(
    `INSERT INTO ${notes} (name, run) VALUES ($1, $2)
      ON CONFLICT (name) DO UPDATE SET run = EXCLUDED.run, at = EXCLUDED.at`,
    [table.name, key],
  )
}

async function lastReplacement(connection: Connection, table: Table): Promise<string | undefined> {
  const notes = qualified({ ...table, name: REPLACED_TABLE })
  const [[exists] = []] = await connection.query('SELECT pg_catalog.to_regclass($1) IS NOT NULL', [notes])
  if (exists !== 't') return undefined
  const [[key] = []] = await connection.query(`SELECT run FROM ${notes} WHERE name = $1`, [table.name])
  return key ?? undefined
}

function named(table: Table, names: readonly string[]): readonly Column[] {
  return columnsOf(table, Object.fromEntries(names.map((name) => [name, null])))
}

function staged(action: string, what: string): ConnectorError {
  return new ConnectorError(
    ConnectorErrorKind.SchemaIncompatible,
    `${action}: the staged rows ${what}, the old ones stay; see why and run the activation again`,
  )
}
