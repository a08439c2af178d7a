/**
 * The table beside a table that holds a new whole until it is complete: like it in columns, checks and keys, and named after
 * the run. What the run wrote into it is in its comment.
 */
import { createHash } from 'node:crypto'
import type { WriteContext } from '@tributary/connector-sdk'
import { literal, qualified } from '@tributary/postgres'
import { STAGING_MARK, type Table } from './catalog.js'
import type { Connection } from './client.js'
import type { PostgresConfig } from './spec.js'

export interface Staging {
  /** Quoted name. */
  readonly table: string
  /** Names of the columns by which rows are found, and of the others that were written. */
  readonly match: readonly string[]
  readonly fields: readonly string[]
}

export type Origin = Pick<WriteContext<PostgresConfig>, 'activation' | 'run'>

interface Note extends Omit<Staging, 'table'> {
  readonly table: string
  readonly activation: string
  /** When it was made, seconds since 1970 by the server's clock. */
  readonly madeAt: number
}

/** What other activations left is removed after this time: they may still be running. */
const ABANDONED_SECONDS = 30 * 86_400
/** Names of PostgreSQL have 63 bytes at most; the digest alone tells runs apart. */
const START_BYTES = 32

/** Lets one attempt at a time work at the run's staging table, until the transaction ends. */
export async function lockStaging(connection: Connection, table: Table, origin: Origin): Promise<void> {
  const name = `${table.schema}.${stagingName(table, origin)}`
  await connection.query('SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))', [
    name,
  ])
}

/** The run's staging table, if it has one. */
export async function findStaging(
  connection: Connection,
  table: Table,
  origin: Origin,
): Promise<Staging | undefined> {
  const name = stagingName(table, origin)
  const found = await stagingTables(connection, table)
  const note = found.find((one) => one.name === name)?.note
  return note && { table: qualified({ ...table, name }), match: note.match, fields: note.fields }
}

/**
 * Makes the run's staging table, or notes that it has further columns. Tables that earlier runs of the activation left are
 * dropped.
 */
export async function openStaging(
  connection: Connection,
  table: Table,
  origin: Origin,
  columns: Pick<Staging, 'match' | 'fields'>,
): Promise<Staging> {
  const staged = qualified({ ...table, name: stagingName(table, origin) })
  const known = await findStaging(connection, table, origin)
  if (!known) {
    await dropAbandoned(connection, table, origin)
    await connection.query(
      `CREATE TABLE ${staged} (LIKE ${qualified(table)}
        INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING INDEXES)`,
    )
  }
  const fields = [...new Set([...(known?.fields ?? []), ...columns.fields])]
  if (fields.length !== known?.fields.length) {
    const madeAt = await serverSeconds(connection)
    const note: Note = {
      table: table.name,
      activation: origin.activation,
      madeAt,
      match: columns.match,
      fields,
    }
    await connection.query(`COMMENT ON TABLE ${staged} IS ${literal(JSON.stringify(note))}`)
  }
  return { table: staged, match: columns.match, fields }
}

function stagingName({ schema, name }: Table, { activation, run }: Origin): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([schema, name, activation, run]))
    .digest('hex')
  const start = Buffer.from(name)
    .subarray(0, START_BYTES)
    .toString()
    .replace(/\uFFFD+$/, '')
  return `${start}${STAGING_MARK}${digest.slice(0, 16)}`
}

async function dropAbandoned(connection: Connection, table: Table, { activation }: Origin): Promise<void> {
  const now = await serverSeconds(connection)
  for (const { name, note } of await stagingTables(connection, table)) {
    if (note.activation === activation || note.madeAt < now - ABANDONED_SECONDS) {
      await connection.query(`DROP TABLE ${qualified({ ...table, name })}`)
    }
  }
}

/** Staging tables of a table that this user made, whatever run they are of. */
async function stagingTables(
  connection: Connection,
  table: Table,
): Promise<readonly { readonly name: string; readonly note: Note }[]> {
  const rows = await connection.query(
    `SELECT c.relname, pg_catalog.obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND pg_catalog.strpos(c.relname, $2) > 0 AND c.relkind = 'r'
        AND pg_catalog.pg_has_role(c.relowner, 'USAGE')`,
    [table.schema, STAGING_MARK],
  )
  return rows.flatMap(([name, comment]) => {
    const note = JSON.parse(comment ?? '{}') as Note
    return note.table === table.name ? [{ name: name!, note }] : []
  })
}

async function serverSeconds(connection: Connection): Promise<number> {
  const [[seconds] = []] = await connection.query('SELECT extract(epoch FROM now())::bigint')
  return Number(seconds)
}
