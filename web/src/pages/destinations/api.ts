/** What this area asks the API for. */
import { api, take } from '../../api/client.js'
import type { components } from '../../api/schema.js'

type Schemas = components['schemas']

export type ListedDestination = Schemas['ListedDestination']
export type DestinationFile = Schemas['DestinationFile']
export type DiscoveredObject = Schemas['DiscoveredObject']

const of = (id: string) => ({ path: { id } })

/** The draft, or what is published where there is no draft any more; its secrets as references. */
export const readDestination = (id: string) => take(api.GET('/api/v1/destinations/{id}', { params: of(id) }))

export type DestinationDocument = Awaited<ReturnType<typeof readDestination>>

/** Writes the draft; secrets that were typed are kept. @throws ApiError EtagMismatch where somebody else changed it meanwhile */
export const saveDestination = (id: string, definition: DestinationFile, etag: string | null) =>
  take(
    api.PUT('/api/v1/destinations/{id}', {
      params: { ...of(id), header: etag === null ? {} : { 'if-match': etag } },
      body: { definition },
    }),
  )

/** Publishes the draft, or that it was deleted; drafts of others stay drafts. */
export const publishDestination = (id: string) =>
  take(api.POST('/api/v1/destinations/{id}/publish', { params: of(id), body: {} }))

/** Deletes the draft. @throws ApiError EtagMismatch */
export const deleteDestination = (id: string, etag: string) =>
  take(api.DELETE('/api/v1/destinations/{id}', { params: { ...of(id), header: { 'if-match': etag } } }))
