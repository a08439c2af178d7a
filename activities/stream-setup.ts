/** From a stream as the source describes it and the settings that a person wrote, to what a load needs. Pure. */
import type { SourceFile, Stream } from '@tributary/schemas'
import { isGlob, parseDuration } from '@tributary/schemas'
import {
  type Projection,
  type ProjectionInput,
  planProjection,
} from '../warehouse/projection/plan-projection.js'
import type { StreamTable } from '../warehouse/tables/stream-table.js'
import type { SchemaContract } from '../warehouse/types/schema-change.js'
import type { StreamPlan } from '../workflows/contract.js'
import { streamEntry } from '../workspace/workspace.js'
import type { SourceStream } from './catalog.js'
import { configInvalid } from './failures.js'

type SchemaChange = NonNullable<ProjectionInput['change']>

export interface StreamSetup {
  readonly stream: SourceStream
  readonly plan: StreamPlan
  readonly table: StreamTable
  readonly rows: Projection
  readonly blocks: Projection
  readonly exactBlocks: Projection
  readonly contract: SchemaContract
  /** By source names. */
  readonly primaryKey: readonly string[]
  readonly cursorField?: string
  readonly lookbackMs: number
  /** Blocks cannot be used: some values have no column or may not fit theirs, and must be looked at one by one. */
  readonly rowsOnly: boolean
  /** Undeclared fields of records are kept beside the row, unless a person chose the fields. */
  readonly keepsUnknown: boolean
  /** Fields that must not stand in clear anywhere: excluded and hashed ones. */
  readonly withheld: readonly string[]
  /** Fields to ask of the source, in the schema's order. */
  readonly fields: readonly string[]
  readonly entry: Stream
}

/** The same stream over its tables as they are, under what the schema's contract leaves to the loader. */
export function onTable(setup: StreamSetup, table: StreamTable, change: SchemaChange): StreamSetup {
  if (change.restrict.length === 0 && change.discard.length === 0) return { ...setup, table }
  const projections = planProjections(setup.entry, setup.stream, setup.primaryKey, setup.cursorField, change)
  // Fields without a column are asked for all the same: their values are kept aside, or their rows rejected.
  return { ...setup, ...projections, table, rowsOnly: true }
}

/** The settings of one stream, or undefined where the source file does not ask for it. */
export function streamPlan(definition: SourceFile, stream: SourceStream): StreamPlan | undefined {
  const entry = streamEntry(definition, stream.name)
  return (
    entry && {
      name: stream.name,
      syncMode: entry.sync_mode,
      destinationSyncMode: entry.destination_sync_mode,
      resumable: stream.resumable ?? true,
    }
  )
}

/** Throws ConfigInvalid naming what the settings and the stream disagree on; what a stream says that cannot be read. */
export function setUpStream(source: string, definition: SourceFile, stream: SourceStream): StreamSetup {
  const entry = streamEntry(definition, stream.name)
  const plan = streamPlan(definition, stream)
  if (entry === undefined || plan === undefined) {
    throw configInvalid(
      `opening ${source}.${stream.name}: sources/${source}.yaml has no entry that matches it`,
    )
  }
  if (stream.unreadable !== undefined) throw stream.unreadable
  const primaryKey = entry.primary_key ?? stream.primaryKey ?? []
  const cursorField = entry.cursor_field ?? stream.cursor?.field
  const where = `sources/${source}.yaml, stream ${stream.name}`
  const ownPosition = stream.cursor !== undefined && stream.cursor.candidates === undefined
  if (plan.syncMode === 'incremental' && cursorField === undefined && !ownPosition) {
    throw configInvalid(`${where}: incremental needs a cursor_field${candidates(stream)}`)
  }
  if (plan.destinationSyncMode === 'append_dedup' && primaryKey.length === 0) {
    throw configInvalid(`${where}: append_dedup needs a primary_key; the source names none for this stream`)
  }
  const projections = planProjections(entry, stream, primaryKey, cursorField)
  const problem = projections.rows.problems[0]
  if (problem !== undefined)
    throw configInvalid(`${where}: ${JSON.stringify(problem.path)} ${problem.message}; ${problem.remedy}`)
  return {
    stream,
    plan,
    ...projections,
    table: streamTable(source, stream.name, entry, projections.rows, primaryKey),
    contract: entry.schema_change ?? 'evolve',
    primaryKey,
    ...(cursorField !== undefined && { cursorField }),
    lookbackMs: lookbackMs(entry, stream),
    rowsOnly: false,
    fields: projections.rows.input.map(({ field }) => field),
    keepsUnknown: entry.fields?.include === undefined || entry.fields.include.includes('*'),
    withheld: [...projections.rows.excluded, ...(entry.fields?.hash ?? [])],
    entry,
  }
}

function planProjections(
  entry: Stream,
  stream: SourceStream,
  primaryKey: readonly string[],
  cursorField: string | undefined,
  change?: SchemaChange,
): Pick<StreamSetup, 'rows' | 'blocks' | 'exactBlocks'> {
  const settings = {
    shared: isGlob(entry.name),
    ...(change && { change }),
    schema: stream.schema,
    primaryKey,
    ...(cursorField !== undefined && { cursorField }),
    ...(entry.fields && { fields: entry.fields }),
    ...(entry.where && { where: entry.where }),
  }
  return {
    rows: planProjection({ ...settings, path: 'rows' }),
    blocks: planProjection({ ...settings, path: 'blocks' }),
    exactBlocks: planProjection({ ...settings, path: 'blocks', exactTypes: true }),
  }
}

function streamTable(
  source: string,
  stream: string,
  entry: Stream,
  projection: Projection,
  primaryKey: readonly string[],
): StreamTable {
  const column = (field: string) => entry.fields?.rename?.[field] ?? field
  return {
    source,
    stream,
    columns: projection.columns.map(({ name, type }) => ({ name, type })),
    key: primaryKey.map(column),
    keyed: entry.destination_sync_mode === 'append_dedup',
    ...(entry.table?.order_by && { orderBy: entry.table.order_by.map(column) }),
    ...(entry.table?.partition_by && { partitionBy: entry.table.partition_by }),
    ...(entry.table?.ttl && { ttl: entry.table.ttl }),
    ...(entry.table?.codecs && { codecs: entry.table.codecs }),
  }
}

/** Repeated rows are repaired by key only, so other modes never look back. */
function lookbackMs(entry: Stream, stream: SourceStream): number {
  if (entry.destination_sync_mode !== 'append_dedup' || entry.sync_mode !== 'incremental') return 0
  if (entry.lookback !== undefined) return parseDuration(entry.lookback)
  return stream.cursor?.lookback === undefined ? 0 : isoDurationMs(stream.cursor.lookback)
}

/** ISO 8601 durations of fixed length, as connectors declare them: `PT5M`, `P1DT12H`. */
export function isoDurationMs(text: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text)
  if (match === null) throw configInvalid(`reading the duration ${text}: write it like PT5M`)
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}

function candidates(stream: SourceStream): string {
  const names = stream.cursor?.candidates ?? []
  return names.length === 0 ? '; the source offers none, use full_refresh' : `, one of ${names.join(', ')}`
}
