/** A cursor column in SQL: bounds, what counts as a position, and which rows of a window may be new. */
import { ConnectorError, ConnectorErrorKind } from '@tributary/connector-sdk'
import { identifier, literal } from '@tributary/postgres'
import type { Reading } from './reading.js'

export interface Cursor {
  readonly name: string
  readonly type: string
  /** SQL of the column. */
  readonly column: string
  /** SQL that is true for rows that have a position: not null, not infinity. */
  readonly positioned: string
  /** SQL that is true for the others; undefined where there can be none. */
  readonly unpositioned: string | undefined
  /** SQL of a value kept as text. */
  value(text: string): string
  /** SQL of the value that lies `ms` before; the value itself where the cursor is no time. */
  before(text: string, ms: number): string
  /** Whether a value from a row's bytes is a place to go on from: not the edge to which values outside are clamped. */
  isPlace(text: string): boolean
}

/** Cursor types that grow without end have no value that all others stay below. */
const ENDLESS: Readonly<Record<string, string>> = {
  date: 'infinity',
  timestamp: 'infinity',
  timestamptz: 'infinity',
  numeric: 'NaN',
}

/** @throws ConnectorError ConfigInvalid when the column cannot be a cursor */
export function cursorOf({ context, fields, relation }: Reading): Cursor {
  const field = fields.byName.get(context.cursorField ?? '')
  if (!field?.mapping.cursor) {
    const action = `reading ${relation.schema}.${relation.name} incrementally`
    throw new ConnectorError(
      ConnectorErrorKind.ConfigInvalid,
      `${action}: ${context.cursorField ?? 'no field'} cannot be the cursor; set cursor_field to a date, time or number column`,
    )
  }
  const { name, notNull } = field.column
  const type = field.column.type.name
  const column = `t.${identifier(name)}`
  const value = (text: string): string => `${literal(text)}::${type}`
  const end = ENDLESS[type]
  const isTime = end === 'infinity'
  const unpositioned = [
    ...(notNull ? [] : [`${column} is null`]),
    ...(end ? [`${column} >= ${value(end)}`] : []),
  ]
  return {
    name,
    type,
    column,
    positioned: end ? `${column} < ${value(end)}` : `${column} is not null`,
    unpositioned: unpositioned.length === 0 ? undefined : unpositioned.join(' or '),
    value,
    before: (text, ms) =>
      isTime && ms > 0 ? `(${value(text)} - interval '${ms} milliseconds')::${type}` : value(text),
    isPlace: (text) => !text.startsWith('\\') && !/^1900-01-01( 00:00:00)?$/.test(text),
  }
}

/** Transactions between two reads after which ids can no longer be told apart. */
const MAX_SNAPSHOT_AGE = 1_000_000_000

/**
 * SQL that is true for rows written by transactions that had not all ended at `snapshot`; `true` where that cannot be known
 * (views, a snapshot of another server or too old). Subtransactions are covered: their ids are above their parent's.
 */
export async function newSince(reading: Reading, snapshot: string | undefined): Promise<string> {
  if (!reading.relation.hasVersions || snapshot === undefined) return 'true'
  const id = `'${BigInt(snapshot) & 0xffff_ffffn}'::xid`
  const [[age] = []] = await reading.leader.query('comparing snapshots', `select age(${id})`)
  if (Number(age) < 0 || Number(age) > MAX_SNAPSHOT_AGE) return 'true'
  return `age(t.xmin) between 0 and ${age}`
}

/** The oldest transaction that still runs, by which a later read tells new rows; undefined for views. */
export async function currentSnapshot({ leader, relation }: Reading): Promise<string | undefined> {
  if (!relation.hasVersions) return undefined
  const [[xmin] = []] = await leader.query(
    'noting the snapshot',
    'select txid_snapshot_xmin(txid_current_snapshot())',
  )
  return xmin ?? undefined
}
