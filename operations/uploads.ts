/** Files that people send from their own computers, for sources that read them from the workspace. */
import {
  listUploads,
  removeUpload,
  restoreUpload,
  takePiece,
  type UploadPiece,
} from '../workspace/uploads.js'
import type { OperationContext } from './context.js'

export { MAX_PIECE_BYTES } from '../workspace/uploads.js'

type FilesContext = Pick<OperationContext, 'workspaceDir'>

/** Which file, of the folder `uploads` of the workspace. */
export interface Upload {
  readonly folder: string
  readonly file: string
}

/** JSON-safe. */
export interface UploadLine {
  readonly name: string
  readonly bytes: number
  /** ISO 8601. */
  readonly changedAt: string
}

/** What was sent to a folder, by name. @throws UploadInvalid */
export async function showUploads(
  { workspaceDir }: FilesContext,
  folder: string,
): Promise<readonly UploadLine[]> {
  const files = await listUploads(workspaceDir, folder)
  return files.map(({ changedAt, ...file }) => ({ ...file, changedAt: changedAt.toISOString() }))
}

/** Takes one piece of a file. Idempotent. @throws UploadInvalid, UploadTooLarge, UploadBroken, DiskFull */
export async function sendUpload(
  { workspaceDir }: FilesContext,
  upload: Upload,
  piece: UploadPiece,
): Promise<{ readonly received: number }> {
  return { received: await takePiece({ workspaceDir, ...upload }, piece) }
}

/** @throws UploadInvalid, UploadUnknown */
export async function takeUploadAway({ workspaceDir }: FilesContext, upload: Upload): Promise<void> {
  await removeUpload({ workspaceDir, ...upload })
}

/** Takes the removal back. @throws UploadInvalid, UploadUnknown */
export async function bringUploadBack({ workspaceDir }: FilesContext, upload: Upload): Promise<void> {
  await restoreUpload({ workspaceDir, ...upload })
}
