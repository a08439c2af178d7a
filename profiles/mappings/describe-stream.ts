/** What a mapping has to know of a stream: its columns and its key, as they stand in the warehouse. */
import { sourceIdProblem } from '@tributary/schemas'
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { standing } from '../../warehouse/tables/set-aside.js'
import type { TableColumn } from '../../warehouse/tables/stream-table.js'
import { isReservedName } from '../../warehouse/types/reserved-names.js'

export interface StreamDescription {
  readonly source: string
  readonly stream: string
  readonly columns: readonly TableColumn[]
  /** Columns that identify a row; empty where none are known. */
  readonly key: readonly string[]
  /** One row a key is kept (append_dedup), under this key. */
  readonly keyed: boolean
  /** The stream is being read anew into other tables; people see those that were set aside. */
  readonly aside: boolean
}

/** Splits `source.stream` at its first dot. */
export function splitStream(name: string): { readonly source: string; readonly stream: string } {
  const dot = name.indexOf('.')
  return { source: name.slice(0, dot), stream: name.slice(dot + 1) }
}

/**
 * True where a database can be that of a source. The product's own and those of the server are none, and whoever may look at
 * streams reads nothing there.
 */
export function isSourceDatabase(name: string): boolean {
  return sourceIdProblem(name) === undefined
}

/**
 * Reads a stream (`source.stream`); undefined where the warehouse has nothing of it yet. What others keep in the same server
 * is no stream: it has no rows of loads beside it.
 */
export async function describeStream(
  warehouse: Warehouse,
  name: string,
): Promise<StreamDescription | undefined> {
  const { source, stream } = splitStream(name)
  if (!isSourceDatabase(source)) return undefined
  const tables = await selectRow<{ view: number; loaded: number; current: string[]; rows: string[] }>(
    warehouse,
    `SELECT toUInt8(countIf(name = {stream:String})) AS view,
      toUInt8(countIf(name IN (concat({stream:String}, '__rows'), concat({stream:String}, '__rows__aside'))) > 0) AS loaded,
      groupArrayIf(sorting_key, name = concat({stream:String}, '__current')) AS current,
      groupArrayIf(sorting_key, name = concat({stream:String}, '__rows')) AS rows
     FROM system.tables WHERE database = {source:String}`,
    { source, stream },
  )
  if (tables === undefined || tables.view === 0 || tables.loaded === 0) return undefined
  const columns = await selectRows<TableColumn>(
    warehouse,
    `SELECT name, type FROM system.columns
     WHERE database = {source:String} AND table = {stream:String} ORDER BY position`,
    { source, stream },
  )
  const own = columns.filter((column) => !isReservedName(column.name))
  return {
    source,
    stream,
    columns: own,
    key: keyColumns(tables.current[0] ?? tables.rows[0] ?? '', own),
    keyed: tables.current.length > 0,
    aside: (await standing(warehouse, { source, stream })) !== 'own',
  }
}

/** A sorting key that is made of plain columns; anything else is an order, not a key. */
function keyColumns(sortingKey: string, columns: readonly TableColumn[]): string[] {
  const byText = new Map(
    columns.flatMap(({ name }) => [
      [name, name],
      [`\`${name.replace(/[\\`]/g, '\\$&')}\``, name],
    ]),
  )
  // Engines differ in when they put a key in parentheses.
  const bare = sortingKey.replace(/^\((.*)\)$/s, '$1')
  const parts = bare.match(/`(?:[^`\\]|\\.)*`|[^,\s][^,]*/g) ?? []
  const names = parts.map((part) => byText.get(part.trim()))
  return names.every((name) => name !== undefined) ? names : []
}
