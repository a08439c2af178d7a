/** Saving and publishing an activation, so that nobody's edit is lost. */
import { isConflict } from '../../../api/api-error.js'
import { api, take } from '../../../api/client.js'
import type { Kept } from '../../../ui/draft/use-draft.js'
import type { ActivationFile } from '../api.js'
import type { Definition } from '../model/definition.js'

/** Reads the newest draft. @throws ApiError */
export async function readActivation(id: string): Promise<Kept<Definition>> {
  return keptOf(await take(api.GET('/api/v1/activations/{id}', { params: { path: { id } } })))
}

/** Saves the draft. @param etag of the one that was opened @throws ApiError EtagMismatch where somebody else saved meanwhile */
export async function saveActivation(id: string, definition: Definition, etag: string | null) {
  const written = await take(
    api.PUT('/api/v1/activations/{id}', {
      params: { path: { id }, header: etag === null ? {} : { 'if-match': etag } },
      // The server says what is wrong with one that is none yet.
      body: { definition: definition as ActivationFile },
    }),
  )
  return keptOf(written)
}

/** Saves a new one; a name that somebody took meanwhile stays theirs. @throws Error in words */
export async function saveNewActivation(id: string, definition: Definition): Promise<Kept<Definition>> {
  try {
    return await saveActivation(id, definition, null)
  } catch (error) {
    if (!isConflict(error)) throw error
    throw new Error(`Somebody took the name ${id} meanwhile. Give yours another name; nothing is lost.`)
  }
}

/** Publishes the draft, or that it was deleted; drafts of others stay drafts. @throws ApiError */
export function publishActivation(id: string) {
  return take(api.POST('/api/v1/activations/{id}/publish', { params: { path: { id } }, body: {} }))
}

/** Deletes the draft. @throws ApiError */
export function deleteActivation(id: string, etag: string) {
  return take(
    api.DELETE('/api/v1/activations/{id}', { params: { path: { id }, header: { 'if-match': etag } } }),
  )
}

function keptOf(document: {
  readonly etag: string | null
  readonly definition: ActivationFile | null
}): Kept<Definition> {
  if (document.definition === null)
    throw new Error('The file has errors now: somebody edited it by hand. Look at the file, then try again.')
  return { etag: document.etag, definition: document.definition as Definition }
}
