/** What this area asks the API for. */
import { api, take } from '../../api/client.js'
import type { components } from '../../api/schema.js'
import type { Config } from '../../ui/connector/api.js'

type Schemas = components['schemas']

export type SourceLine = Schemas['SourceLine']
export type SourceFile = Schemas['SourceFile']
export type DiscoveredStream = Schemas['DiscoveredStream']
export type LoadedStream = Schemas['LoadedStream']

/** A source's draft as it was read. */
export interface SourceDraft {
  readonly id: string
  readonly etag: string | null
  readonly definition: SourceFile | null
  readonly text: string
}

/** The streams of a source that nobody kept yet. */
export async function discoverConfig(connector: string, id: string, config: Config) {
  const { discovered } = await take(
    api.POST('/api/v1/connectors/{name}/discover', {
      params: { path: { name: connector } },
      body: { id, config },
    }),
  )
  return streamsIn(discovered)
}

/** The streams of a source, asked with its draft. */
export async function discoverSource(id: string) {
  return streamsIn(await take(api.POST('/api/v1/sources/{id}/discover', { params: { path: { id } } })))
}

/** Writes the draft. @throws ApiError EtagMismatch where somebody else changed it meanwhile */
export function saveSource(id: string, definition: SourceFile, etag: string | null) {
  return take(
    api.PUT('/api/v1/sources/{id}', {
      params: { path: { id }, header: etag === null ? {} : { 'if-match': etag } },
      body: { definition },
    }),
  )
}

/** Publishes the draft; drafts of others stay drafts. */
export function publishSource(id: string) {
  return take(api.POST('/api/v1/sources/{id}/publish', { params: { path: { id } }, body: {} }))
}

/** Keeps the schedule from starting anything, or lets it start again. */
export function setPaused(id: string, isPaused: boolean) {
  return take(
    isPaused
      ? api.POST('/api/v1/sources/{id}/pause', { params: { path: { id } }, body: {} })
      : api.POST('/api/v1/sources/{id}/resume', { params: { path: { id } } }),
  )
}

function streamsIn(discovered: Schemas['Discovered']) {
  const streams = discovered.kind === 'source' ? discovered.streams : []
  return { streams, warnings: discovered.warnings }
}
