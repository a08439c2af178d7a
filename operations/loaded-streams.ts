/** What a source has brought into the warehouse: its streams, their columns, and some rows of one. */

import { describeStream, isSourceDatabase } from '../profiles/mappings/describe-stream.js'
import { kindOfType } from '../profiles/mappings/value-of-type.js'
import { selectRows } from '../warehouse/query.js'
import { latestRevision } from '../warehouse/revisions.js'
import { streamView } from '../warehouse/tables/stream-table.js'
import { quoteIdentifier } from '../warehouse/types/identifiers.js'
import { isReservedName } from '../warehouse/types/reserved-names.js'
import { openWorkspace } from '../workspace/workspace.js'
import type { OperationContext } from './context.js'
import { StreamUnknown } from './sources.js'

type WarehouseContext = Pick<OperationContext, 'warehouse'>

export interface LoadedColumn {
  readonly name: string
  /** ClickHouse type. */
  readonly type: string
  /** What its values are to people. */
  readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'list'
}

export interface LoadedStream {
  readonly name: string
  readonly columns: readonly LoadedColumn[]
  /** Published mappings that read it. */
  readonly mappings: readonly string[]
}

/** By name; empty before the first sync. */
export async function loadedStreams(
  { warehouse: open }: WarehouseContext,
  source: string,
): Promise<readonly LoadedStream[]> {
  if (!isSourceDatabase(source)) return []
  const warehouse = await open()
  const [found, latest] = await Promise.all([
    selectRows<{ stream: string; columns: readonly (readonly [string, string])[] }>(
      warehouse,
      `SELECT table AS stream, arrayMap(c -> (c.2, c.3), arraySort(groupArray((position, name, type)))) AS columns
       FROM system.columns WHERE database = {source:String} AND table IN (
         SELECT replaceRegexpOne(name, '__rows(__aside)?$', '') FROM system.tables
         WHERE database = {source:String} AND match(name, '__rows(__aside)?$'))
       GROUP BY table ORDER BY table`,
      { source },
    ),
    latestRevision(warehouse),
  ])
  const mappings = latest ? openWorkspace(latest.files).mappings : []
  return found.map(({ stream, columns }) => ({
    name: stream,
    columns: columns
      .filter(([name]) => !isReservedName(name))
      .map(([name, type]) => ({ name, type, kind: kindOfType(type) })),
    mappings: mappings
      .filter(({ definition }) => definition.stream === `${source}.${stream}`)
      .map(({ id }) => id),
  }))
}

export interface LoadedRows {
  readonly stream: string
  readonly columns: readonly LoadedColumn[]
  /** Values as text, in the order of the columns; null where there is none. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Long values are cut: a look, no copy. */
const MAX_CHARACTERS = 500

/** Some rows of a stream, in no order. @throws StreamUnknown */
export async function sampleRows(
  { warehouse: open }: WarehouseContext,
  source: string,
  stream: string,
  limit = 20,
): Promise<LoadedRows> {
  const warehouse = await open()
  const description = await describeStream(warehouse, `${source}.${stream}`)
  if (!description) {
    throw new StreamUnknown(`reading rows of ${source}.${stream}: nothing of it is loaded; sync the source`)
  }
  const values = description.columns.map(
    ({ name }) => `substringUTF8(toString(${quoteIdentifier(name)}), 1, ${MAX_CHARACTERS})`,
  )
  const found = await selectRows<{ row: readonly (string | null)[] }>(
    warehouse,
    `SELECT CAST([${values.join(', ')}], 'Array(Nullable(String))') AS row
     FROM ${streamView(description)} LIMIT {limit:UInt32}`,
    { limit },
  )
  return {
    stream,
    columns: description.columns.map(({ name, type }) => ({ name, type, kind: kindOfType(type) })),
    rows: found.map(({ row }) => row),
  }
}
