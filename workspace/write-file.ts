/**
 * Writes one file of a workspace so that nobody's edit is lost: only where it still is what the writer has seen, whole or
 * not at all, known names only, and never outside of the folder.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { withFileLock } from '../runtime/file-lock.js'
import { isKnownFile, MAX_FILE_BYTES } from './files.js'

/** Names the content of a file. */
export function etagOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** The name of no kind of file that a workspace has. */
export class FileNameInvalid extends Error {
  override readonly name = 'FileNameInvalid'
}

/** The text is larger than a file of a workspace may be. */
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge'
}

/** Somebody else changed the file meanwhile: nothing was written. */
export class EtagMismatch extends Error {
  override readonly name = 'EtagMismatch'
  constructor(
    readonly file: string,
    /** As it is now; undefined: it is gone. */
    readonly current: { readonly text: string; readonly etag: string } | undefined,
  ) {
    const what = current ? 'it was changed meanwhile' : 'it was deleted meanwhile'
    super(`${file}: ${what}; compare with what it is now, then do it again`)
  }
  /** For whoever has to decide what to do about it. */
  get details(): {
    readonly file: string
    readonly current: { readonly text: string; readonly etag: string } | null
  } {
    return { file: this.file, current: this.current ?? null }
  }
}

/**
 * Writes or, with null, deletes a file that still has this etag.
 * @param expected null: there must be no such file
 * @throws FileNameInvalid, FileTooLarge, EtagMismatch
 */
export async function writeWorkspaceFile(
  directory: string,
  file: string,
  text: string | null,
  expected: string | null,
): Promise<void> {
  assertWritable(file, text)
  const target = await targetOf(directory, file)
  await withFileLock(path.join(directory, '.tributary', 'files.lock'), async () => {
    const current = await readIfExists(target)
    if ((current === undefined ? null : etagOf(current)) !== expected) {
      throw new EtagMismatch(
        file,
        current === undefined ? undefined : { text: current, etag: etagOf(current) },
      )
    }
    if (text === null) return rm(target, { force: true })
    // Beside the target, so that renaming replaces it in one step; no name that is read as a file of the workspace.
    const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.tmp`)
    try {
      await writeFile(temporary, text)
      await rename(temporary, target)
    } finally {
      await rm(temporary, { force: true })
    }
  })
}

/** Bytes that every file system takes as a name, with those of the temporary file's own. */
const MAX_NAME_BYTES = 200

function assertWritable(file: string, text: string | null): void {
  if (!isKnownFile(file) || Buffer.byteLength(path.basename(file)) > MAX_NAME_BYTES) {
    throw new FileNameInvalid(
      `writing ${file}: a workspace has no such file; write tributary.yaml, identity.yaml, traits.yaml, or <id>.yaml in sources/, mappings/, segments/, destinations/ or activations/`,
    )
  }
  if (text !== null && Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw new FileTooLarge(`writing ${file}: it is larger than ${MAX_FILE_BYTES} bytes; split it`)
  }
}

/** Where the file really is: a link is followed, but not out of the workspace. */
async function targetOf(directory: string, file: string): Promise<string> {
  const root = await realpath(directory)
  const folder = path.join(root, path.dirname(file))
  await mkdir(folder, { recursive: true })
  const inFolder = path.join(await realpath(folder), path.basename(file))
  const target = await realpath(inFolder).catch(() => inFolder)
  if (target.startsWith(`${root}${path.sep}`)) return target
  throw new FileNameInvalid(
    `writing ${file}: it is a link that leaves the workspace; copy the file into the workspace`,
  )
}

async function readIfExists(target: string): Promise<string | undefined> {
  try {
    return await readFile(target, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
