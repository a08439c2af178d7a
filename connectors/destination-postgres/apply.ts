/**
 * Applies rows by one statement; where the server refuses one of them, its parts, and theirs, until the bad rows are found.
 * Runs in the caller's transaction: what is good stays.
 */
import { type JsonObject, OK, type RecordResult, rejected } from '@tributary/connector-sdk'
import { fieldOf } from '@tributary/postgres'
import pg from 'pg'
import type { Column } from './catalog.js'
import type { Connection } from './client.js'
import { readColumnSql, rowsParameter } from './statements.js'

export interface Work {
  readonly sql: string
  /** The columns that the statement reads. */
  readonly columns: readonly Column[]
}

/** In so many parts rows are taken apart: a few bad rows cost little more than by halves, many about one try each. */
const PARTS = 8

/**
 * An answer for each row, in their order.
 * @throws what the driver throws, where the fault is not of a row
 */
export async function applyRows(
  connection: Connection,
  { sql, columns }: Work,
  rows: readonly JsonObject[],
): Promise<readonly RecordResult[]> {
  await connection.query('SAVEPOINT part')
  const suspects = [...columns]
  const apply = async (part: readonly JsonObject[]): Promise<readonly RecordResult[]> => {
    const fault = await attempt(connection, sql, part)
    if (!fault) return part.map(() => OK)
    if (part.length === 1) return [await rejection(connection, suspects, part, fault)]
    const size = Math.ceil(part.length / PARTS)
    const results: RecordResult[] = []
    for (let from = 0; from < part.length; from += size) {
      results.push(...(await apply(part.slice(from, from + size))))
    }
    return results
  }
  return apply(rows)
}

/** Undefined when it went through; the error where a row is at fault, and nothing was done then. */
async function attempt(
  connection: Connection,
  sql: string,
  rows: readonly JsonObject[],
): Promise<pg.DatabaseError | undefined> {
  try {
    await connection.query(sql, [rowsParameter(rows)])
  } catch (error) {
    if (!isOfRow(error)) throw error
    await connection.query('ROLLBACK TO SAVEPOINT part')
    return error
  }
  await connection.query('RELEASE SAVEPOINT part; SAVEPOINT part')
  return undefined
}

/**
 * Classes of errors that a row can cause: 21 two rows with one key in a statement (case folded by citext), 22 data, 23
 * constraints, 44 the check of a view, 54 a value too large for an index, P0 what a trigger raises.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const ROW_CLASSES: ReadonlySet<string> = new Set(['21', '22', '23', '44', '54', 'P0'])

function isOfRow(error: unknown): error is pg.DatabaseError {
  if (!(error instanceof pg.DatabaseError)) return false
  return isPolicy(error) || ROW_CLASSES.has(error.code?.slice(0, 2) ?? '')
}

/** Row-level security is against a row. It has the code of a right that is missing; the server's routine tells them apart. */
function isPolicy({ code, routine }: pg.DatabaseError): boolean {
  return code === '42501' && routine === 'ExecWithCheckOptions'
}

const REASONS: Readonly<Record<string, string>> = {
  '22001': 'the value is too long',
  '22003': 'the number is out of range',
  '22007': 'the value is no date or time',
  '22008': 'the date or time is out of range',
  '22021': 'the text holds a character that the database cannot keep',
  '22P02': 'the value is not valid for the type',
  '22P05': 'the text holds a character that the database cannot keep',
  '23502': 'there is no value, and there must be one',
  '23503': 'it refers to a row that does not exist, or is referred to',
  '23505': 'another row has this value, which must be unique',
  '23514': 'a check constraint is against it',
  '23P01': 'an exclusion constraint is against it',
  '42501': 'row-level security is against it',
}

const CLASS_REASONS: Readonly<Record<string, string>> = {
  '22': 'the value is not valid for the type',
  '23': 'a constraint is against it',
  '54': 'the value is too large',
  P0: 'a trigger is against it',
}

/** The server's own text is left out: it quotes values. */
async function rejection(
  connection: Connection,
  suspects: Column[],
  row: readonly JsonObject[],
  fault: pg.DatabaseError,
): Promise<RecordResult> {
  const code = fault.code ?? ''
  const column =
    fieldOf(fault, 'column') ??
    (code.startsWith('22') ? await badColumn(connection, suspects, row) : undefined)
  const constraint = fieldOf(fault, 'constraint')
  const reason = REASONS[code] ?? CLASS_REASONS[code.slice(0, 2)] ?? 'the database refuses it'
  const where = [
    ...(column === undefined ? [] : [`column ${column}`]),
    ...(constraint === undefined ? [] : [`constraint ${constraint}`]),
  ]
  return rejected(where.length === 0 ? reason : `${reason} (${where.join(', ')})`, code)
}

/**
 * The first column that cannot take the row's value: errors of conversion do not name it.
 * @param suspects the found one moves to the front: it mostly is the next bad row's too
 */
async function badColumn(
  connection: Connection,
  suspects: Column[],
  row: readonly JsonObject[],
): Promise<string | undefined> {
  for (const [index, column] of suspects.entries()) {
    const own = row.map((values) => ({ [column.name]: values[column.name] }))
    if (await attempt(connection, readColumnSql(column), own)) {
      suspects.unshift(...suspects.splice(index, 1))
      return column.name
    }
  }
  return undefined
}
