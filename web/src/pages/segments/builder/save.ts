/** Saving and publishing a segment, so that nobody's edit is lost. */
import { isMissing } from '../../../api/api-error.js'
import { api, take } from '../../../api/client.js'
import type { SegmentFile } from '../api.js'
import type { Definition } from '../model/definition.js'

/** The segment's draft as the server has it. */
export type SegmentDocument = Awaited<ReturnType<typeof readSegment>>

/** Reads the newest draft. @throws ApiError */
export function readSegment(id: string) {
  return take(api.GET('/api/v1/segments/{id}', { params: { path: { id } } }))
}

export interface SaveOptions {
  /** Of the draft that was opened; null: there is none. */
  readonly etag: string | null
  /** A file whose comments are kept. @default the draft that is there, or what is published */
  readonly text?: string | undefined
}

/**
 * Saves a definition as the draft.
 * @throws ApiError, for which `isConflict` says whether somebody else saved or deleted it meanwhile
 */
export function saveSegment(id: string, definition: Definition, { etag, text }: SaveOptions) {
  return take(
    api.PUT('/api/v1/segments/{id}', {
      params: { path: { id }, header: etag === null ? {} : { 'if-match': etag } },
      // The server says what is wrong with one that is none yet.
      body: { definition: definition as SegmentFile, ...(text !== undefined && { text }) },
    }),
  )
}

/**
 * Publishes the draft, or that it was deleted.
 * @param etag of the draft that the reader saw; null: that it was deleted
 * @throws ApiError, for which `isConflict` says whether it is another one by now
 */
export function publishSegment(id: string, etag: string | null) {
  return take(api.POST('/api/v1/segments/{id}/publish', { params: { path: { id } }, body: { etag } }))
}

/** Deletes the draft. @throws ApiError */
export function deleteSegment(id: string, etag: string) {
  return take(api.DELETE('/api/v1/segments/{id}', { params: { path: { id }, header: { 'if-match': etag } } }))
}

/** What became of a segment while somebody else had it open. */
export type Meanwhile =
  | { readonly kind: 'changed'; readonly theirs: SegmentDocument }
  | { readonly kind: 'deleted'; readonly id: string }

/** Looks what there is now. @throws ApiError where it cannot be read */
export async function lookMeanwhile(id: string): Promise<Meanwhile> {
  try {
    const theirs = await readSegment(id)
    return theirs.etag === null ? { kind: 'deleted', id } : { kind: 'changed', theirs }
  } catch (error) {
    if (isMissing(error)) return { kind: 'deleted', id }
    throw error
  }
}
