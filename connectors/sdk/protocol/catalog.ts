/** Our streams as Airbyte's, and what a configured catalogue asks of them. */
import { nearestName } from '@tributary/schemas'
import type { ReadContext, StreamDefinition } from '../contract.js'
import { ConnectorError, ConnectorErrorKind } from '../errors.js'
import type { JsonObject } from '../json.js'
import type { AirbyteStream, ConfiguredStream } from './messages.js'

export function toAirbyteStream<Config>(stream: StreamDefinition<Config>): AirbyteStream {
  const { cursor, primaryKey } = stream
  const field = cursor?.field ?? cursor?.candidates?.[0]
  return {
    name: stream.name,
    json_schema: { $schema: 'http://json-schema.org/draft-07/schema#', ...stream.schema },
    supported_sync_modes: cursor ? ['full_refresh', 'incremental'] : ['full_refresh'],
    ...(cursor
      ? { source_defined_cursor: cursor.field !== undefined || cursor.candidates === undefined }
      : {}),
    ...(field === undefined ? {} : { default_cursor_field: [field] }),
    ...(primaryKey ? { source_defined_primary_key: primaryKey.map((key) => [key]) } : {}),
    is_resumable: stream.resumable !== false,
  }
}

/** The stream that a configured one names. @throws ConnectorError ConfigInvalid with the nearest name. */
export function streamFor<Config>(
  streams: readonly StreamDefinition<Config>[],
  { stream }: ConfiguredStream,
): StreamDefinition<Config> {
  const found = streams.find(({ name }) => name === stream.name)
  if (found) return found
  const nearest = nearestName(
    stream.name,
    streams.map(({ name }) => name),
  )
  throw new ConnectorError(
    ConnectorErrorKind.ConfigInvalid,
    `reading ${stream.name}: there is no such stream${nearest ? `, did you mean ${nearest}?` : ''}; discover the source again`,
  )
}

/** How a configured stream is read, beyond the connector's context. */
export function readParameters<Config>(
  stream: StreamDefinition<Config>,
  configured: ConfiguredStream,
  state: JsonObject | undefined,
): Omit<
  ReadContext<Config>,
  'config' | 'signal' | 'log' | 'secrets' | 'http' | 'connect' | 'resolvePath' | 'scratchDirectory'
> {
  const incremental = configured.sync_mode === 'incremental'
  const cursorField = stream.cursor?.field ?? configured.cursor_field?.[0] ?? stream.cursor?.candidates?.[0]
  if (incremental && stream.cursor === undefined) {
    throw new ConnectorError(
      ConnectorErrorKind.ConfigInvalid,
      `reading ${stream.name}: it has no cursor, so it cannot be read incrementally; choose full_refresh`,
    )
  }
  return {
    syncMode: incremental ? 'incremental' : 'full_refresh',
    destinationSyncMode: destinationMode(configured.destination_sync_mode),
    primaryKey: stream.primaryKey ?? configured.primary_key?.flatMap((path) => path.slice(0, 1)) ?? [],
    lookbackMs: 0,
    fields: Object.keys(stream.schema.properties),
    path: 'rows',
    ...(state === undefined ? {} : { state }),
    ...(incremental && cursorField !== undefined ? { cursorField } : {}),
  }
}

function destinationMode(mode: string | undefined): ReadContext<unknown>['destinationSyncMode'] {
  return mode === 'overwrite' || mode === 'append_dedup' ? mode : 'append'
}
