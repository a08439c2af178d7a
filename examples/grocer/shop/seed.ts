/** Fills a PostgreSQL database as the shop's: schema, rows by COPY, and a role that may only read. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { SHOP_SCHEMA, SHOP_TABLES, type ShopTable } from './tables.js'

export interface SeedOptions {
  /** A role that may log in and read the shop's tables, made or given this password. */
  readonly reader?: { readonly user: string; readonly password: string }
}

/**
 * Makes the shop's tables in schema public of the database and loads them from `shop/` of the data directory, all in one
 * transaction. Tables of an earlier seed are replaced.
 * @param connection as the database's owner; with `reader`, one that may make roles
 * @returns rows by table
 */
export async function seedShop(
  connection: pg.ClientConfig,
  dataDirectory: string,
  { reader }: SeedOptions = {},
): Promise<Readonly<Record<string, number>>> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query('begin')
    await client.query(SHOP_SCHEMA)
    const rows: Record<string, number> = {}
    for (const table of SHOP_TABLES) {
      rows[table.name] = await loadTable(client, table, dataDirectory)
    }
    await client.query(
      `select setval(pg_get_serial_sequence('coupon_redemptions', 'redemption_id'), (select max(redemption_id) from coupon_redemptions))`,
    )
    if (reader !== undefined) {
      await grantReading(client, reader)
    }
    await client.query('commit')
    await client.query('analyze')
    return rows
  } finally {
    await client.end()
  }
}

async function loadTable(client: pg.Client, table: ShopTable, dataDirectory: string): Promise<number> {
  const copy = client.query(
    copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin with (format csv, header match)`),
  )
  const unpack = table.file.endsWith('.gz') ? createGunzip() : new PassThrough()
  await pipeline(createReadStream(join(dataDirectory, table.file)), unpack, copy)
  return copy.rowCount
}

async function grantReading(client: pg.Client, reader: { user: string; password: string }): Promise<void> {
  const role = client.escapeIdentifier(reader.user)
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [reader.user])
  const verb = rowCount === 0 ? 'create' : 'alter'
  await client.query(`${verb} role ${role} login password ${client.escapeLiteral(reader.password)}`)
  await client.query(`grant usage on schema public to ${role}`)
  await client.query(`grant select on all tables in schema public to ${role}`)
}
