/** SQL that writes a batch in one statement. The rows come as one JSON parameter, which the server takes apart. */
import type { JsonObject } from '@tributary/connector-sdk'
import { identifier } from '@tributary/postgres'
import type { Column } from './catalog.js'
import { differs, fromJson, jsonType } from './types.js'

export interface Target {
  /** The quoted name of the table. */
  readonly table: string
  /** By which rows are found: a unique key. */
  readonly match: readonly Column[]
  /** The other columns that are written. */
  readonly fields: readonly Column[]
}

/** The parameter of the statements. */
export function rowsParameter(rows: readonly JsonObject[]): string {
  return JSON.stringify(rows)
}

/**
 * Inserts rows, and changes those that are there where a value is another one: an unchanged row is not written, and fires no
 * trigger for rows. In the order of the match, so that two writers lock the same rows one way round.
 */
export function upsertSql(target: Target): string {
  const columns = [...target.match, ...target.fields]
  return upsertFrom(target, `SELECT ${values(columns)} FROM ${source(columns)}`)
}

/** As {@link upsertSql}, of all rows of another table with the same columns. Takes no parameter. */
export function mergeSql(target: Target, from: string): string {
  return upsertFrom(target, `SELECT ${names([...target.match, ...target.fields])} FROM ${from}`)
}

function upsertFrom({ table, match, fields }: Target, select: string): string {
  const set = fields.map(({ name }) => `${identifier(name)} = EXCLUDED.${identifier(name)}`).join(', ')
  const changed = fields
    .map((column) => differs(column, `t.${identifier(column.name)}`, `EXCLUDED.${identifier(column.name)}`))
    .join(' OR ')
  return `INSERT INTO ${table} AS t (${names([...match, ...fields])})
${select} ORDER BY ${match.map((_, index) => index + 1).join(', ')}
ON CONFLICT (${names(match)}) DO ${fields.length === 0 ? 'NOTHING' : `UPDATE SET ${set} WHERE ${changed}`}`
}

/** Deletes the rows that are found. */
export function deleteSql({ table, match }: Target): string {
  const found = match.map((column) => `t.${identifier(column.name)} = ${value(column)}`).join(' AND ')
  return `DELETE FROM ${table} AS t USING ${source(match)} WHERE ${found}`
}

/** Inserts rows; one whose key is there already is the same row, which came before. */
export function insertOnceSql({ table, match, fields }: Target): string {
  const columns = [...match, ...fields]
  return `INSERT INTO ${table} (${names(columns)}) SELECT ${values(columns)} FROM ${source(columns)}
ON CONFLICT (${names(match)}) DO NOTHING`
}

/** Reads one column of the rows and does nothing with it: it fails where the column cannot take its value. */
export function readColumnSql(column: Column): string {
  return `SELECT ${value(column)} FROM ${source([column])}`
}

function source(columns: readonly Column[]): string {
  const list = columns.map((column) => `${identifier(column.name)} ${jsonType(column)}`).join(', ')
  return `pg_catalog.json_to_recordset($1::pg_catalog.json) AS r(${list})`
}

function value(column: Column): string {
  return fromJson(column, `r.${identifier(column.name)}`)
}

function values(columns: readonly Column[]): string {
  return columns.map(value).join(', ')
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => identifier(name)).join(', ')
}
