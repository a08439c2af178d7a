/** Saving and publishing a segment, so that nobody's edit is lost. */
import { ApiError } from '../../../api/api-error.js'
import { api, take } from '../../../api/client.js'
import type { SegmentFile } from '../api.js'
import type { Definition } from '../model/definition.js'

/** The segment's draft as the server has it. */
export type SegmentDocument = Awaited<ReturnType<typeof readSegment>>

/** Reads the newest draft. @throws ApiError */
export function readSegment(id: string) {
  return take(api.GET('/api/v1/segments/{id}', { params: { path: { id } } }))
}

/**
 * Saves a definition as the draft.
 * @param etag of the draft that was opened; null: there is none yet
 * @throws ApiError, for which {@link isConflict} says whether somebody else saved meanwhile
 */
export function saveSegment(id: string, definition: Definition, etag: string | null) {
  return take(
    api.PUT('/api/v1/segments/{id}', {
      params: { path: { id }, header: etag === null ? {} : { 'if-match': etag } },
      // The server says what is wrong with one that is none yet.
      body: { definition: definition as SegmentFile },
    }),
  )
}

/** Publishes the draft, or that it was deleted. @throws ApiError */
export function publishSegment(id: string) {
  return take(api.POST('/api/v1/segments/{id}/publish', { params: { path: { id } }, body: {} }))
}

/** Deletes the draft. @throws ApiError */
export function deleteSegment(id: string, etag: string) {
  return take(api.DELETE('/api/v1/segments/{id}', { params: { path: { id }, header: { 'if-match': etag } } }))
}

/** True where somebody else saved, or took the name, since this was opened. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.name === 'EtagMismatch'
}
