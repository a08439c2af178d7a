/** Brings a workspace file back byte for byte, with an engineer's comments: for who may write files as they are. */
import { api, take } from './client.js'

/** @throws ApiError, also where there is such a file again */
export function restoreFile({ path, text }: { readonly path: string; readonly text: string }) {
  return take(api.PUT('/api/v1/workspace/files/{path}', { params: { path: { path } }, body: { text } }))
}
