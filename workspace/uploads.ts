/**
 * Files that people send from their own computers, for sources that read `uploads/<folder>` of the workspace. A file comes in
 * pieces: none takes long, and a broken line costs one. It is there whole or not at all, and git is told to leave it alone.
 */
import { constants } from 'node:fs'
import { mkdir, open, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The folder of all of them, in the workspace's. */
export const UPLOADS = 'uploads'

/** The largest piece, bytes. */
export const MAX_PIECE_BYTES = 4 * 1024 * 1024

/** The largest file, bytes. More belongs into a database, a store or a shared folder. */
export const MAX_UPLOAD_BYTES = 2 * 1024 * 1024 * 1024

/** A name that no upload may have. */
export class UploadInvalid extends Error {
  override readonly name = 'UploadInvalid'
}

export class UploadTooLarge extends Error {
  override readonly name = 'UploadTooLarge'
}

/** A piece that does not follow what is there of its file. */
export class UploadBroken extends Error {
  override readonly name = 'UploadBroken'
}

/** There is no such file. */
export class UploadUnknown extends Error {
  override readonly name = 'UploadUnknown'
}

/** There is no room for it. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull'
}

/** Where a file is, or goes. */
export interface UploadPlace {
  /** Absolute: the workspace's. */
  readonly workspaceDir: string
  /** Of `uploads`: small letters, digits, `_` and `-`. */
  readonly folder: string
  readonly file: string
}

export interface UploadPiece {
  /** The same for all pieces of a file; another one for each time that it is sent. */
  readonly upload: string
  /** Bytes before it. */
  readonly at: number
  readonly bytes: Uint8Array
  /** The file is whole with it, and takes the place of one of its name. */
  readonly last: boolean
}

export interface UploadedFile {
  readonly name: string
  readonly bytes: number
  readonly changedAt: Date
}

/**
 * Takes one piece. Idempotent: a piece that came already may come again.
 * @returns how many bytes of the file are there
 * @throws UploadInvalid, UploadTooLarge, UploadBroken, DiskFull
 */
export async function takePiece(place: UploadPlace, piece: UploadPiece, now = new Date()): Promise<number> {
  const { upload, at, bytes, last } = piece
  const received = at + bytes.length
  assertNames(place)
  if (!/^[a-z0-9-]{8,64}$/.test(upload))
    throw new UploadInvalid(`${sending(place)}: its id is none; make one up`)
  // In the place of a file with rows it would take them all away.
  if (bytes.length === 0)
    throw new UploadInvalid(`${sending(place)}: it is empty; send a file that holds something`)
  if (received > MAX_UPLOAD_BYTES)
    throw new UploadTooLarge(
      `${sending(place)}: it is larger than ${MAX_UPLOAD_BYTES / 1024 ** 3} GiB; split it, or put it into a folder that the worker can read`,
    )
  const folder = await makeFolder(place)
  // Hidden: whoever reads the folder leaves it out.
  const part = path.join(folder, `.${upload}${PART}`)
  try {
    if (at === 0) await sweep(folder, now)
    await writeAt(part, place, piece)
    if (last) await rename(part, path.join(folder, place.file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    await rm(part, { force: true })
    throw new DiskFull(`${sending(place)}: the server's disk is full; make room there, then send it again`)
  }
  return received
}

/** By name; none where nothing was ever sent there. @throws UploadInvalid */
export async function listUploads(workspaceDir: string, folder: string): Promise<readonly UploadedFile[]> {
  assertFolder(folder)
  const directory = path.join(workspaceDir, UPLOADS, folder)
  const entries = await readdir(directory, { withFileTypes: true }).catch(ifMissing([]))
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
  const files = await Promise.all(
    names.sort().map(async (name) => {
      const found = await stat(path.join(directory, name)).catch(ifMissing(undefined))
      return found && { name, bytes: found.size, changedAt: found.mtime }
    }),
  )
  return files.filter((file) => file !== undefined)
}

/** Takes a file away; for a day {@link restoreUpload} can bring it back. @throws UploadInvalid, UploadUnknown */
export async function removeUpload(place: UploadPlace): Promise<void> {
  assertNames(place)
  await move(place, place.file, `.${place.file}${REMOVED}`)
}

/** Brings back what was taken away, unless there is a file of the name again. @throws UploadInvalid, UploadUnknown */
export async function restoreUpload(place: UploadPlace): Promise<void> {
  assertNames(place)
  const files = await listUploads(place.workspaceDir, place.folder)
  if (files.some(({ name }) => name === place.file)) return
  await move(place, `.${place.file}${REMOVED}`, place.file)
}

const PART = '.part'
const REMOVED = '.removed'
const KEPT_MS = 24 * 60 * 60 * 1000

/** Bytes that every file system takes as a name, with those of a removed file. */
const MAX_NAME_BYTES = 200

/** Names are text, in one folder, and not hidden. */
const FILE_NAME = /^[^\p{C}\p{Zl}\p{Zp}/\\.][^\p{C}\p{Zl}\p{Zp}/\\]*$/u

const sending = ({ folder, file }: UploadPlace): string => `sending ${file} to ${UPLOADS}/${folder}`

function assertFolder(folder: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(folder)) return
  throw new UploadInvalid(
    `looking into ${UPLOADS}: this is no name of a folder; use small letters, digits, _ and -`,
  )
}

function assertNames({ folder, file }: UploadPlace): void {
  assertFolder(folder)
  if (FILE_NAME.test(file) && Buffer.byteLength(file) <= MAX_NAME_BYTES) return
  throw new UploadInvalid(
    `sending a file to ${UPLOADS}/${folder}: its name is too long, hidden, or has signs that no file's name has; give it another one`,
  )
}

/** Makes the folder, which is where it seems to be: a link does not lead out of the workspace. */
async function makeFolder({ workspaceDir, folder }: UploadPlace): Promise<string> {
  const root = path.join(workspaceDir, UPLOADS)
  await mkdir(path.join(root, folder), { recursive: true })
  await writeFile(path.join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch(ifExists)
  const real = await realpath(path.join(root, folder))
  if (real === path.join(await realpath(workspaceDir), UPLOADS, folder)) return real
  throw new UploadInvalid(
    `sending a file to ${UPLOADS}/${folder}: the folder is a link to another place; put a folder there`,
  )
}

/** Where a piece is there already, it is written over with the same bytes. */
async function writeAt(part: string, place: UploadPlace, { at, bytes, last }: UploadPiece): Promise<void> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
  const handle = await open(part, O_RDWR | (at === 0 ? O_CREAT : 0) | O_NOFOLLOW, 0o600).catch(
    ifMissing(undefined),
  )
  try {
    if (handle === undefined || (await handle.stat()).size < at)
      throw new UploadBroken(`${sending(place)}: a piece is missing before byte ${at}; send the file again`)
    await handle.write(bytes, 0, bytes.length, at)
    if (!last) return
    await handle.truncate(at + bytes.length)
    await handle.sync()
  } finally {
    await handle?.close()
  }
}

/** What nobody goes on sending, or asked back, is given up. */
async function sweep(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('.') || !(name.endsWith(PART) || name.endsWith(REMOVED))) continue
    const file = path.join(folder, name)
    const found = await stat(file).catch(ifMissing(undefined))
    // To take it away changed its name, and not its content.
    if (found && now.getTime() - found.ctimeMs > KEPT_MS) await rm(file, { force: true })
  }
}

async function move({ workspaceDir, folder, file }: UploadPlace, from: string, to: string): Promise<void> {
  const directory = path.join(workspaceDir, UPLOADS, folder)
  try {
    await rename(path.join(directory, from), path.join(directory, to))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new UploadUnknown(`finding ${file} in ${UPLOADS}/${folder}: there is no such file; look again`)
  }
}

const isCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isCode(error, 'ENOENT')) return value
    throw error
  }
}

function ifExists(error: unknown): void {
  if (!isCode(error, 'EEXIST')) throw error
}
