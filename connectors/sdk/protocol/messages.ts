/** The messages of the Airbyte protocol that a source writes; casing and nesting are the protocol's own. */
import type { JsonObject, JsonSchema } from '../json.js'

export interface StreamDescriptor {
  readonly name: string
  readonly namespace?: string
}

export type AirbyteMessage =
  | { readonly type: 'SPEC'; readonly spec: AirbyteSpec }
  | {
      readonly type: 'CONNECTION_STATUS'
      readonly connectionStatus: { readonly status: 'SUCCEEDED' | 'FAILED'; readonly message?: string }
    }
  | { readonly type: 'CATALOG'; readonly catalog: { readonly streams: readonly AirbyteStream[] } }
  | { readonly type: 'RECORD'; readonly record: AirbyteRecord }
  | { readonly type: 'STATE'; readonly state: AirbyteState }
  | {
      readonly type: 'LOG'
      readonly log: { readonly level: 'INFO' | 'WARN' | 'DEBUG'; readonly message: string }
    }
  | { readonly type: 'TRACE'; readonly trace: AirbyteTrace }
  | {
      readonly type: 'CONTROL'
      readonly control: {
        readonly type: 'CONNECTOR_CONFIG'
        readonly emitted_at: number
        readonly connectorConfig: { readonly config: unknown }
      }
    }

interface AirbyteSpec {
  readonly protocol_version: '0.2.0'
  readonly documentationUrl?: string
  readonly connectionSpecification: JsonSchema
  readonly supportsIncremental: boolean
}

export interface AirbyteStream {
  readonly name: string
  readonly namespace?: string
  readonly json_schema: object
  readonly supported_sync_modes: readonly ('full_refresh' | 'incremental')[]
  readonly source_defined_cursor?: boolean
  readonly default_cursor_field?: readonly string[]
  readonly source_defined_primary_key?: readonly (readonly string[])[]
  readonly is_resumable?: boolean
}

interface AirbyteRecord {
  readonly stream: string
  readonly data: unknown
  readonly emitted_at: number
}

interface AirbyteState {
  readonly type: 'STREAM'
  readonly stream: { readonly stream_descriptor: StreamDescriptor; readonly stream_state: JsonObject }
  readonly sourceStats: { readonly recordCount: number }
}

type AirbyteTrace =
  | {
      readonly type: 'ERROR'
      readonly emitted_at: number
      readonly error: {
        readonly message: string
        readonly internal_message?: string
        readonly failure_type: 'system_error' | 'config_error' | 'transient_error'
        readonly stream_descriptor?: StreamDescriptor
      }
    }
  | {
      readonly type: 'STREAM_STATUS'
      readonly emitted_at: number
      readonly stream_status: {
        readonly stream_descriptor: StreamDescriptor
        readonly status: 'STARTED' | 'RUNNING' | 'COMPLETE' | 'INCOMPLETE'
        readonly reasons?: readonly {
          readonly type: 'RATE_LIMITED'
          readonly rate_limited: { readonly quota_reset: number }
        }[]
      }
    }
  | {
      readonly type: 'ESTIMATE'
      readonly emitted_at: number
      readonly estimate: {
        readonly name: string
        readonly type: 'STREAM'
        readonly row_estimate?: number
        readonly byte_estimate?: number
      }
    }

/** What a person or a platform chose from the catalogue (`--catalog`). */
export interface ConfiguredCatalog {
  readonly streams: readonly ConfiguredStream[]
}

export interface ConfiguredStream {
  readonly stream: { readonly name: string; readonly namespace?: string }
  readonly sync_mode: 'full_refresh' | 'incremental'
  readonly cursor_field?: readonly string[]
  readonly primary_key?: readonly (readonly string[])[]
  readonly destination_sync_mode?: string
}
